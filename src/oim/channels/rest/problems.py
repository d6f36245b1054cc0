"""Errors as `application/problem+json` (RFC 9457), in the caller's language, and their documentation.

`describe` documents a route together with the problems that it may answer.
"""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from oim.channels.http.client_faults import handle_client_faults
from oim.channels.http.responses import STATUSES, retry_headers
from oim.channels.http.security_headers import API_HEADERS
from oim.channels.rest.dependencies import get_translator
from oim.channels.wording import render_error
from oim.kit.errors import (
    BadInputError,
    OimError,
    SignInError,
)
from oim.kit.i18n import Translator, mark
from oim.kit.telemetry import logger

# Unlike a form, an API call with bad input is understood but unusable: 422. A class stands before its base.
PROBLEM_STATUSES: dict[type[OimError], int] = {**STATUSES, BadInputError: 422}
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
# By HTTP status; translated for each answer, and shown in English in the documentation.
_TITLES = {
    400: mark("The request cannot be read"),
    401: mark("Sign in first"),
    404: mark("There is nothing here"),
    405: mark("This method is not allowed here"),
    409: mark("This contradicts what is there"),
    429: mark("Too many requests: wait, then try again"),
    413: mark("The request is too large"),
    422: mark("Something in the request cannot be used"),
    500: mark("Something went wrong on our side"),
    503: mark("Not available now: try again in a moment"),
}
# What else to say to an error of the framework, where there is something to do about it.
_DETAILS = {413: mark("What you sent is larger than 1 MB. Send less at a time.")}
# By pydantic's type of error. The values to fill in come from the error's context (`ctx`).
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
# Errors listed in one answer: a body of 1 MB may contain a hundred thousand.
_MAX_FIELD_ERRORS = 20
# Characters of a field's name in an answer: the name of an unknown field is whatever the caller sent.
_MAX_FIELD_NAME = 100


def describe_problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The OpenAPI `responses` of a route that may answer problems with these HTTP statuses."""
    content = {_MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{SCHEMA_NAME}"}}}
    return {status: {"description": _TITLES[status], "content": content} for status in statuses}


def describe(
    summary: str, *problems: int, status: int = 200, model: type[BaseModel] | None = None
) -> dict[str, Any]:
    """Keyword arguments for a route's decorator that document it, with the statuses of its problems.

    422, 429 and 503 are added to every route: bad input, too many requests, a service that does not answer.
    """
    described: dict[str, Any] = {
        "summary": summary,
        "status_code": status,
        "responses": describe_problems(*sorted({*problems, 422, 429, 503})),
    }
    return described | ({"response_model": model} if model else {})


def describe_cached(summary: str, *problems: int, model: type[BaseModel]) -> dict[str, Any]:
    """The same for a public route whose answers clients may cache: it answers 304 to `If-None-Match`."""
    described = describe(summary, *problems, model=model)
    text = {"type": "string"}
    described["responses"] |= {
        200: {
            "description": "The answer, which may be kept for as long as `Cache-Control` says",
            "headers": {"ETag": {"schema": text}, "Cache-Control": {"schema": text}},
        },
        304: {"description": "What the client has, by the `ETag` in its `If-None-Match`, still holds"},
    }
    return described


def describe_file(summary: str) -> dict[str, Any]:
    """The same as `describe` for a route that sends a file to a caller who is signed in."""
    content = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
    described = describe(summary, 401, 404)
    described["responses"][200] = {"description": "The file", "content": content}
    # Without it FastAPI would document JSON beside the file.
    return described | {"response_class": Response}


def add_error_handlers(app: FastAPI) -> None:
    """Answer every error of an application as a problem."""
    handle_client_faults(app)
    app.add_exception_handler(OimError, _handle_oim_error)
    app.add_exception_handler(RequestValidationError, _handle_invalid_request)
    app.add_exception_handler(HTTPException, _handle_http_error)
    app.add_exception_handler(Exception, _handle_unexpected_error)


def _handle_oim_error(request: Request, error: Exception) -> JSONResponse:
    """Answer an error of ours: its message is translated here, and then gets its values."""
    # For mypy: Starlette's type of a handler is that of `Exception`, though each gets its own class only.
    if not isinstance(error, OimError):
        raise error
    t = get_translator(request)
    detail = render_error(error, t)
    field_errors = []
    if isinstance(error, BadInputError) and error.field:
        field_errors = [{"field": error.field, "message": detail}]
    status = next((status for kind, status in PROBLEM_STATUSES.items() if isinstance(error, kind)), 500)
    response = _problem_response(t, status, error.code, detail, field_errors)
    response.headers.update(retry_headers(error))
    # HTTP requires this header with a 401 (RFC 9110, 15.5.2).
    if isinstance(error, SignInError):
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _handle_invalid_request(request: Request, error: Exception) -> JSONResponse:
    """Answer a request that does not fit the models of its route, with the fields at fault."""
    if not isinstance(error, RequestValidationError):
        raise error
    t = get_translator(request)
    errors = error.errors()[:_MAX_FIELD_ERRORS]
    field_errors = [{"field": _field_path(item), "message": _field_message(t, item)} for item in errors]
    return _problem_response(t, 422, BadInputError.code, field_errors[0]["message"], field_errors)


def _field_path(error: dict[str, Any]) -> str:
    """The path of the field that an error of pydantic is about (`kinds.0`), or `body` for the whole body."""
    # For example ("body", "kinds", 0) or ("query", "kind", 1).
    source, *path = error["loc"]
    # A query repeats a name (`?kind=agr&kind=job`); the client knows no index, and sees which value is wrong.
    path = path[:1] if source == "query" else path
    # Of invalid JSON, pydantic gives the position instead of a field.
    if error["type"] == "json_invalid" or not path:
        return str(source)
    # Names may contain lone surrogates (`"\ud800"` in JSON), which cannot be written as UTF-8: replaced.
    name = ".".join(map(str, path))[:_MAX_FIELD_NAME]
    return name.encode("utf-8", "replace").decode()


def _field_message(t: Translator, error: dict[str, Any]) -> str:
    """The message of an error of pydantic, in the caller's language."""
    values = error.get("ctx", {})
    # pydantic writes "'female' or 'male'", with an English word between the last two.
    if "expected" in values:
        values = {"expected": values["expected"].replace(" or ", ", ")}
    return t(_FIELD_MESSAGES.get(error["type"], _DEFAULT_FIELD_MESSAGE), **values)


def _handle_http_error(request: Request, error: Exception) -> JSONResponse:
    """Answer an error of the framework: an unknown path, a wrong method, a body that is too large."""
    if not isinstance(error, HTTPException):
        raise error
    t = get_translator(request)
    status = error.status_code
    detail = t(_DETAILS.get(status) or _TITLES.get(status, _TITLES[400]))
    response = _problem_response(t, status, f"http-{status}", detail, [])
    # For example `Allow`, which a 405 must have.
    response.headers.update(error.headers or {})
    return response


def _handle_unexpected_error(request: Request, error: Exception) -> JSONResponse:
    """Answer an error that nobody foresaw, without saying anything about it."""
    # Neither the error's message nor the path is logged here: both may contain personal data.
    logger(__name__).error(
        "unexpected", error=type(error).__name__, route=getattr(request.scope.get("route"), "path", "other")
    )
    t = get_translator(request)
    return _problem_response(t, 500, "error", t(_TITLES[500]), [])


def _problem_response(
    t: Translator, status: int, code: str, detail: str, field_errors: list[dict[str, str]]
) -> JSONResponse:
    """Build the response of a problem. `code` is the stable name of its type for programs."""
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
        # The answer to an error that nobody foresaw passes through no middleware.
        headers=API_HEADERS | {"Content-Language": t.language, "Cache-Control": "no-store"},
    )
