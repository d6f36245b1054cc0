"""Redirects to a publisher's site: no link carries an address, and no link can be forged.

A link names an offer and a list. Its signature covers the address that the offer had when it was shown, so a
link goes nowhere else; the address itself is always read from the offer.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import quote, urlsplit, urlunsplit
from uuid import UUID

from oim.features import events, opportunities
from oim.features.access import Action, Actor, Role, permit
from oim.features.applications.access import application_subject
from oim.features.applications.feedback import count_application
from oim.features.applications.outcomes import schedule_questions
from oim.features.applications.store import find_or_create_id, get_or_create_locked, set_stage
from oim.features.applications.types import Route, Stage
from oim.features.opportunities import Opportunity, Trust, WayKind, is_clear_page
from oim.kit.crypto import Vault
from oim.kit.db import WriteSession
from oim.kit.errors import NotFoundError
from oim.kit.i18n import mark

_PURPOSE = "redirect"
_DEFAULT_PORTS = {"http": 80, "https": 443}
# Two labels at least, the last one a word: no address in numbers, no name of an inner machine.
_HOST = re.compile(r"(?=.{4,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
_INVISIBLE = re.compile(r"[\x00-\x20\x7f\\]|[^\S ]")  # what browsers drop, or read as something else
_UNQUOTED = "/:@!$&'()*+,;=-._~%?[]"  # of a path or query (RFC 3986), `%` as it may be quoted already


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a link leads: its host in full, as the browser will reach it."""

    host: str  # in ASCII, with the port where it is not the usual one
    url: str
    trust: Trust  # in the offer


def sign_redirect(vault: Vault, offer: UUID, url: str, list_id: UUID | None) -> str:
    """The signature of a link to an offer's own page, shown in a list of recommendations or in none."""
    return vault.sign(*_signed_parts(offer, url, list_id))


def check_redirect(vault: Vault, signature: str, offer: UUID, url: str, list_id: UUID | None) -> None:
    """Check a link's signature. Raises NotFoundError if it is forged, or the address changed."""
    if not vault.is_valid_signature(signature, *_signed_parts(offer, url, list_id)):
        raise NotFoundError(
            mark("This link does not lead anywhere, or not any more. Open the offer again and start from it.")
        )


def parse_destination(opportunity: Opportunity) -> Destination:
    """Where an offer's own page is. Raises NotFoundError where it has none that is safe to open."""
    pages = (way.value for way in opportunity.ways if way.kind is WayKind.LINK)
    url = next(pages, "")
    no_page = NotFoundError(mark("This offer has no page of its own that can be opened."))
    try:
        parts = urlsplit(url)
        name, port = parts.hostname, parts.port
        host = (name or "").rstrip(".").encode("idna").decode().lower()
    except ValueError:  # of an address that nobody can read; UnicodeError is one too
        raise no_page from None
    # `user@host` shows one name and leads to another; control characters make browsers read another address.
    is_safe = parts.scheme in _DEFAULT_PORTS and "@" not in parts.netloc and not _INVISIBLE.search(url)
    if not (is_safe and _HOST.fullmatch(host)):
        raise no_page
    host_and_port = host if port in (None, _DEFAULT_PORTS[parts.scheme]) else f"{host}:{port}"
    path, query, fragment = (
        quote(part, safe=_UNQUOTED) for part in (parts.path, parts.query, parts.fragment)
    )
    whole = urlunsplit((parts.scheme, host_and_port, path or "/", query, fragment))
    if not is_clear_page(whole):  # once more, as the browser will reach it
        raise no_page
    return Destination(host_and_port, whole, opportunity.trust)


def _signed_parts(offer: UUID, url: str, list_id: UUID | None) -> tuple[str, ...]:
    return _PURPOSE, str(offer), sha256(url.encode("utf-8", "replace")).hexdigest(), str(list_id or "")


def record_redirect(session: WriteSession, actor: Actor, offer: UUID, list_id: UUID | None) -> None:
    """Record that somebody leaves for an offer's own page, as an application with the route REDIRECTED.

    An application sent here stays as it is. Raises NotFoundError.
    """
    opportunity = opportunities.get(session, offer)
    if actor.role is not Role.PERSON or actor.id is None:
        # A visitor without an account, or staff: what they do is not an application.
        _report_redirect(session, offer, list_id)
        return
    id_ = find_or_create_id(session, actor.id, offer)
    permit(session, actor, Action.CHANGE, application_subject(id_, actor.id), what="redirected")
    row, is_new = get_or_create_locked(session, id_, actor.id, opportunity, Route.REDIRECTED)
    is_repeated = row.route == Route.REDIRECTED.value and row.stage == Stage.WITHDRAWN.value
    if not (is_new or is_repeated):
        _report_redirect(session, offer, list_id)
        return
    events.record_act(session, events.Redirected(opportunity_id=offer, list_id=list_id), actor.id)
    row.list_id = list_id or row.list_id
    set_stage(session, row, Stage.SENT, actor.role)
    schedule_questions(session, row.id, actor.id)
    if is_new:
        count_application(session, row, actor.id)


def record_way_opened(
    session: WriteSession, actor: Actor, offer: UUID, list_id: UUID | None, kind: WayKind
) -> None:
    """Record that somebody opened a way to answer an offer: whether they then called is not known."""
    if actor.role is Role.PERSON and actor.id is not None:
        act = events.WayOpened.model_validate(
            {"opportunity_id": offer, "list_id": list_id, "way": kind.value}
        )
        events.record_act(session, act, actor.id)
    elif list_id is not None:
        with suppress(NotFoundError):  # a list that was not recorded teaches nothing
            events.record_offer_event(session, events.EventKind.WAY_OPENED, list_id, offer, way=kind.value)


def _report_redirect(session: WriteSession, offer: UUID, list_id: UUID | None) -> None:
    """Record for the ranker that a list led to an offer's own page, once."""
    if list_id is not None:
        with suppress(NotFoundError):  # a list that was not recorded teaches nothing
            events.record_offer_event(session, events.EventKind.REDIRECTED, list_id, offer)
