"""`oim up`: everything started, watched, mended a few times, and stopped."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from oim.apps.up.children import Child
from oim.apps.up.home import Home, open_home
from oim.apps.up.locks import Lock
from oim.apps.up.services import SERVICES, Table, address
from oim.apps.up.stack import Prepare, Report, owned
from oim.apps.up.state import publish, read_state
from oim.kit.errors import ConflictError, UnavailableError
from oim.kit.i18n import mark
from oim.kit.settings import Settings

RESTARTS = 3
WINDOW = 60.0  # seconds in which a child may be restarted so often
TICK = 0.2  # seconds


def up(
    settings: Settings,
    prepare: Prepare,
    first_start: Prepare,
    ready: Callable[[str], None],
    report: Report,
    table: Table = SERVICES,
) -> int:
    """Run everything until Ctrl-C or SIGTERM (0), or until a process cannot be kept alive (1).

    `prepare` is called when the database can be reached, `first_start` when all runs,
    then `ready` with the address. An OimError of either,
    or of a process that does not start, is raised once everything has stopped.
    """
    home = open_home(settings.home)
    lock = Lock(home.lock)
    if not lock.take():
        raise _refusal(home, lock)
    try:
        with owned(home, settings, report, table) as stack:
            try:
                stack.start(tuple(table), prepare)
                _open(home, stack.settings, settings.port, first_start, report)
                ready(address(stack.settings))
                return _watch(stack.children, report)
            finally:
                report(mark("Stopping"))
    except KeyboardInterrupt:
        return 0
    finally:
        lock.release()


def _open(home: Home, settings: Settings, wanted: int, first_start: Prepare, report: Report) -> None:
    """Fill what runs, then tell other commands and the person about it."""
    first_start(settings)
    publish(home, settings, address(settings))
    if wanted and settings.port != wanted:
        report(mark("Port %(port)s was taken"), port=wanted)


def _refusal(home: Home, lock: Lock) -> ConflictError:
    owner, state = lock.owner(), read_state(home)
    if state is not None and state.pid == owner and state.address:
        return ConflictError(
            mark(
                "OIM already runs on this data (pid %(pid)s, %(address)s). "
                "Open that address, or stop that OIM first."
            ),
            pid=owner,
            address=state.address,
        )
    return ConflictError(
        mark("OIM already works on this data (pid %(pid)s): it starts, stops or is busy. Try again later."),
        pid=owner,
    )


def _watch(children: Sequence[Child], report: Report) -> int:
    """Start again whatever dies, until one has died too often."""
    deaths: dict[Child, list[float]] = {child: [] for child in children}
    try:
        while True:
            for child, times in deaths.items():
                if not child.alive():
                    _mend(child, times, report)
            time.sleep(TICK)
    except UnavailableError as problem:
        report(problem.message, **problem.values)
        return 1


def _mend(child: Child, times: list[float], report: Report) -> None:
    """Start a dead child again; `times` holds when that was done before, in seconds."""
    now = time.monotonic()
    times[:] = [moment for moment in times if now - moment < WINDOW]
    if len(times) == RESTARTS:
        raise child.failure(
            mark("%(name)s keeps stopping, so everything stops. The end of %(log)s:\n%(lines)s")
        )
    times.append(now)
    report(mark("%(name)s stopped; it is started again"), name=child.plan.name)
    child.stop()
    try:
        child.start()
        child.wait_ready()
    except UnavailableError:
        child.stop()  # so that it is found dead once more, and counted
