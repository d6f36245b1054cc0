"""A draft is answered as a GET of its page, whose route those outside see, too."""

import asyncio
from typing import Any
from unittest.mock import AsyncMock

from starlette.types import Message, Receive, Scope, Send

from oim.channels.web.drafts import Drafts


def test_the_route_of_a_draft_is_noted_for_the_metrics() -> None:
    scope: dict[str, Any] = {
        "type": "http",
        "method": "POST",
        "path": "/en/sign-in",
        "query_string": b"next=%2Fen%2Fme&typed=yes",
        "headers": [(b"sec-fetch-site", b"same-origin")],
    }

    async def page(scope: Scope, receive: Receive, send: Send) -> None:
        scope["route"] = "that of the page"

    async def receive() -> Message:
        return {"type": "http.request", "body": b"contact=6+77&pin=2580"}

    asyncio.run(Drafts(page)(scope, receive, AsyncMock()))
    assert scope["route"] == "that of the page"
    assert (scope["method"], scope["query_string"]) == ("GET", b"next=%2Fen%2Fme")
    assert scope["state"]["draft"] == {"contact": ["6 77"]}
