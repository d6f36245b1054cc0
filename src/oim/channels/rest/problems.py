"""Errors as `application/problem+json` (RFC 9457), in the caller's language."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from oim.channels.rest.language import translator_of
from oim.kit.errors import (
    BadInputError,
    ConflictError,
    NotFoundError,
    OimError,
    SignInError,
    TooManyError,
    UnavailableError,
)
from oim.kit.i18n import Translator, mark
from oim.kit.telemetry import logger

STATUSES: dict[type[OimError], int] = {
    BadInputError: 422,
    NotFoundError: 404,
    ConflictError: 409,
    SignInError: 401,
    TooManyError: 429,
    UnavailableError: 503,
}
NAME = "Problem"
_TEXT = {"type": "string"}
SCHEMA = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": _TEXT,
        "title": _TEXT,
        "status": {"type": "integer"},
        "detail": _TEXT,
        "errors": {
            "type": "array",
            "items": {"type": "object", "properties": {"field": _TEXT, "message": _TEXT}},
        },
    },
}
_TITLES = {
    400: mark("The request cannot be read"),
    401: mark("Sign in first"),
    404: mark("There is nothing here"),
    405: mark("This method is not allowed here"),
    409: mark("This contradicts what is there"),
    429: mark("Too many requests: wait, then try again"),
    413: mark("The request is larger than 1 MB"),
    422: mark("Something in the request cannot be used"),
    500: mark("Something went wrong on our side"),
    503: mark("Not available now: try again in a moment"),
}
_FAULTS = {
    "missing": mark("This field is required."),
    "extra_forbidden": mark("This field is not known."),
    "enum": mark("This is not one of the accepted values: %(expected)s."),
    "literal_error": mark("This is not one of the accepted values: %(expected)s."),
    "string_too_long": mark("This text is too long: %(max_length)s characters at most."),
    "too_long": mark("This list is too long: %(max_length)s items at most."),
    "greater_than_equal": mark("This must be at least %(ge)s."),
    "less_than_equal": mark("This must be at most %(le)s."),
    "int_parsing": mark("This must be a whole number."),
    "int_type": mark("This must be a whole number."),
    "int_from_float": mark("This must be a whole number."),
    "string_type": mark("This must be text."),
    "list_type": mark("This must be a list."),
    "model_attributes_type": mark("This must be a JSON object, sent as application/json."),
    "uuid_parsing": mark("This is not an identifier."),
    "json_invalid": mark("This is not valid JSON."),
}
_MEDIA_TYPE = "application/problem+json"
_UNUSABLE = mark("This value cannot be used.")
_MOST_FAULTS = 20  # told at once: a body may hold a hundred thousand
_LONGEST_FIELD = 100  # characters of a field's name: it may be the caller's


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """These problems as the documentation of a route shows them."""
    content = {_MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{NAME}"}}}
    return {status: {"description": _TITLES[status], "content": content} for status in statuses}


def told(
    summary: str, *problems: int, status: int = 200, model: type[BaseModel] | None = None
) -> dict[str, Any]:
    """How a route is documented; any may refuse what is asked, find it too often, or be away."""
    described: dict[str, Any] = {
        "summary": summary,
        "status_code": status,
        "responses": documented(*sorted({*problems, 422, 429, 503})),
    }
    return described | ({"response_model": model} if model else {})


def sent(summary: str) -> dict[str, Any]:
    """How a route that answers with a file, to who is signed in, is documented."""
    content = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
    described = told(summary, 401, 404)
    described["responses"][200] = {"description": "The file", "content": content}
    return described | {"response_class": Response}


def register(app: FastAPI) -> None:
    """Have every error of an application answered as a problem."""
    app.add_exception_handler(OimError, _known)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unknown)


def _known(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, OimError):
        raise error
    t = translator_of(request)
    detail = t(error.message, **error.values)
    faults = []
    if isinstance(error, BadInputError) and error.field:
        faults = [{"field": error.field, "message": detail}]
    answer = _problem(t, STATUSES.get(type(error), 500), error.code, detail, faults)
    if isinstance(error, TooManyError):
        answer.headers["Retry-After"] = str(error.wait)
    if isinstance(error, SignInError):
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _invalid(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, RequestValidationError):
        raise error
    t = translator_of(request)
    told = error.errors()[:_MOST_FAULTS]
    faults = [{"field": _field(fault), "message": _fault(t, fault)} for fault in told]
    return _problem(t, 422, BadInputError.code, faults[0]["message"], faults)


def _field(fault: dict[str, Any]) -> str:
    """Its path (`kinds.0`), or `body` for the whole of it. What cannot be written as UTF-8 is replaced.

    In a query one name may stand several times, and which of them is at fault shows.
    """
    where, *path = fault["loc"]
    path = path[:1] if where == "query" else path
    if fault["type"] == "json_invalid" or not path:
        return str(where)
    name = ".".join(map(str, path))[:_LONGEST_FIELD]
    return name.encode("utf-8", "replace").decode()


def _fault(t: Translator, fault: dict[str, Any]) -> str:
    values = fault.get("ctx", {})
    if "expected" in values:  # pydantic joins the last two with an English word
        values = {"expected": values["expected"].replace(" or ", ", ")}
    return t(_FAULTS.get(fault["type"], _UNUSABLE), **values)


def _http(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        raise error
    t = translator_of(request)
    title = t(_TITLES.get(error.status_code, _TITLES[400]))
    answer = _problem(t, error.status_code, f"http-{error.status_code}", title, [])
    answer.headers.update(error.headers or {})
    return answer


def _unknown(request: Request, error: Exception) -> JSONResponse:
    logger(__name__).error(
        "unexpected", error=type(error).__name__, route=getattr(request.scope.get("route"), "path", "other")
    )
    t = translator_of(request)
    return _problem(t, 500, "error", t(_TITLES[500]), [])


def _problem(
    t: Translator, status: int, code: str, detail: str, faults: list[dict[str, str]]
) -> JSONResponse:
    body: dict[str, Any] = {
        "type": f"urn:oim:problem:{code}",
        "title": t(_TITLES.get(status, _TITLES[500])),
        "status": status,
        "detail": detail,
    }
    if faults:
        body["errors"] = faults
    return JSONResponse(
        body,
        status_code=status,
        media_type=_MEDIA_TYPE,
        headers={"Content-Language": t.language, "Cache-Control": "no-store"},
    )
