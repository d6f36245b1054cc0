"""Error pages: what happened and what to do next, in the visitor's language.

They lose nothing of what was typed: a form whose session timed out is kept until its writer is signed in
again, and any other comes back on the page of the error, to be sent once more.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from oim.channels.http.client_faults import handle_client_faults
from oim.channels.http.responses import STATUSES, retry_headers
from oim.channels.http.services import Services
from oim.channels.web.authentication import get_actor
from oim.channels.web.drafts import DRAFT_QUERY, find_draft
from oim.channels.web.pages import create_page_context
from oim.channels.web.security import build_sign_in_url, is_same_origin, read_typed_fields, safe_next_path
from oim.channels.web.statuses import status_of
from oim.channels.web.unsent_forms import (
    find_form_page,
    find_own_page,
    keep_unsent_form,
    set_unsent_cookie,
    without_secrets,
)
from oim.features.access import Role
from oim.features.opportunities import OFFER_NOT_FOUND
from oim.features.staff import USED_INVITATION
from oim.kit.errors import NotFoundError, OimError, SignInError
from oim.kit.fields import FormFields
from oim.kit.i18n import mark

KEPT_MESSAGE = mark(
    "Some time has passed, and the sign-in has ended. What was just written is kept for 30 minutes, for the "
    "person who was signed in here. If that is you, sign in, and you find it again. Nobody else can read it."
)
STILL_HERE_MESSAGE = mark(
    "The sign-in has ended on this telephone. What you wrote is below: sign in from here, and you find it "
    "again."
)
HIDDEN_FIELDS = ("next", "list")  # what a form sends beside what somebody wrote
_SERVER_ERROR_HEADING = mark("Something went wrong on our side")
_HEADINGS = {
    400: mark("We could not read this"),
    401: mark("Please sign in"),
    403: mark("This form was not accepted"),
    404: mark("Not found"),
    405: mark("Not found"),
    409: mark("This cannot be done now"),
    413: mark("This is too long"),
    429: mark("Too often"),
    503: mark("Please try again in a moment"),
}

NOT_THERE = (404, 405)
_TRY_LATER = mark("Wait a minute, then try again. Nothing you did caused this.")
_ADVICE = {
    400: mark("Go back and check what you entered, or start again from the first page."),
    401: mark("You will come back here afterwards."),
    403: mark("Open the search page here and fill in the form again."),
    404: mark("The address may be mistyped, or the offer withdrawn. New offers come every day."),
    405: mark("The address may be mistyped, or the offer withdrawn. New offers come every day."),
    409: mark("Go back, read what is there now, and try again."),
    413: mark("Go back, shorten what you wrote, then send it again."),
    429: mark("This keeps OIM working for everybody. Wait a little, then try again."),
}
# Advice for one message, preferred to the advice for its status: most 404s are mistyped addresses, but an
# offer that is gone may have been a fraud.
_ADVICE_BY_MESSAGE = {
    OFFER_NOT_FOUND: mark(
        "It may have ended, or we are checking it because something in it worries us. If anybody asked "
        "you for money for it, do not pay and do not answer. New offers come every day."
    ),
    USED_INVITATION: mark("If you have set your account up already, sign in. Else ask who invited you."),
}
_STAFF_ADVICE = mark("The address may be mistyped, or what was here is gone.")


@dataclass(frozen=True, slots=True)
class SignInLinks:
    """Where an error page leads to sign in, and where it has what was typed kept meanwhile, if it can be."""

    url: str
    keep_url: str | None


def add_error_handlers(app: FastAPI) -> None:
    """Register handlers that answer every error of an application with a page."""
    handle_client_faults(app)
    app.exception_handler(OimError)(_handle_oim_error)
    app.exception_handler(HTTPException)(_handle_http_error)
    app.exception_handler(RequestValidationError)(_handle_invalid_request)
    app.exception_handler(Exception)(_handle_unexpected_error)


async def _handle_oim_error(request: Request, error: OimError) -> HTMLResponse:
    fields = await _read_fields(request)
    if isinstance(error, NotFoundError):
        await _find_visitor(request)
    response = await run_in_threadpool(_render_oim_error, request, error, fields)
    response.headers.update(retry_headers(error))
    return response


def _render_oim_error(request: Request, error: OimError, fields: FormFields) -> HTMLResponse:
    status = status_of(error)
    # A page to come back to is one of ours that a browser can open; a path of a form may not be.
    if status != STATUSES[SignInError]:
        return _render_error(request, status, error.message, error.values, fields)
    services: Services = request.app.state.services
    form_page = find_form_page(request) if request.method == "POST" else None
    if find_draft(request) is not None:
        form_page = find_own_page(request)
    unsent = keep_unsent_form(request, services, fields, form_page) if fields and form_page else None
    is_shown = bool(fields) and not unsent
    response = _render_error(
        request,
        status,
        KEPT_MESSAGE if unsent else STILL_HERE_MESSAGE if is_shown and form_page else error.message,
        error.values,
        fields if is_shown else {},
        SignInLinks(
            _sign_in_url(request, form_page),
            _build_keep_url(request, form_page) if is_shown and form_page else None,
        ),
    )
    if unsent:
        set_unsent_cookie(response, unsent)
    return response


async def _find_visitor(request: Request) -> None:
    """Find who asks for what is not there, where no route has: their header is the one of their other pages.

    Other errors go without: the session store may be what failed.
    """
    await get_actor(request, request.app.state.services)


async def _read_fields(request: Request) -> FormFields:
    """Read what was typed into the form that a request sent; nothing of a file, which is chosen again.

    What another site had the browser send is not shown: it could say anything in our name. Asked here, for
    every handler: where no route fits, nothing has refused the form yet.
    """
    draft = find_draft(request)
    if draft is not None:
        return draft
    # Other bodies than forms of text are not read: a file may have any size.
    is_form = request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
    is_ours = request.method == "POST" and is_form and is_same_origin(request)
    return await read_typed_fields(request) if is_ours else {}


async def _handle_http_error(request: Request, error: HTTPException) -> HTMLResponse:
    # No message of Starlette reaches the page: they are in English, and a 405 reads like a 404 here.
    fields = await _read_fields(request)
    await _find_visitor(request)
    return _render_error(request, error.status_code, mark("There is no page at this address."), {}, fields)


async def _handle_invalid_request(request: Request, error: RequestValidationError) -> HTMLResponse:
    """Answer a request that FastAPI cannot validate: 404 for a part of the path, 400 for the query."""
    # `loc` says where the first wrong value stood: ("path", "id_") or ("query", "after").
    if error.errors()[0]["loc"][0] == "path":
        fields = await _read_fields(request)
        await _find_visitor(request)
        return _render_error(request, 404, mark("There is no page at this address."), {}, fields)
    return _render_error(request, 400, mark("We did not understand what you sent."), {}, {})


def _handle_unexpected_error(request: Request, _error: Exception) -> HTMLResponse:
    # Nothing of the exception is shown: it may hold personal data or tell how the server works.
    # The fields as they were read before, if they were: this handler comes too late to read any.
    fields = getattr(request.state, "form", {})
    return _render_error(request, 500, mark("This page could not be made."), {}, fields)


def _sign_in_url(request: Request, form_page: str | None) -> str:
    """The URL of the sign-in page, which leads back to the requested page afterwards, or to the form's."""
    path = request.url.path
    full_path = f"{path}?{request.url.query}" if request.url.query else path
    # A query that `safe_next_path` refuses is dropped; the page itself may be safe all the same.
    next_path = (safe_next_path(full_path) or safe_next_path(path)) if request.method == "GET" else form_page
    return build_sign_in_url(create_page_context(request).t.language, path, next_path)


def _render_error(
    request: Request,
    status: int,
    message: str,
    values: dict[str, object],
    fields: FormFields,
    sign_in: SignInLinks | None = None,
) -> HTMLResponse:
    """Render the error page. `message` is a msgid, filled with `values`; `fields`: what was typed."""
    page = create_page_context(request)
    is_for_staff = "/staff/" in request.url.path and page.actor.role is not Role.PERSON
    advice = _STAFF_ADVICE if is_for_staff and status in NOT_THERE else _ADVICE.get(status, _TRY_LATER)
    return page.render(
        "error.html",
        status,
        parent=None,  # a page that does not exist lies below none
        sign_in_url=sign_in and sign_in.url,
        keep_url=sign_in and sign_in.keep_url,
        heading=page.t(_HEADINGS.get(status, _SERVER_ERROR_HEADING)),
        message=page.t(message, **values),
        advice=page.t(_ADVICE_BY_MESSAGE.get(message) or advice),
        is_for_staff=is_for_staff,
        typed=_build_typed_fields(fields),
        action=_own_address(request),
    )


def _build_keep_url(request: Request, form_page: str) -> str:
    """Build the address to which what was typed is sent to be kept until its writer has signed in."""
    language = create_page_context(request).t.language
    return f"/{language}/unsent-form/keep?{urlencode({'page': form_page, 'action': request.url.path})}"


def _own_address(request: Request) -> str:
    """The address of a request as a link: what was typed is sent there again."""
    query = DRAFT_QUERY if find_draft(request) is not None else request.url.query
    return f"{request.url.path}?{query}" if query else request.url.path


def _build_typed_fields(fields: FormFields) -> list[tuple[str, str, bool]]:
    """List what was typed, to be sent again: name, value, and whether it is a text that somebody wrote."""
    return [
        (name, value, name not in HIDDEN_FIELDS and any(letter.isspace() for letter in value))
        for name, values in without_secrets(fields).items()
        for value in values
    ]
