"""The supervisor behind `oim up`: start all services, start again those that die, and stop them all.

Only a first start that fails ends everything. Later a child that dies is started again without end, the
others go on, and the home says what does not work (`oim.kit.faults`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import NoReturn

from oim.apps.up.home import Home, open_home
from oim.apps.up.locks import StackLock
from oim.apps.up.services import SERVICES, ServiceTable, local_address
from oim.apps.up.stack import Prepare, ProgressCallback, owned_stack
from oim.apps.up.state import publish_state, read_state
from oim.apps.up.watched_child import WatchedChild
from oim.bootstrap import check_urls
from oim.kit.disk import DiskLevel, disk_level
from oim.kit.errors import ConflictError
from oim.kit.faults import Fault, publish_faults
from oim.kit.i18n import mark
from oim.kit.settings import Settings

POLL_INTERVAL = 0.2  # seconds between two looks at the children
DISK_INTERVAL = 5.0  # seconds between two looks at the disk and at the length of logs
OWNER = "stack"  # of the file that says which children are ready
DISK_MESSAGES = {
    DiskLevel.WELL: mark("The disk of %(folder)s has room again"),
    DiskLevel.LOW: mark("The disk of %(folder)s is nearly full: free some space"),
    DiskLevel.FULL: mark(
        "The disk of %(folder)s is full: offers, recommendations and logs wait. Free some space"
    ),
}


def run_stack(
    settings: Settings,
    prepare: Prepare,
    first_start: Prepare,
    on_ready: Callable[[str], None],
    report: ProgressCallback,
    table: ServiceTable = SERVICES,
) -> None:
    """Run all services until Ctrl-C or SIGTERM.

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
                _watch(home, [WatchedChild(child, report) for child in stack.children], report)
            finally:
                report(mark("Stopping"))
    except KeyboardInterrupt:
        return
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


def _watch(home: Home, children: Sequence[WatchedChild], report: ProgressCallback) -> NoReturn:
    """Keep the children running, and look after their logs and the disk, until an interrupt."""
    published: dict[str, Fault | None] | None = None
    level, next_look = DiskLevel.WELL, 0.0
    while True:
        for child in children:
            child.look()
        faults = {child.child.plan.name: child.fault for child in children}
        # What could not be written, as while the disk is full, is written as soon as it can be.
        if faults != published and publish_faults(home.root, OWNER, faults):
            published = faults
        if time.monotonic() >= next_look:
            level = _look_at_disk(home, level, children, report)
            next_look = time.monotonic() + DISK_INTERVAL
        time.sleep(POLL_INTERVAL)


def _look_at_disk(
    home: Home, before: DiskLevel, children: Sequence[WatchedChild], report: ProgressCallback
) -> DiskLevel:
    """Report a level other than the one before, keep the logs short, and return the level."""
    level = disk_level(home.root)
    if level is not before:
        report(DISK_MESSAGES[level], folder=home.root)
    for child in children:
        # One that starts is found ready by what its log says.
        if child.fault is None:
            with suppress(OSError):  # the disk is full: the next look tries again
                child.child.limit_log(drop=level is DiskLevel.FULL)
    return level
