"""The servers of one home: started in order, stopped in the opposite order, shared by commands."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Protocol

from oim.apps.up.children import Child, PortTakenError
from oim.apps.up.home import Home, open_home
from oim.apps.up.interrupts import INTERRUPTS
from oim.apps.up.locks import StackLock, share_lock, wait_until_unshared
from oim.apps.up.services import SERVICES, Service, ServiceTable
from oim.apps.up.state import State, publish_state, read_state, withdraw_state
from oim.kit.errors import ConflictError
from oim.kit.i18n import mark
from oim.kit.settings import Settings

Prepare = Callable[[Settings], None]
DATABASE_SERVICE = "postgres"
WAITING_FOR_OTHERS = mark("Waiting for other commands that use these servers")
PORT_TRIES = 5
START_TIMEOUT = 60.0  # seconds that a command waits for another one's servers
POLL_INTERVAL = 0.1  # seconds


class ProgressCallback(Protocol):
    """Hears how things go: a message to translate, with the values it names."""

    def __call__(self, message: str, /, **values: object) -> None: ...


def prepare_nothing(_: Settings) -> None:
    """A preparation that has nothing to do."""


class Stack:
    """Children in the order of their start, and the settings by which they are reached."""

    def __init__(self, home: Home, settings: Settings, report: ProgressCallback, table: ServiceTable) -> None:
        self.settings = settings.model_copy(update={"home": home.root})
        self.children: list[Child] = []
        self._home = home
        self._report = report
        self._table = table

    def start(self, services: Collection[str], prepare: Prepare) -> None:
        """Start those services that are ours: the database, then `prepare`, then the others side by side."""
        if DATABASE_SERVICE in services:
            self._start_together([DATABASE_SERVICE])
            prepare(self.settings)
        self._start_together([name for name in self._table if name in services and name != DATABASE_SERVICE])

    def _start_together(self, names: Sequence[str]) -> None:
        """Start these and wait for all; all of them again if somebody takes the port of one meanwhile."""
        wanted = [self._table[name] for name in names if self._table[name].is_embedded(self.settings)]
        for service in wanted:
            self._report(service.start_message)
        settings, older = self.settings, len(self.children)
        for tries_left in reversed(range(PORT_TRIES)):
            try:
                for service in wanted:
                    self._launch(service)
                for child in self.children[older:]:
                    child.wait_ready()
            except PortTakenError:
                if not tries_left:
                    raise
                self._stop_from(older)
                self.settings = settings
            else:
                return

    def _launch(self, service: Service) -> None:
        plan = service.plan(self.settings, self._home)
        self.children.append(Child(plan, self._home))
        self.children[-1].start()
        self.settings = plan.settings

    def stop(self) -> None:
        """Stop all, the last started first."""
        self._stop_from(0)

    def _stop_from(self, first: int) -> None:
        with ExitStack() as ends:
            for child in self.children[first:]:
                ends.callback(child.stop)
        del self.children[first:]


@contextmanager
def owned_stack(
    home: Home, settings: Settings, report: ProgressCallback, table: ServiceTable
) -> Iterator[Stack]:
    """A stack to start, for the holder of the home's lock; at the end nothing of it runs."""
    withdraw_state(home)
    stack = Stack(home, settings, report, table)
    with INTERRUPTS.install():
        try:
            yield stack
        finally:
            with INTERRUPTS.ignore():
                withdraw_state(home)
                stack.stop()


@contextmanager
def running_services(
    settings: Settings,
    services: Sequence[str],
    report: ProgressCallback,
    prepare: Prepare = prepare_nothing,
    table: ServiceTable = SERVICES,
) -> Iterator[Settings]:
    """Settings by which these services are reached while the block runs.

    They are those of the stack that runs on this home, or of one started for the block and stopped after it,
    once the other commands that use it have ended. Services with a URL of their own are left alone. `prepare`
    is called when the database can be reached, unless another command has done so.
    """
    ours = [table[name] for name in services if table[name].is_embedded(settings)]
    if not ours:
        if DATABASE_SERVICE in services:
            prepare(settings)
        yield settings
        return
    home = open_home(settings.home)
    needed = [service.setting for service in ours if service.setting]
    with _join_or_lock(home, needed) as state:
        if state is not None:
            yield state.resolve(settings)
            return
        with owned_stack(home, settings, report, table) as stack:
            stack.start(services, prepare)
            publish_state(home, stack.settings, address="")
            try:
                yield stack.settings
            finally:
                withdraw_state(home)
                wait_until_unshared(home.clients_lock, lambda: report(WAITING_FOR_OTHERS))


@contextmanager
def _join_or_lock(home: Home, needed: Sequence[str]) -> Iterator[State | None]:
    """The stack that runs here with what is needed, kept from ending; None once the lock is ours."""
    lock = StackLock(home.lock)
    deadline = time.monotonic() + START_TIMEOUT
    while not lock.acquire():
        state = read_state(home)
        if state is not None and state.pid == lock.read_owner() and state.has_servers(needed):
            with share_lock(home.clients_lock) as free:
                if free and read_state(home) == state:
                    yield state
                    return
        if time.monotonic() > deadline:
            raise ConflictError(
                mark(
                    "Another command (process %(pid)s) uses %(folder)s and does not share it yet. "
                    "Try again later."
                ),
                pid=lock.read_owner(),
                folder=home.root,
            )
        time.sleep(POLL_INTERVAL)
    try:
        yield None
    finally:
        lock.release()
