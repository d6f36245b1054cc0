"""What only reads is not begun for a client that has left while its request waited."""

import asyncio
from typing import Any

import pytest
from anyio import Event
from fastapi import APIRouter, FastAPI, Request
from starlette.types import Message

from oim.channels.http.cancellation import CLIENT_LEFT, CancellableRoute

BODY = {"type": "http.request", "body": b'{"text": "couture"}', "more_body": False}
LEFT = {"type": "http.disconnect"}


class Server:
    """An application with one route that reads, and what became of requests to it."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        router = APIRouter(route_class=CancellableRoute)

        @router.post("/find")
        def find(body: dict[str, str]) -> dict[str, str]:
            self.texts.append(body["text"])
            return body

        @router.post("/whole")
        def find_by_request(request: Request, body: dict[str, str]) -> dict[str, str]:
            self.texts.append(f"{request.url.path} {body['text']}")
            return body

        self.app = FastAPI()
        self.app.include_router(router)

    def ask(self, path: str = "/find", *, leaves: bool) -> int:
        """Send a request, whose client leaves as soon as it is sent or waits; return the status."""
        sent: list[Message] = []
        messages = [BODY, LEFT] if leaves else [BODY]

        async def receive() -> Message:
            if not messages:
                await Event().wait()
            return messages.pop(0)

        async def send(message: Message) -> None:
            sent.append(message)

        scope: dict[str, Any] = {
            **{"type": "http", "method": "POST", "path": path, "query_string": b""},
            "headers": [(b"content-type", b"application/json")],
        }
        asyncio.run(self.app(scope, receive, send))
        return int(sent[0]["status"])


@pytest.mark.parametrize(("leaves", "status", "texts"), [(True, CLIENT_LEFT, []), (False, 200, ["couture"])])
def test_a_request_is_begun_only_while_its_client_waits(leaves: bool, status: int, texts: list[str]) -> None:
    server = Server()
    assert server.ask(leaves=leaves) == status
    assert server.texts == texts


def test_a_route_may_take_the_request_itself() -> None:
    server = Server()
    assert server.ask("/whole", leaves=False) == 200
    assert server.texts == ["/whole couture"]
