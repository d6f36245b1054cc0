"""A guard over tests: nothing that waits is called while a database session of the same thread is open.

Waiting are: sleeping, other processes, the network (Valkey, the engine, gateways), the store of files, the
engine in this process (in production it is another), slow hashes, and a second session, which has to wait
for a connection.
"""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

import argon2

from oim.adapters.blob_folder import FolderBlobs
from oim.adapters.simulator import Inbox
from oim.features.matching.service import LocalEngine
from oim.kit.db import Database

# Python itself tells of these whatever name they are imported by.
AUDITED = frozenset({"time.sleep", "subprocess.Popen", "os.posix_spawn", "socket.connect", "socket.sendto"})
WAITING_METHODS: tuple[tuple[type[Any], tuple[str, ...]], ...] = (
    (socket.socket, ("send", "sendall", "sendmsg")),
    (argon2.PasswordHasher, ("hash", "verify")),
    (FolderBlobs, ("put", "open", "delete", "keys")),
    (Inbox, ("send",)),
    (
        LocalEngine,
        ("recommend", "recommend_for_person", "find_by_words", "index_pending", "swap", "health"),
    ),
)


class WaitInSessionError(AssertionError):
    """Something waits while a database session is open: its connection is kept from everybody else."""


class SessionGuard:
    """Refuses waits in open sessions, and remembers them, as a caller may have caught the refusal."""

    def __init__(self) -> None:
        self._threads = threading.local()
        self.refused: list[str] = []
        self._is_paused = False

    @property
    def is_session_open(self) -> bool:
        """Whether this thread has a session open."""
        return bool(getattr(self._threads, "is_open", False))

    def check(self, what: str) -> None:
        """Refuse what waits, if a session of this thread is open."""
        if self.is_session_open and not self._is_paused:
            self.refused.append(what)
            raise WaitInSessionError(f"{what} while a database session is open")

    @contextmanager
    def pause(self) -> Iterator[None]:
        """Refuse nothing during the block, of a test that opens sessions one inside the other on purpose."""
        self._is_paused = True
        try:
            yield
        finally:
            self._is_paused = False

    def install(self) -> None:
        """Watch sessions and everything that waits, for as long as this process lives."""
        for name in ("read", "read_stale", "write"):
            setattr(Database, name, self._mark(getattr(Database, name), f"Database.{name}"))
        for owner, names in WAITING_METHODS:
            for name in names:
                setattr(owner, name, self._refuse(getattr(owner, name), f"{owner.__name__}.{name}"))
        sys.addaudithook(lambda event, _: self.check(event) if event in AUDITED else None)

    def _mark(self, open_session: Callable[..., Any], what: str) -> Callable[..., Any]:
        """Wrap a method that opens a session so that its block counts as an open session."""

        @contextmanager
        def open_marked(*args: Any, **values: Any) -> Iterator[Any]:
            self.check(what)
            self._threads.is_open = True
            try:
                with open_session(*args, **values) as session:
                    yield session
            finally:
                self._threads.is_open = False

        return open_marked

    def _refuse(self, method: Callable[..., Any], what: str) -> Callable[..., Any]:
        """Wrap a method that waits."""

        @wraps(method)
        def checked(*args: Any, **values: Any) -> Any:
            self.check(what)
            return method(*args, **values)

        return checked
