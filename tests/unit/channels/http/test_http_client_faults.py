"""A client that leaves in the middle of its request is no error: nothing is raised for the server to log."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI, Request

from oim.channels.rest import problems
from oim.channels.web import errors

FORM = [
    (b"content-type", b"application/x-www-form-urlencoded"),
    (b"content-length", b"100"),
]


@pytest.mark.parametrize("add_error_handlers", [problems.add_error_handlers, errors.add_error_handlers])
def test_an_unfinished_body_is_no_error(add_error_handlers: Callable[[FastAPI], None]) -> None:
    app = FastAPI()
    add_error_handlers(app)

    @app.post("/form")
    async def form(request: Request) -> int:
        return len(await request.form())

    statuses = []
    messages = iter([{"type": "http.request", "body": b"a=", "more_body": True}, {"type": "http.disconnect"}])

    async def receive() -> Any:
        return next(messages)

    async def send(message: Any) -> None:
        statuses.append(message.get("status"))

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/form",
        "query_string": b"",
        "headers": FORM,
        "server": ("testserver", 80),
        "client": ("127.0.0.1", 1),
        "scheme": "http",
        "http_version": "1.1",
        "root_path": "",
        "state": {},
    }
    # What passes the application is logged by the server, with the whole stack.
    asyncio.run(app(scope, receive, send))
    assert statuses[0] == 400
