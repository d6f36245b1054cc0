"""The host names that a site answers to: a request for another name is not meant for it.

A page of a stranger's may have its own name lead to our address (DNS rebinding): to a browser our pages would
then be of the stranger's site. Nobody can have an IP address lead elsewhere, so these are always answered.
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from oim.channels.http.security_headers import API_HEADERS
from oim.kit.i18n import LANGUAGES, mark, translator

LOCAL_NAMES = frozenset({"localhost"})
MISDIRECTED = mark("Nothing is served under this name. OIM_ADDRESS and OIM_HOSTS say which names are ours.")


class HostGuard:
    """ASGI middleware that answers 421 to a request for a name that is not ours (RFC 9110, 15.5.20).

    It also makes redirects to our own host relative, so that no answer repeats what the request called us.
    """

    def __init__(self, app: ASGIApp, names: Iterable[str]) -> None:
        self.app = app
        self.names = LOCAL_NAMES | {name.lower().rstrip(".") for name in names if name}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        host = Headers(scope=scope).get("host", "")
        if not self._is_ours(host):
            text = "\n".join(translator(language)(MISDIRECTED) for language in LANGUAGES)
            await PlainTextResponse(f"{text}\n", 421, API_HEADERS)(scope, receive, send)
            return
        origin = f"{scope['scheme']}://{host}/"

        async def send_relative(message: Message) -> None:
            # The router's own redirect, from a path with a slash too many to the one without.
            if message["type"] == "http.response.start" and message["status"] == 307:
                headers = MutableHeaders(scope=message)
                headers["location"] = f"/{headers['location'].removeprefix(origin)}"
            await send(message)

        await self.app(scope, receive, send_relative)

    def _is_ours(self, host: str) -> bool:
        """Whether a `Host` header names us: by one of our names, or by an IP address."""
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return False
        return name.rstrip(".") in self.names or _is_address(name)


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
