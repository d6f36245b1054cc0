"""Child processes of the stack: each has a log, a lock, a readiness probe and an orderly stop."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from oim.apps.backoff import describe_status
from oim.apps.up.command_prefixes import die_with_parent
from oim.apps.up.home import Home, explain_os_errors
from oim.apps.up.interrupts import INTERRUPTS
from oim.apps.up.locks import PID_LENGTH, open_lock, try_lock, write_pid
from oim.apps.up.logs import drop_log, read_tail, rotate_log
from oim.kit.environment import PRIVATE_UMASK, clean_environment
from oim.kit.errors import ConflictError, UnavailableError
from oim.kit.i18n import mark
from oim.kit.settings import Settings

STOP_TIMEOUT = 10.0  # seconds a child has to end before it is killed
POLL_INTERVAL = 0.05  # seconds between two looks at a child or a lock


class PortTakenError(UnavailableError):
    """Raised when another process took the child's port between our choosing it and the child binding it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How one child is run. `settings` are those the rest of the stack uses once the child is ready."""

    name: str
    command: Sequence[str]
    settings: Settings
    # Called with what the child has logged since its start. Returns None once the child is ready, else why it
    # is not: the words of the system or the server, or "" where the log says all there is to say.
    probe: Callable[[str], str | None]
    environment: Mapping[str, str] = field(default_factory=clean_environment)
    prefix: Sequence[str] = ()  # of the command, to run it as another user
    before_start: Callable[[], None] = lambda: None  # runs once no process of an earlier run remains
    stop_signal: signal.Signals = signal.SIGTERM
    start_timeout: float = 60  # seconds until it must be ready


class Child:
    """One process that we start and stop.

    The thread that starts it must live as long as the child should: see `die_with_parent`.
    """

    def __init__(self, plan: Plan, home: Home) -> None:
        self.plan = plan
        self.log = home.log / f"{plan.name}.log"
        self._lock_file = home.run / f"{plan.name}.lock"
        self._process: subprocess.Popen[bytes] | None = None
        self._log_start = 0
        self._deadline = 0.0  # until which it must be ready, on the monotonic clock

    def start(self) -> None:
        """Start the process, once the same child of an earlier run has ended."""
        lock = lock_child(self._lock_file, self.plan.name)
        try:
            self.plan.before_start()
            # Ctrl-C between the fork and this assignment would leave a child that nobody knows to stop.
            with INTERRUPTS.defer():
                self._process = self._spawn(lock)
                self._deadline = time.monotonic() + self.plan.start_timeout
                write_pid(lock, self._process.pid)
        finally:
            os.close(lock)  # the child keeps its inherited copy, and with it the lock

    def _spawn(self, lock: int) -> subprocess.Popen[bytes]:
        """Start the process with its output appended to the log. Raises UnavailableError if it cannot run.

        The child inherits the lock, so the lock is free only when the child and all its descendants ended.
        """
        # Changing the user clears the parent-death signal, so that prefix comes first.
        command = [*self.plan.prefix, *die_with_parent(self.plan.stop_signal), *self.plan.command]
        with explain_os_errors(self.log):
            rotate_log(self.log)
            # Private whatever the umask of whoever starts us.
            output = os.fdopen(os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")
        with output:
            self._log_start = output.tell()
            try:
                return subprocess.Popen(  # noqa: S603 (a fixed program)
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    env=self.plan.environment,
                    cwd=self.log.parent,  # Python would import modules from the folder we were started in
                    umask=PRIVATE_UMASK,
                    start_new_session=True,  # Ctrl-C at the terminal reaches us alone; we stop the children
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
        """Return once the child is ready. Raises as `check_ready` does."""
        while not self.check_ready():
            time.sleep(POLL_INTERVAL)

    def check_ready(self) -> bool:
        """Return whether the probe succeeds. Raises UnavailableError if the child died or takes too long.

        Raises PortTakenError if it died because its port was taken.
        """
        if self.is_alive():
            obstacle = self.plan.probe(self._read_log())
            # Alive again after the probe: another server on the same port could have answered it.
            if self.is_alive():
                if obstacle is not None and time.monotonic() > self._deadline:
                    raise self._make_unready_error(obstacle)
                return obstacle is None
        # The words of EADDRINUSE, which PostgreSQL, Valkey and uvicorn all log before they exit.
        if "address already in use" in self._read_log().lower():
            raise PortTakenError(mark("The port of %(name)s was taken. Start again."), name=self.plan.name)
        raise self.make_error(mark("%(name)s stopped. The end of %(log)s:\n%(lines)s"))

    def describe_end(self) -> str:
        """Describe how the process ended, while it has not been stopped."""
        return describe_status(self._process.poll() if self._process else None)

    def last_line(self) -> str:
        """Return the last line that the child logged, or an empty text."""
        return next(reversed(self._read_log().split("\n")[:-1]), "").strip()

    def limit_log(self, *, drop: bool) -> None:
        """Rotate the log of a child that runs, or `drop` what it holds. Raises OSError."""
        if (drop_log if drop else rotate_log)(self.log):
            self._log_start = 0

    def stop(self) -> None:
        """Ask the process to end, and kill its whole process group after at most `STOP_TIMEOUT` seconds."""
        if self._process is None:
            return
        if self.is_alive():
            self._process.send_signal(self.plan.stop_signal)
        try:
            self._process.wait(STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            pass
        finally:
            # Also after an orderly end: descendants of the child may have outlived it.
            kill_group(self._process.pid)
            self._process.wait()
            self._process = None

    def _make_unready_error(self, obstacle: str | None) -> UnavailableError:
        """Make the error of a child that is not ready in time: its log alone may hold only healthy lines."""
        if not obstacle:
            return self.make_error(mark("%(name)s did not become ready. The end of %(log)s:\n%(lines)s"))
        return self.make_error(
            mark("%(name)s did not become ready: %(obstacle)s\nThe end of %(log)s:\n%(lines)s"),
            obstacle=obstacle,
        )

    def make_error(self, message: str, **values: str) -> UnavailableError:
        """Make an error; `message` may use `%(name)s`, `%(log)s`, `%(lines)s` and `values`.

        The lines are the last five of the log.
        """
        lines = "\n".join(self._read_log().splitlines()[-5:])
        return UnavailableError(message, name=self.plan.name, log=self.log, lines=lines, **values)

    def _read_log(self) -> str:
        """Read what the child logged since its start."""
        return read_tail(self.log, self._log_start)


def lock_child(file: Path, name: str) -> int:
    """Take the lock of a child and return its file descriptor, for the child to inherit.

    If a child of an earlier run still has the lock, its parent's end has already signalled it to stop: wait
    for `STOP_TIMEOUT` seconds, then kill it. Raises ConflictError if it does not end even then.
    """
    lock = open_lock(file)
    if not _try_lock_for(lock, STOP_TIMEOUT):
        owner = int(os.read(lock, PID_LENGTH) or 0)  # empty until the child is spawned
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
    """Try to take an exclusive lock for so many seconds; return whether it was acquired."""
    deadline = time.monotonic() + seconds
    while not (acquired := try_lock(lock, fcntl.LOCK_EX)) and time.monotonic() < deadline:
        time.sleep(POLL_INTERVAL)
    return acquired


def kill_group(pid: int) -> None:
    """Kill a child and every remaining process of its group; do nothing if there is none."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return  # already gone, or its number now belongs to another user's process
