"""The connection a request came by: the caller's address, and whether others on the way can read along."""

from __future__ import annotations

from fastapi import Request

from oim.kit.errors import BadInputError
from oim.kit.i18n import mark

LOCAL_HOSTS = frozenset({"127.0.0.1", "localhost", "::1", "[::1]"})


def client_address(request: Request) -> str:
    """The network address a request comes from, empty where the server does not know it."""
    return request.client.host if request.client else ""


def check_protected(request: Request) -> None:
    """Refuse a connection on which others could read a session. Raises BadInputError."""
    if request.url.scheme != "https" and request.url.hostname not in LOCAL_HOSTS:
        raise BadInputError(mark("Nobody can sign in here: this address is not protected (https)."))
