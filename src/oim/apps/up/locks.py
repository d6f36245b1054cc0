"""Who may start servers on a home, and who only uses them. A lock ends with its process, in any case."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from oim.apps.up.home import explained


class Lock:
    """The right to start servers on one home. One process has it; its number stands in the file."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._held: int | None = None

    def take(self) -> bool:
        """Take the right if it is free."""
        lock = open_lock(self._file)
        if not grasp(lock, fcntl.LOCK_EX):
            os.close(lock)
            return False
        note(lock, os.getpid())
        self._held = lock
        return True

    def release(self) -> None:
        if self._held is not None:
            os.close(self._held)
            self._held = None

    def owner(self) -> int:
        """The process that took it last; 0 while one is just taking it."""
        return int(self._file.read_text() or 0)


@contextmanager
def sharing(file: Path) -> Iterator[bool]:
    """Be one of those who use the servers; false when their owner waits for the last one to leave."""
    lock = open_lock(file)
    try:
        yield grasp(lock, fcntl.LOCK_SH)
    finally:
        os.close(lock)


def wait_until_alone(file: Path, say: Callable[[], None]) -> None:
    """Return when nobody shares the file; `say` is called if that takes a while."""
    lock = open_lock(file)
    try:
        if not grasp(lock, fcntl.LOCK_EX):
            say()
            fcntl.flock(lock, fcntl.LOCK_EX)
    finally:
        os.close(lock)


def open_lock(file: Path) -> int:
    """A descriptor of a lock file, made if it is not there."""
    with explained(file):
        return os.open(file, os.O_RDWR | os.O_CREAT, 0o600)


def grasp(lock: int, kind: int) -> bool:
    """Take a lock without waiting."""
    try:
        fcntl.flock(lock, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def note(lock: int, pid: int) -> None:
    """Write into a lock file who holds it."""
    os.truncate(lock, 0)
    os.pwrite(lock, str(pid).encode(), 0)
