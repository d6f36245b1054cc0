"""The servers of one home: started in order, stopped in reverse order, and shared between commands."""

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
from oim.bootstrap import check_urls
from oim.kit.errors import ConflictError
from oim.kit.i18n import mark
from oim.kit.settings import Settings

Prepare = Callable[[Settings], None]
DATABASE_SERVICE = "postgres"
WAITING_FOR_OTHERS = mark("Waiting for other commands that use these servers")
PORT_TRIES = 5  # starts of one group of services, each with newly chosen ports
START_TIMEOUT = 60.0  # seconds a command waits for the servers that another command is starting
POLL_INTERVAL = 0.1  # seconds between two looks at the lock


class ProgressCallback(Protocol):
    """Reports progress: called with a message to translate and the values it names."""

    def __call__(self, message: str, /, **values: object) -> None: ...


def prepare_nothing(_: Settings) -> None:
    """Do nothing: the default for `prepare`."""


class Stack:
    """The running child processes in the order of their start, and the settings that reach them."""

    def __init__(self, home: Home, settings: Settings, report: ProgressCallback, table: ServiceTable) -> None:
        self.settings = settings.model_copy(update={"home": home.root})
        self.children: list[Child] = []
        self._home = home
        self._report = report
        self._table = table

    def start(self, services: Collection[str], prepare: Prepare) -> None:
        """Start the embedded ones of these services: database first, then `prepare`, then the others."""
        # Migrations and keys come between: the other processes expect the newest schema and a key ring.
        if DATABASE_SERVICE in services:
            self._start_together([DATABASE_SERVICE])
            prepare(self.settings)
        self._start_together([name for name in self._table if name in services and name != DATABASE_SERVICE])

    def _start_together(self, names: Sequence[str]) -> None:
        """Start these services and wait until all are ready.

        If another process takes one's port meanwhile, all of them are started again with new ports: each was
        given the addresses of those before it.
        """
        services = [self._table[name] for name in names if self._table[name].is_embedded(self.settings)]
        for service in services:
            self._report(service.start_message)
        initial_settings, first_new = self.settings, len(self.children)
        for remaining_tries in reversed(range(PORT_TRIES)):
            try:
                for service in services:
                    self._launch(service)
                for child in self.children[first_new:]:
                    child.wait_ready()
            except PortTakenError:
                if not remaining_tries:
                    raise
                self._stop_from(first_new)
                self.settings = initial_settings
            else:
                return

    def _launch(self, service: Service) -> None:
        """Start one service without waiting for it, and adopt the settings that reach it."""
        plan = service.plan(self.settings, self._home)
        # In the list before its start, so that an interrupt during the start still stops it.
        self.children.append(Child(plan, self._home))
        self.children[-1].start()
        self.settings = plan.settings

    def stop(self) -> None:
        """Stop all children, the last started first."""
        self._stop_from(0)

    def _stop_from(self, first: int) -> None:
        """Stop the children from this position on, the last started first."""
        # An ExitStack calls in reverse order, and goes on to the next child when stopping one raises.
        with ExitStack() as stops:
            for child in self.children[first:]:
                stops.callback(child.stop)
        del self.children[first:]


@contextmanager
def owned_stack(
    home: Home, settings: Settings, report: ProgressCallback, table: ServiceTable
) -> Iterator[Stack]:
    """Yield a stack to start; at the end of the block nothing of it runs. The caller has the home's lock."""
    withdraw_state(home)  # of an earlier owner that was killed
    stack = Stack(home, settings, report, table)
    with INTERRUPTS.install():
        try:
            yield stack
        finally:
            # A second Ctrl-C must not cut the stopping short and leave servers running.
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
    """Yield settings that reach these services while the block runs.

    They reach the stack that already runs on this home, or else one that is started for the block and stopped
    after it, once the other commands that use it have ended. Services that the settings give a URL are left
    alone. `prepare` is called when the database can be reached, unless another command has done so. Raises
    ConflictError when another command has the home's lock for `START_TIMEOUT` seconds without sharing it, and
    BadInputError for a URL setting that cannot be used.
    """
    check_urls(settings)
    embedded = [table[name] for name in services if table[name].is_embedded(settings)]
    if not embedded:
        if DATABASE_SERVICE in services:
            prepare(settings)
        yield settings
        return
    home = open_home(settings.home)
    needed = [service.setting for service in embedded if service.setting]
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
                # Withdrawn before the wait, so that no further command joins and prolongs it.
                withdraw_state(home)
                wait_until_unshared(home.clients_lock, lambda: report(WAITING_FOR_OTHERS))


@contextmanager
def _join_or_lock(home: Home, needed: Sequence[str]) -> Iterator[State | None]:
    """Yield the state of the stack that runs here, or None once the home's lock is ours to start one.

    That stack does not end during the block. `needed` are the settings of the servers that must be running.
    Raises ConflictError after `START_TIMEOUT` seconds.
    """
    lock = StackLock(home.lock)
    deadline = time.monotonic() + START_TIMEOUT
    while not lock.acquire():
        state = read_state(home)
        # The pid tells a live owner's state from that of one that was killed and left the file behind.
        if state is not None and state.pid == lock.read_owner() and state.has_servers(needed):
            with share_lock(home.clients_lock) as is_shared:
                # Read again: the owner may have withdrawn its state before we shared the lock. From here on
                # it waits for us.
                if is_shared and read_state(home) == state:
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
