"""Responses: the HTTP status of each class of error, and downloads."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import Response

from oim.kit.errors import (
    ConflictError,
    NotFoundError,
    OimError,
    SignInError,
    TooLargeError,
    TooManyError,
    UnavailableError,
)

RETRY_AFTER = 5  # seconds, in which most of what does not answer does again

# Where REST and the pages agree. Bad input is 422 for an API, which understood the body but cannot use it,
# and 400 for a form: each channel adds its own row.
STATUSES: dict[type[OimError], int] = {
    TooLargeError: 413,
    SignInError: 401,
    TooManyError: 429,
    NotFoundError: 404,
    ConflictError: 409,
    UnavailableError: 503,
}


def retry_headers(error: OimError) -> dict[str, str]:
    """Build the headers that tell a client when to try again, where that may help (RFC 9110, 10.2.3)."""
    if isinstance(error, TooManyError):
        return {"Retry-After": str(error.wait)}
    return {"Retry-After": str(RETRY_AFTER)} if isinstance(error, UnavailableError) else {}


def build_download(
    content: bytes, media_type: str, *, file_name: str | None = None, language: str | None = None
) -> Response:
    """Build the response that makes a client save a file."""
    return Response(
        content, media_type=media_type, headers=download_headers(file_name=file_name, language=language)
    )


def download_headers(*, file_name: str | None = None, language: str | None = None) -> dict[str, str]:
    """Build the headers that make a client save a file.

    `file_name` may contain any character (RFC 6266); without it the client names the file by the URL.
    """
    # A browser never shows an attachment: an uploaded document cannot run as a page of this site.
    disposition = f"attachment; filename*=UTF-8''{quote(file_name, safe='')}" if file_name else "attachment"
    headers = {"Content-Disposition": disposition, "Cache-Control": "no-store"}
    if language:
        headers["Content-Language"] = language
    return headers
