"""Threads of the routes: what may wait for a person's rows has its own, so that all others keep theirs.

The framework's threads serve every route. As many personal pages as there are of them, all waiting for one
lock, would keep even the home page and the health check from being answered. See decision 23.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, ParamSpec, TypeVar

from anyio import CapacityLimiter, Semaphore, current_time, fail_after, to_thread
from anyio.lowlevel import RunVar
from fastapi import Request
from fastapi.concurrency import run_in_threadpool

from oim.channels.http.cancellation import CancellableRoute, RunInThread
from oim.features.access import STRANGER, Actor
from oim.kit.db.failures import CROWDED
from oim.kit.environment import count_cores
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
        async with self.take_place():
            return await run_at_place(partial(function, *args, **kwargs))

    @asynccontextmanager
    async def take_place(self) -> AsyncIterator[float]:
        """Yield the seconds waited for a place, which is taken until the end of the block.

        Raises UnavailableError if none gets free in time.
        """
        gate, since = self._gate(), current_time()
        try:
            with fail_after(self.wait):
                await gate.acquire()
        except TimeoutError:
            raise UnavailableError(self.message) from None
        try:
            yield current_time() - since
        finally:
            gate.release()

    def _gate(self) -> Semaphore:
        """The gate of the event loop that asks, made when it first does."""
        gate = self._gates.get(None)
        if gate is None:
            gate = Semaphore(self.places)
            self._gates.set(gate)
        return gate


async def run_at_place(function: Callable[[], ResultT]) -> ResultT:
    """Call a function in a thread, by a limiter of this call alone: its place is taken already."""
    return await to_thread.run_sync(function, limiter=CapacityLimiter(1))


# As many as the connections that write: whoever has a thread need not wait for one of these too.
PERSONAL = Threads(16)
HEALTH = Threads(2)
# Each long text fills a core while it is understood: half of the cores stay for everybody's short ones. Those
# of people who are signed in wait for no stranger's. A stranger waits without a thread, and has rather an
# answer by words late than none.
LONG_TEXTS = Threads(max(1, count_cores() // 2), wait=8.0)
KNOWN_LONG_TEXTS = Threads(max(1, count_cores() // 2))
# Seconds that a text waits for its turn and is still compared by meaning, which takes ten times as long.
FULL_ANSWER_WAIT = 0.5
SHORT_REQUEST = 500  # bytes sent, beside the headers: a form with a few sentences in it


class PersonalRoute(CancellableRoute):
    """A route that reads or changes what is somebody's: it is called in threads of its own sort."""

    @staticmethod
    def reads(methods: Collection[str]) -> bool:
        """What somebody sent to be done is done, though they have left."""
        return set(methods) <= {"GET", "HEAD"}

    @staticmethod
    def choose_threads(_: Request) -> RunInThread:
        """Choose the personal threads."""
        return PERSONAL.run


class TextRoute(CancellableRoute):
    """A route by which offers are found by a text: few long ones are worked on at once.

    Whoever sends one waits for its turn without a thread, so that a flood of them delays only one another. A
    stranger's that has waited long is answered by words alone, so that those behind it get an answer too.
    """

    @staticmethod
    def choose_threads(request: Request) -> RunInThread:
        """Choose the threads by the length of what was sent, and by whether the sender is signed in."""
        if _is_short(request):
            return run_in_threadpool
        # What the dependencies found: the API `caller`, the pages `actor`.
        actor: Actor | None = getattr(request.state, "caller", None) or getattr(request.state, "actor", None)
        return partial(_run_in_turn, request) if actor in {None, STRANGER} else KNOWN_LONG_TEXTS.run


async def _run_in_turn(request: Request, function: Callable[[], Any]) -> Any:
    """Call the function of a stranger's long text when its turn comes, and note whether that was late."""
    async with LONG_TEXTS.take_place() as waited:
        request.state.is_crowded = waited > FULL_ANSWER_WAIT
        return await run_at_place(function)


def is_crowded(request: Request) -> bool:
    """Whether so many wait for their turn that a request is answered at the least work."""
    return getattr(request.state, "is_crowded", False)


def _is_short(request: Request) -> bool:
    """Return whether little was sent; what does not say how much it is counts as much."""
    if "transfer-encoding" in request.headers:
        return False
    sent = int(request.headers.get("content-length", 0)) + len(request.scope["query_string"])
    return sent <= SHORT_REQUEST
