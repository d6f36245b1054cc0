"""The supervisor behind `oim up`: start all services, restart those that die, and stop them all."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from oim.apps.up.children import Child
from oim.apps.up.home import Home, open_home
from oim.apps.up.locks import StackLock
from oim.apps.up.services import SERVICES, ServiceTable, local_address
from oim.apps.up.stack import Prepare, ProgressCallback, owned_stack
from oim.apps.up.state import publish_state, read_state
from oim.bootstrap import check_urls
from oim.kit.errors import ConflictError, UnavailableError
from oim.kit.i18n import mark
from oim.kit.settings import Settings

MAX_RESTARTS = 3  # of one child within the window
RESTART_WINDOW = 60.0  # seconds
POLL_INTERVAL = 0.2  # seconds between two looks at the children


def run_stack(
    settings: Settings,
    prepare: Prepare,
    first_start: Prepare,
    on_ready: Callable[[str], None],
    report: ProgressCallback,
    table: ServiceTable = SERVICES,
) -> int:
    """Run all services until Ctrl-C or SIGTERM (returns 0), or until one dies too often (returns 1).

    `prepare` is called when the database can be reached, `first_start` when everything runs, then `on_ready`
    with the site's address. An OimError of these, or of a process that does not start, is raised once
    everything has stopped. Raises ConflictError if another process has the home's lock, and BadInputError for
    a URL setting that cannot be used.
    """
    check_urls(settings)
    home = open_home(settings.home)
    lock = StackLock(home.lock)
    if not lock.acquire():
        raise _already_running_error(home, lock)
    try:
        with owned_stack(home, settings, report, table) as stack:
            try:
                stack.start(tuple(table), prepare)
                _fill_and_publish(home, stack.settings, settings.port, first_start, report)
                on_ready(local_address(stack.settings))
                return _watch_children(stack.children, report)
            finally:
                report(mark("Stopping"))
    except KeyboardInterrupt:
        return 0
    finally:
        lock.release()


def _fill_and_publish(
    home: Home, settings: Settings, preferred_port: int, first_start: Prepare, report: ProgressCallback
) -> None:
    """Load the first offers, then publish the state; report when the site's port is not the preferred one."""
    # Before publishing: no other command should meet a stack that is still being filled.
    first_start(settings)
    publish_state(home, settings, local_address(settings))
    if preferred_port and settings.port != preferred_port:
        report(mark("Port %(port)s was taken"), port=preferred_port)


def _already_running_error(home: Home, lock: StackLock) -> ConflictError:
    """Make the error for a home in use, with the address if it is an `oim up` that runs there."""
    owner, state = lock.read_owner(), read_state(home)
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


def _watch_children(children: Sequence[Child], report: ProgressCallback) -> int:
    """Restart children that die; report and return 1 once one has died too often."""
    deaths: dict[Child, list[float]] = {child: [] for child in children}
    try:
        while True:
            for child, times in deaths.items():
                if not child.is_alive():
                    _restart(child, times, report)
            time.sleep(POLL_INTERVAL)
    except UnavailableError as problem:
        report(problem.message, **problem.values)
        return 1


def _restart(child: Child, times: list[float], report: ProgressCallback) -> None:
    """Restart a dead child, and record it in `times`: its restarts in seconds of the monotonic clock.

    Raises UnavailableError if it was restarted `MAX_RESTARTS` times within the window already.
    """
    now = time.monotonic()
    times[:] = [moment for moment in times if now - moment < RESTART_WINDOW]
    if len(times) == MAX_RESTARTS:
        raise child.make_error(
            mark("%(name)s keeps stopping, so everything stops. The end of %(log)s:\n%(lines)s")
        )
    times.append(now)
    report(mark("%(name)s stopped; it is started again"), name=child.plan.name)
    child.stop()  # ends what its process left in its group
    try:
        child.start()
        child.wait_ready()
    except UnavailableError:
        child.stop()  # so that the next look finds it dead again, and counts another restart
