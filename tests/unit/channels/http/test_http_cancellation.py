"""What only reads is not begun for a client that has left while its request waited."""

import asyncio
from typing import Any

import pytest
from anyio import Event
from fastapi import APIRouter, FastAPI, Request
from starlette.types import Message

from oim.channels.http.cancellation import CLIENT_LEFT, CancellableRoute
from oim.channels.http.threads import PersonalRoute

BODY = {"type": "http.request", "body": b'{"text": "couture"}', "more_body": False}
LEFT = {"type": "http.disconnect"}


class Server:
    """An application with one route for a text, and what became of requests to it."""

    def __init__(self, route_class: type[CancellableRoute], method: str) -> None:
        self.method = method
        self.texts: list[str] = []
        router = APIRouter(route_class=route_class)

        @router.api_route("/find", methods=[method])
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
            **{"type": "http", "method": self.method, "path": path, "query_string": b""},
            "headers": [(b"content-type", b"application/json")],
        }
        asyncio.run(self.app(scope, receive, send))
        return int(sent[0]["status"])


@pytest.mark.parametrize(("route", "method"), [(CancellableRoute, "POST"), (PersonalRoute, "GET")])
@pytest.mark.parametrize(("leaves", "status", "texts"), [(True, CLIENT_LEFT, []), (False, 200, ["couture"])])
def test_a_request_is_begun_only_while_its_client_waits(
    route: type[CancellableRoute], method: str, leaves: bool, status: int, texts: list[str]
) -> None:
    server = Server(route, method)
    assert server.ask(leaves=leaves) == status
    assert server.texts == texts


def test_what_somebody_sent_to_be_done_is_done_though_they_left() -> None:
    server = Server(PersonalRoute, "POST")
    assert server.ask(leaves=True) == 200
    assert server.texts == ["couture"]


def test_a_route_may_take_the_request_itself() -> None:
    server = Server(CancellableRoute, "POST")
    assert server.ask("/whole", leaves=False) == 200
    assert server.texts == ["/whole couture"]
