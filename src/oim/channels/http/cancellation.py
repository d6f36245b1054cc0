"""Routes whose work is not begun for a client that has left while the request waited for a thread.

Whoever asks much at once and goes away again would else keep the engine busy for nobody. Only for what
changes nothing: what somebody sent to be done is done, be their connection as bad as it may.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Coroutine
from contextvars import ContextVar
from functools import partial, wraps
from inspect import iscoroutinefunction
from typing import Any

from anyio import from_thread
from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

RunInThread = Callable[[Callable[[], Any]], Coroutine[Any, Any, Any]]
CLIENT_LEFT = 499  # as proxies count it; nobody receives the answer

_request: ContextVar[Request] = ContextVar("request")


class CancellableRoute(APIRoute):
    """A route that reads, and does not begin to once its client has left."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        if not iscoroutinefunction(endpoint):
            skips = self.reads(options.get("methods") or ["GET"])
            endpoint = _run_in_thread(endpoint, self.choose_threads, skips=skips)
        super().__init__(path, endpoint, **options)

    @staticmethod
    def reads(_: Collection[str]) -> bool:
        """Return whether requests by these methods change nothing."""
        return True

    @staticmethod
    def choose_threads(_: Request) -> RunInThread:
        """Choose the threads by which a request is answered."""
        return run_in_threadpool

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Build the handler, which lets the wrapped function know the request."""
        handle = super().get_route_handler()

        async def handle_known(request: Request) -> Response:
            _request.set(request)
            return await handle(request)

        return handle_known


def _run_in_thread(
    endpoint: Callable[..., Any], choose_threads: Callable[[Request], RunInThread], *, skips: bool
) -> Callable[..., Any]:
    """Wrap a function of a route: its thread first looks whether the client is still there, if it `skips`."""

    def run_unless_left(request: Request, /, **arguments: Any) -> Any:
        if skips and from_thread.run(request.is_disconnected):
            raise HTTPException(CLIENT_LEFT)
        return endpoint(**arguments)

    @wraps(endpoint)
    async def run(**arguments: Any) -> Any:
        request = _request.get()
        return await choose_threads(request)(partial(run_unless_left, request, **arguments))

    return run
