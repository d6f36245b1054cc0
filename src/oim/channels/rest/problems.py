"""Errors as `application/problem+json` (RFC 9457), in the caller's language."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from oim.channels.http.responses import STATUSES
from oim.channels.rest.dependencies import get_translator
from oim.kit.errors import (
    BadInputError,
    OimError,
    SignInError,
    TooManyError,
)
from oim.kit.i18n import Translator, mark
from oim.kit.telemetry import logger

PROBLEM_STATUSES: dict[type[OimError], int] = {BadInputError: 422, **STATUSES}
SCHEMA_NAME = "Problem"
_TEXT = {"type": "string"}
PROBLEM_SCHEMA = {
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
_FIELD_MESSAGES = {
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
_DEFAULT_FIELD_MESSAGE = mark("This value cannot be used.")
_MAX_FIELD_ERRORS = 20  # told at once: a body may hold a hundred thousand
_MAX_FIELD_NAME = 100  # characters of a field's name: it may be the caller's


def describe_problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """These problems as the documentation of a route shows them."""
    content = {_MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{SCHEMA_NAME}"}}}
    return {status: {"description": _TITLES[status], "content": content} for status in statuses}


def describe(
    summary: str, *problems: int, status: int = 200, model: type[BaseModel] | None = None
) -> dict[str, Any]:
    """How a route is documented; any may refuse what is asked, find it too often, or be away."""
    described: dict[str, Any] = {
        "summary": summary,
        "status_code": status,
        "responses": describe_problems(*sorted({*problems, 422, 429, 503})),
    }
    return described | ({"response_model": model} if model else {})


def describe_file(summary: str) -> dict[str, Any]:
    """How a route that answers with a file, to who is signed in, is documented."""
    content = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
    described = describe(summary, 401, 404)
    described["responses"][200] = {"description": "The file", "content": content}
    return described | {"response_class": Response}


def add_error_handlers(app: FastAPI) -> None:
    """Have every error of an application answered as a problem."""
    app.add_exception_handler(OimError, _handle_oim_error)
    app.add_exception_handler(RequestValidationError, _handle_invalid_request)
    app.add_exception_handler(HTTPException, _handle_http_error)
    app.add_exception_handler(Exception, _handle_unexpected_error)


def _handle_oim_error(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, OimError):
        raise error
    t = get_translator(request)
    detail = t(error.message, **error.values)
    faults = []
    if isinstance(error, BadInputError) and error.field:
        faults = [{"field": error.field, "message": detail}]
    status = PROBLEM_STATUSES.get(type(error), 500)
    answer = _problem_response(t, status, error.code, detail, faults)
    if isinstance(error, TooManyError):
        answer.headers["Retry-After"] = str(error.wait)
    if isinstance(error, SignInError):
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _handle_invalid_request(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, RequestValidationError):
        raise error
    t = get_translator(request)
    told = error.errors()[:_MAX_FIELD_ERRORS]
    faults = [{"field": _field_path(fault), "message": _field_message(t, fault)} for fault in told]
    return _problem_response(t, 422, BadInputError.code, faults[0]["message"], faults)


def _field_path(error: dict[str, Any]) -> str:
    """Its path (`kinds.0`), or `body` for the whole of it. What cannot be written as UTF-8 is replaced.

    In a query one name may stand several times, and which of them is at fault shows.
    """
    where, *path = error["loc"]
    path = path[:1] if where == "query" else path
    if error["type"] == "json_invalid" or not path:
        return str(where)
    name = ".".join(map(str, path))[:_MAX_FIELD_NAME]
    return name.encode("utf-8", "replace").decode()


def _field_message(t: Translator, error: dict[str, Any]) -> str:
    values = error.get("ctx", {})
    if "expected" in values:  # pydantic joins the last two with an English word
        values = {"expected": values["expected"].replace(" or ", ", ")}
    return t(_FIELD_MESSAGES.get(error["type"], _DEFAULT_FIELD_MESSAGE), **values)


def _handle_http_error(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        raise error
    t = get_translator(request)
    title = t(_TITLES.get(error.status_code, _TITLES[400]))
    answer = _problem_response(t, error.status_code, f"http-{error.status_code}", title, [])
    answer.headers.update(error.headers or {})
    return answer


def _handle_unexpected_error(request: Request, error: Exception) -> JSONResponse:
    logger(__name__).error(
        "unexpected", error=type(error).__name__, route=getattr(request.scope.get("route"), "path", "other")
    )
    t = get_translator(request)
    return _problem_response(t, 500, "error", t(_TITLES[500]), [])


def _problem_response(
    t: Translator, status: int, code: str, detail: str, field_errors: list[dict[str, str]]
) -> JSONResponse:
    body: dict[str, Any] = {
        "type": f"urn:oim:problem:{code}",
        "title": t(_TITLES.get(status, _TITLES[500])),
        "status": status,
        "detail": detail,
    }
    if field_errors:
        body["errors"] = field_errors
    return JSONResponse(
        body,
        status_code=status,
        media_type=_MEDIA_TYPE,
        headers={"Content-Language": t.language, "Cache-Control": "no-store"},
    )
