"""Who may start servers on a home, and who only uses them. A lock ends with its process, in any case."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from oim.apps.up.home import explain_os_errors


class StackLock:
    """The right to start servers on one home. One process has it; its number stands in the file."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._descriptor: int | None = None

    def acquire(self) -> bool:
        """Take the right if it is free."""
        lock = open_lock(self._file)
        if not try_lock(lock, fcntl.LOCK_EX):
            os.close(lock)
            return False
        write_pid(lock, os.getpid())
        self._descriptor = lock
        return True

    def release(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def read_owner(self) -> int:
        """The process that took it last; 0 while one is just taking it."""
        return int(self._file.read_text() or 0)


@contextmanager
def share_lock(file: Path) -> Iterator[bool]:
    """Be one of those who use the servers; false when their owner waits for the last one to leave."""
    lock = open_lock(file)
    try:
        yield try_lock(lock, fcntl.LOCK_SH)
    finally:
        os.close(lock)


def wait_until_unshared(file: Path, on_wait: Callable[[], None]) -> None:
    """Return when nobody shares the file; `say` is called if that takes a while."""
    lock = open_lock(file)
    try:
        if not try_lock(lock, fcntl.LOCK_EX):
            on_wait()
            fcntl.flock(lock, fcntl.LOCK_EX)
    finally:
        os.close(lock)


def open_lock(file: Path) -> int:
    """A descriptor of a lock file, made if it is not there."""
    with explain_os_errors(file):
        return os.open(file, os.O_RDWR | os.O_CREAT, 0o600)


def try_lock(lock: int, kind: int) -> bool:
    """Take a lock without waiting."""
    try:
        fcntl.flock(lock, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def write_pid(lock: int, pid: int) -> None:
    """Write into a lock file who holds it."""
    os.truncate(lock, 0)
    os.pwrite(lock, str(pid).encode(), 0)
