"""Child processes: each with its log, its lock, a probe that says when it is ready, and an orderly end."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from oim.apps.up.command_prefixes import die_with_parent
from oim.apps.up.home import Home, explain_os_errors
from oim.apps.up.interrupts import INTERRUPTS
from oim.apps.up.locks import open_lock, try_lock, write_pid
from oim.kit.errors import ConflictError, UnavailableError
from oim.kit.i18n import mark
from oim.kit.settings import Settings

LOG_LIMIT = 10_000_000  # bytes
STOP_TIMEOUT = 10.0  # seconds that a child has to end
LOG_TAIL = 65_536  # bytes
POLL_INTERVAL = 0.05  # seconds


class PortTakenError(UnavailableError):
    """Somebody took the child's port between our choice and its start."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How one child is run; `settings` is what everyone is told once it is ready."""

    name: str
    command: Sequence[str]
    settings: Settings
    is_ready: Callable[[str], bool]  # given what the child has logged since its start
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    prefix: Sequence[str] = ()
    before_start: Callable[[], None] = lambda: None  # runs when nothing of an earlier run is left
    stop_signal: signal.Signals = signal.SIGTERM
    start_timeout: float = 60  # seconds until it must be ready


class Child:
    """One process of ours. It must be started by a thread that lives as long as the child should."""

    def __init__(self, plan: Plan, home: Home) -> None:
        self.plan = plan
        self.log = home.log / f"{plan.name}.log"
        self._lock_file = home.run / f"{plan.name}.lock"
        self._process: subprocess.Popen[bytes] | None = None
        self._log_start = 0

    def start(self) -> None:
        """Start it, once whatever an earlier run left of it is gone."""
        lock = lock_child(self._lock_file, self.plan.name)
        try:
            self.plan.before_start()
            with INTERRUPTS.defer():
                self._process = self._spawn(lock)
                write_pid(lock, self._process.pid)
        finally:
            os.close(lock)

    def _spawn(self, lock: int) -> subprocess.Popen[bytes]:
        """The child inherits the lock: it is free only when the child and all its descendants are gone."""
        command = [*self.plan.prefix, *die_with_parent(self.plan.stop_signal), *self.plan.command]
        with explain_os_errors(self.log):
            rotate_log(self.log)
            output = self.log.open("ab")
        with output:
            self._log_start = output.tell()
            try:
                return subprocess.Popen(  # noqa: S603 (a fixed program)
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    env=self.plan.environment,
                    cwd=self.log.parent,  # Python would take modules from the folder we were started in
                    start_new_session=True,
                    pass_fds=(lock,),
                )
            except OSError as problem:
                raise UnavailableError(
                    mark("%(name)s cannot be run (%(reason)s). Run `make install`."),
                    name=self.plan.name,
                    reason=problem,
                ) from problem

    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def wait_ready(self) -> None:
        """Return when the probe says so; UnavailableError if it dies or takes too long."""
        deadline = time.monotonic() + self.plan.start_timeout
        while self.is_alive():
            if self.plan.is_ready(self._read_log()) and self.is_alive():
                return
            if time.monotonic() > deadline:
                raise self.make_error(mark("%(name)s did not become ready. The end of %(log)s:\n%(lines)s"))
            time.sleep(POLL_INTERVAL)
        if "address already in use" in self._read_log().lower():
            raise PortTakenError(mark("The port of %(name)s was taken. Start again."), name=self.plan.name)
        raise self.make_error(mark("%(name)s stopped. The end of %(log)s:\n%(lines)s"))

    def stop(self) -> None:
        """Ask it to end, insist after 10 seconds; nothing of its group stays."""
        if self._process is None:
            return
        if self.is_alive():
            self._process.send_signal(self.plan.stop_signal)
        try:
            self._process.wait(STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            pass
        finally:
            kill_group(self._process.pid)
            self._process.wait()
            self._process = None

    def make_error(self, message: str) -> UnavailableError:
        """An error whose message may name the child, its log and the log's last lines."""
        lines = "\n".join(self._read_log().splitlines()[-5:])
        return UnavailableError(message, name=self.plan.name, log=self.log, lines=lines)

    def _read_log(self) -> str:
        with self.log.open("rb") as log:
            log.seek(max(self._log_start, log.seek(0, os.SEEK_END) - LOG_TAIL))
            return log.read().decode(errors="replace")


def rotate_log(log: Path) -> None:
    """Put a log aside that has grown too long."""
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.replace(log.with_name(f"{log.name}.1"))


def lock_child(file: Path, name: str) -> int:
    """The lock of a child, as a descriptor to hand to it.

    A child of an earlier run that still holds it was told to end; it gets its 10 seconds and is then killed.
    """
    lock = open_lock(file)
    if not _try_lock_for(lock, STOP_TIMEOUT):
        owner = int(os.read(lock, 20) or 0)
        if owner:
            kill_group(owner)
        if not _try_lock_for(lock, STOP_TIMEOUT):
            os.close(lock)
            raise ConflictError(
                mark("%(name)s of an earlier run (process %(pid)s) does not end. End it, then start again."),
                name=name,
                pid=owner,
            )
    return lock


def _try_lock_for(lock: int, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not (taken := try_lock(lock, fcntl.LOCK_EX)) and time.monotonic() < deadline:
        time.sleep(POLL_INTERVAL)
    return taken


def kill_group(pid: int) -> None:
    """Kill a child and every process of its group that is left."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return
