"""Cookies of the pages: of this host alone, over https, out of reach of scripts and of other sites' forms."""

from __future__ import annotations

from datetime import timedelta

from starlette.responses import Response


def set_cookie(response: Response, name: str, value: str, lifetime: timedelta | None = None) -> None:
    """Give a browser a cookie; without a lifetime until it is closed."""
    max_age = None if lifetime is None else int(lifetime.total_seconds())
    response.set_cookie(name, value, max_age, path="/", secure=True, httponly=True, samesite="lax")


def delete_cookie(response: Response, name: str) -> None:
    """Have a browser delete a cookie. Its attributes are those that it was set with (RFC 6265bis)."""
    response.delete_cookie(name, path="/", secure=True, httponly=True, samesite="lax")
