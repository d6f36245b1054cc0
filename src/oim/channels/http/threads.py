"""Threads of the routes: what may wait for a person's rows has its own, so that all others keep theirs.

The framework's threads serve every route. As many personal pages as there are of them, all waiting for one
lock, would keep even the home page and the health check from being answered. See decision 23.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial, wraps
from inspect import iscoroutinefunction
from typing import Any, ParamSpec, TypeVar

from anyio import CapacityLimiter, Semaphore, fail_after, to_thread
from anyio.lowlevel import RunVar
from fastapi.routing import APIRoute

from oim.kit.db.failures import CROWDED
from oim.kit.errors import UnavailableError

P = ParamSpec("P")
ResultT = TypeVar("ResultT")


@dataclass(frozen=True, slots=True)
class Threads:
    """Up to so many threads at a time of each event loop, for one sort of work."""

    places: int
    wait: float = 2.5  # seconds for a place; together with that for a lock, an answer comes within five
    message: str = CROWDED  # to whoever gets none
    _gates: RunVar[Semaphore] = field(default_factory=lambda: RunVar("threads"), init=False, compare=False)

    async def run(self, function: Callable[P, ResultT], *args: P.args, **kwargs: P.kwargs) -> ResultT:
        """Call a function in one of the threads. Raises UnavailableError if none gets free in time."""
        gate = self._gate()
        try:
            with fail_after(self.wait):
                await gate.acquire()
        except TimeoutError:
            raise UnavailableError(self.message) from None
        try:
            # A limiter of this call alone: its place is taken already.
            return await to_thread.run_sync(partial(function, *args, **kwargs), limiter=CapacityLimiter(1))
        finally:
            gate.release()

    def _gate(self) -> Semaphore:
        """The gate of the event loop that asks, made when it first does."""
        gate = self._gates.get(None)
        if gate is None:
            gate = Semaphore(self.places)
            self._gates.set(gate)
        return gate


# As many as the connections that write: whoever has a thread need not wait for one of these too.
PERSONAL = Threads(16)
HEALTH = Threads(2)


class PersonalRoute(APIRoute):
    """A route that reads or changes what is somebody's: it is called in threads of its own sort."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        run = endpoint if iscoroutinefunction(endpoint) else _run_personal(endpoint)
        super().__init__(path, run, **options)


def _run_personal(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a function of a route so that it runs in the personal threads."""

    @wraps(endpoint)
    async def run(**arguments: Any) -> Any:
        return await PERSONAL.run(endpoint, **arguments)

    return run
