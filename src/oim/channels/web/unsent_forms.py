"""What was typed into a form whose session had timed out: kept for a while, and given back when asked for.

The fields lie in Valkey, sealed, under a hash of a number that only the browser has. Once whoever was signed
in before has signed in again, the page that the form was on asks whether it was them: on a shared telephone
somebody else may have typed on the page that was left open. Only then is it filled in. To others of the
telephone it never is. What has no known owner, as after signing out, is not kept: the answer itself shows it
once more, and its writer may have it kept for who signs in next.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import urlsplit

from fastapi import Request, Response
from starlette.routing import Match

from oim.channels.http.costs import spend_points
from oim.channels.http.requests import client_address
from oim.channels.http.services import Services
from oim.channels.web.cookies import delete_cookie, set_cookie
from oim.channels.web.form import Form
from oim.channels.web.security import SESSION_COOKIE, UNSENT_COOKIE, safe_next_path
from oim.features.access import Actor
from oim.kit.clock import now
from oim.kit.errors import TooManyError, UnavailableError
from oim.kit.fields import FormFields

UNSENT_LIFETIME = timedelta(minutes=30)
BYTES_PER_POINT = 64  # so one network address can keep some megabytes in ten minutes
ANYBODY = ""  # the owner of what its writer had kept after signing out: who signs in next
_SECRET_WORDS = ("pin", "password", "old")  # with which a part of a name begins: `name_pin`


@dataclass(frozen=True, slots=True)
class UnsentForm:
    """A form that was not sent: whose session it was, where it goes, from which page, what and when.

    `is_claimed`: whoever is signed in has said that they typed it.
    """

    owner: str
    action: str
    page: str
    fields: FormFields
    typed_at: datetime
    is_claimed: bool = False


def without_secrets(fields: FormFields) -> FormFields:
    """The fields without PINs and passwords."""
    return {
        name: values
        for name, values in fields.items()
        if not any(part.startswith(_SECRET_WORDS) for part in name.split("_"))
    }


def find_form_page(request: Request) -> str | None:
    """Find the page that a form was on: the one that sent it, else the nearest above its path."""
    referer = urlsplit(request.headers.get("referer", ""))
    sender = f"{referer.path}?{referer.query}" if referer.query else referer.path
    for candidate in (sender, referer.path) if referer.netloc == request.headers.get("host") else ():
        if safe_next_path(candidate) and _is_page(request, referer.path):
            return candidate
    own = f"{request.url.path}?{request.url.query}"
    if request.url.query and safe_next_path(own) and _is_page(request, request.url.path):
        return own
    return find_own_page(request)


def find_own_page(request: Request) -> str | None:
    """Find the page at the path of a request: that one, else the nearest above; None where there is none."""
    path: str = request.scope["path"]
    while path.count("/") > 1:
        if safe_next_path(path) and _is_page(request, path):
            return path
        path = path.rpartition("/")[0]
    return None


def _is_page(request: Request, path: str) -> bool:
    """Whether a browser can open this path: not every path that takes a form can."""
    scope = {**request.scope, "method": "GET", "path": path}
    return any(route.matches(scope)[0] is Match.FULL for route in request.app.router.routes)


def keep_unsent_form(request: Request, services: Services, fields: FormFields, page: str) -> str | None:
    """Keep the fields of a form whose session timed out. Returns what the browser needs to get them back.

    None where it is not known whose session it was, or they cannot be kept: then the answer has to show them.
    """
    try:
        owner = services.sign_in.sessions.find_owner(request.cookies.get(SESSION_COOKIE, ""))
    except UnavailableError:
        return None
    if owner is None:
        return None
    return _keep(request, services, _make_unsent(str(owner), request.url.path, page, fields))


def keep_for_next(
    request: Request, services: Services, fields: FormFields, page: str, action: str
) -> str | None:
    """Keep the fields for whoever signs in next on this browser, as the writer asks who signs in now.

    Returns what the browser needs to get them back; None where they cannot be kept.
    """
    return _keep(request, services, _make_unsent(ANYBODY, action, page, fields))


def _make_unsent(owner: str, action: str, page: str, fields: FormFields) -> UnsentForm:
    return UnsentForm(owner, action, urlsplit(page).path, without_secrets(fields), now())


def _keep(request: Request, services: Services, form: UnsentForm) -> str | None:
    """Keep a form under a new number, which only the browser gets; None where it cannot be kept."""
    content, token = _dump(form), secrets.token_urlsafe(16)
    try:
        spend_points(services, None, client_address(request), 1 + len(content) // BYTES_PER_POINT)
        sealed = services.database.vault.seal(content, _context(token))
        with services.sign_in.cache.commands() as valkey:
            valkey.set(_key(token), sealed, ex=int(UNSENT_LIFETIME.total_seconds()))
    except (UnavailableError, TooManyError):
        return None
    return token


def set_unsent_cookie(response: Response, token: str) -> None:
    """Give the browser what it needs to get a form back."""
    set_cookie(response, UNSENT_COOKIE, token, UNSENT_LIFETIME)


def forget_unsent_form(request: Request, response: Response, actor: Actor) -> None:
    """Have the browser forget a form that was kept, once somebody who is signed in has sent one."""
    if UNSENT_COOKIE in request.cookies and actor.id is not None and request.method == "POST":
        delete_cookie(response, UNSENT_COOKIE)


def load_unsent_form(request: Request, services: Services, actor: Actor) -> UnsentForm | None:
    """Load what was typed on this very page when the visitor's session had timed out, if anything was."""
    if request.method != "GET":
        return None
    try:
        form = _load(request, services, actor)
    except UnavailableError:
        return None
    return form if form is not None and form.page == request.url.path else None


def claim_unsent_form(request: Request, services: Services, actor: Actor) -> None:
    """Note that the visitor says they typed what was kept: its page is filled in from now on."""
    form = _load(request, services, actor)
    if form is None:
        return
    token = request.cookies[UNSENT_COOKIE]
    sealed = services.database.vault.seal(_dump(replace(form, is_claimed=True)), _context(token))
    with services.sign_in.cache.commands() as valkey:
        # `xx`, `keepttl`: what has ended meanwhile stays so, and nothing is kept for longer.
        valkey.set(_key(token), sealed, xx=True, keepttl=True)


def delete_unsent_form(request: Request, services: Services, actor: Actor) -> None:
    """Delete what was kept, since whoever is signed in has not typed it."""
    if _load(request, services, actor) is not None:
        with services.sign_in.cache.commands() as valkey:
            valkey.delete(_key(request.cookies[UNSENT_COOKIE]))


def _load(request: Request, services: Services, actor: Actor) -> UnsentForm | None:
    """Load what was kept of this browser, if it was in the visitor's session. Raises UnavailableError."""
    token = request.cookies.get(UNSENT_COOKIE)
    if not token or actor.id is None:
        return None
    with services.sign_in.cache.commands() as valkey:
        sealed = valkey.get(_key(token))
    if sealed is None:
        return None
    values = json.loads(services.database.vault.open(sealed, _context(token)))
    if not isinstance(values, dict):  # kept by an earlier version, half an hour ago at most
        return None
    form = UnsentForm(**{**values, "typed_at": datetime.fromisoformat(values["typed_at"])})
    return form if form.owner in (ANYBODY, str(actor.id)) else None


def _dump(form: UnsentForm) -> bytes:
    return json.dumps(asdict(form), default=str).encode()


def refill(form: Form, unsent: UnsentForm) -> Form:
    """The form as it was typed. Of a page with several forms the others stay as they are."""
    # A page with one form is the path that this is sent to: a box that was unticked there is not in it.
    other_fields = {} if unsent.action == unsent.page else form.fields
    return replace(form, fields={**other_fields, **unsent.fields})


def _key(token: str) -> str:
    """The key in Valkey: a hash, so that whoever reads it there cannot ask for the form."""
    return f"unsent:{sha256(token.encode()).hexdigest()}"


def _context(token: str) -> str:
    return f"unsent-form:{token}"
