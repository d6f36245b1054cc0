"""Files as answers to HTTP requests: saved by the client, and left in no cache on the way."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import Response


def build_download(
    content: bytes, media_type: str, *, file_name: str | None = None, language: str | None = None
) -> Response:
    """Build the answer that makes a client save a file.

    `file_name` may hold any character (RFC 6266); without it the client names the file by the URL.
    """
    # A browser never shows an attachment: an uploaded document cannot run as a page of this site.
    disposition = f"attachment; filename*=UTF-8''{quote(file_name, safe='')}" if file_name else "attachment"
    headers = {"Content-Disposition": disposition, "Cache-Control": "no-store"}
    if language:
        headers["Content-Language"] = language
    return Response(content, media_type=media_type, headers=headers)
