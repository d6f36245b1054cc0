"""Error pages: what happened and what to do next, in the visitor's language."""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from oim.channels.http.client_faults import handle_client_faults
from oim.channels.http.responses import STATUSES, retry_headers
from oim.channels.web.pages import PageContext, create_page_context
from oim.channels.web.security import safe_next_path
from oim.channels.web.statuses import status_of
from oim.features.opportunities import OFFER_NOT_FOUND
from oim.kit.errors import OimError, SignInError
from oim.kit.i18n import mark

_SERVER_ERROR_HEADING = mark("Something went wrong on our side")
_HEADINGS = {
    400: mark("This cannot be read"),
    401: mark("Please sign in"),
    403: mark("Form refused"),
    404: mark("Not found"),
    405: mark("Not found"),
    409: mark("This cannot be done now"),
    413: mark("This is too long"),
    429: mark("Too often"),
    503: mark("Please try again in a moment"),
}

_TRY_LATER = mark("Wait a minute, then try again. Nothing you did caused this.")
_ADVICE = {
    400: mark("Go back and check what you entered, or start again from the first page."),
    401: mark("You will come back here afterwards."),
    403: mark("Open the search page here and fill in the form again."),
    404: mark("The address may be mistyped, or the offer withdrawn. New offers come every day."),
    405: mark("The address may be mistyped, or the offer withdrawn. New offers come every day."),
    409: mark("Go back, read what is there now, and try again."),
    413: mark("Go back, shorten what you wrote, then send it again."),
    429: mark("This keeps OIM open to everybody. Wait, then try again."),
}
# Advice for one message, preferred to the advice for its status: most 404s are mistyped addresses, but an
# offer that is gone may have been a fraud.
_ADVICE_BY_MESSAGE = {
    OFFER_NOT_FOUND: mark(
        "It may have ended, or be looked into because something in it warns. If anybody asked you for money "
        "for it, do not pay and do not answer. New offers come every day."
    )
}


def add_error_handlers(app: FastAPI) -> None:
    """Register handlers that answer every error of an application with a page."""
    handle_client_faults(app)
    app.exception_handler(OimError)(_handle_oim_error)
    app.exception_handler(HTTPException)(_handle_http_error)
    app.exception_handler(RequestValidationError)(_handle_invalid_request)
    app.exception_handler(Exception)(_handle_unexpected_error)


def _handle_oim_error(request: Request, error: OimError) -> HTMLResponse:
    response = _render_error(request, status_of(error), error.message, error.values)
    response.headers.update(retry_headers(error))
    return response


def _handle_http_error(request: Request, error: HTTPException) -> HTMLResponse:
    # No message of Starlette reaches the page: they are in English, and a 405 reads like a 404 here.
    return _render_error(request, error.status_code, mark("There is no page at this address."), {})


def _handle_invalid_request(request: Request, error: RequestValidationError) -> HTMLResponse:
    """Answer a request that FastAPI cannot validate: 404 for a part of the path, 400 for the query."""
    # `loc` says where the first wrong value stood: ("path", "id_") or ("query", "after").
    if error.errors()[0]["loc"][0] == "path":
        return _render_error(request, 404, mark("There is no page at this address."), {})
    return _render_error(request, 400, mark("What you sent is not understood."), {})


def _handle_unexpected_error(request: Request, _error: Exception) -> HTMLResponse:
    # Nothing of the exception is shown: it may hold personal data or tell how the server works.
    return _render_error(request, 500, mark("This page could not be made."), {})


def _sign_in_url(request: Request, page: PageContext) -> str:
    """The URL of the sign-in page, which leads back to the requested page afterwards.

    Only a GET has a page to come back to: what a form carried is lost, and its path may show nothing.
    """
    path = request.url.path
    full_path = f"{path}?{request.url.query}" if request.url.query else path
    # A query that `safe_next_path` refuses is dropped; the page itself may be safe all the same.
    next_path = (safe_next_path(full_path) or safe_next_path(path)) if request.method == "GET" else None
    # Staff sign in on a page of their own, with another form.
    sign_in_path = f"/{page.t.language}/" + ("staff/sign-in" if "/staff" in path else "sign-in")
    return f"{sign_in_path}?{urlencode({'next': next_path})}" if next_path else sign_in_path


def _render_error(request: Request, status: int, message: str, values: dict[str, object]) -> HTMLResponse:
    """Render the error page. `message` is a msgid, filled with `values`."""
    page = create_page_context(request)
    return page.render(
        "error.html",
        status,
        sign_in_url=_sign_in_url(request, page) if status == STATUSES[SignInError] else None,
        heading=page.t(_HEADINGS.get(status, _SERVER_ERROR_HEADING)),
        message=page.t(message, **values),
        advice=page.t(_ADVICE_BY_MESSAGE.get(message) or _ADVICE.get(status, _TRY_LATER)),
    )
