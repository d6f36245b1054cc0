"""File locks: one process may start servers on a home, and any number may use them.

They are flock(2) locks, which the kernel releases when the process ends, however it ends.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from oim.apps.up.home import explain_os_errors

PID_LENGTH = 20  # characters of a pid in a lock file


class StackLock:
    """The exclusive right to start servers on one home. The file holds the pid of the process that has it."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._descriptor: int | None = None

    def acquire(self) -> bool:
        """Take the lock if it is free; return whether we have it now."""
        lock = open_lock(self._file)
        if not try_lock(lock, fcntl.LOCK_EX):
            os.close(lock)
            return False
        write_pid(lock, os.getpid())
        self._descriptor = lock  # stays open: closing it gives the lock up
        return True

    def release(self) -> None:
        """Give the lock up, if we have it."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def read_owner(self) -> int:
        """Read the pid of the process that took the lock last; 0 while one is just taking it."""
        return int(self._file.read_text() or 0)


@contextmanager
def share_lock(file: Path) -> Iterator[bool]:
    """Count as a user of the servers during the block.

    Yields False when the owner is about to stop them and waits in `wait_until_unshared` for the last user.
    """
    lock = open_lock(file)
    try:
        yield try_lock(lock, fcntl.LOCK_SH)
    finally:
        os.close(lock)


def wait_until_unshared(file: Path, on_wait: Callable[[], None]) -> None:
    """Return once nobody shares the file; call `on_wait` first if somebody still does."""
    lock = open_lock(file)
    try:
        # First without waiting, only to learn whether there is a wait to announce.
        if not try_lock(lock, fcntl.LOCK_EX):
            on_wait()
            fcntl.flock(lock, fcntl.LOCK_EX)
    finally:
        os.close(lock)


def open_lock(file: Path) -> int:
    """Open a lock file, creating it if needed, and return its file descriptor."""
    with explain_os_errors(file):
        return os.open(file, os.O_RDWR | os.O_CREAT, 0o600)


def try_lock(lock: int, kind: int) -> bool:
    """Take a lock without waiting (`kind` is LOCK_EX or LOCK_SH); return whether it was free."""
    try:
        fcntl.flock(lock, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def write_pid(lock: int, pid: int) -> None:
    """Write into a lock file the pid of the process that has it."""
    # Always as long, over the one before: a file that were emptied first could not be filled on a full disk.
    os.pwrite(lock, f"{pid:<{PID_LENGTH}}".encode(), 0)
