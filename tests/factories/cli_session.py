"""Run commands of `oim` one after the other in one process, so that its imports are paid once.

Processes of sessions are forks of one, the nursery, which has imported what is the same in all languages.
Run as a program it is the nursery: it reads descriptors with an environment for each session, from a socket.
A session reads a list of arguments a line, and writes a result a line.
"""

import contextlib
import io
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from types import TracebackType

LIMIT = 600  # seconds; only a command that hangs takes as long
REQUEST_LIMIT = 1_000_000  # bytes
# What takes long to import. None is of the command line, whose help is in the language it is imported in.
SHARED = (
    *("oim.adapters.engine_http", "oim.apps.up", "oim.bootstrap", "oim.channels.terminal"),
    *("oim.features.evaluation", "oim.features.ingestion", "oim.features.matching"),
)


@dataclass(frozen=True)
class Result:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str


@cache
def _nursery() -> socket.socket:
    """Start the nursery, which ends with this process; returns the socket that it reads."""
    ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with its:
        command = [sys.executable, "-X", "utf8", __file__, str(its.fileno())]
        process = subprocess.Popen(command, pass_fds=[its.fileno()])
    process.returncode = 0  # nobody waits for it
    return ours


class CliSession:
    """A process in a folder that runs commands, with their OIM_HOME below the folder."""

    def __init__(self, folder: Path, **environment: str) -> None:
        inherited = {
            name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "OIM_"))
        }
        defaults = {"OIM_HOME": str(folder / "home"), "PYTHONUTF8": "1", "COLUMNS": "100"}
        request = {"folder": str(folder), "environment": inherited | defaults | environment}
        ours, its = socket.socketpair()
        with its:
            socket.send_fds(_nursery(), [json.dumps(request).encode()], [its.fileno()])
        self._socket, self._lines = ours, ours.makefile("rw", encoding="utf-8")
        self._pid = int(self._lines.readline())

    def __enter__(self) -> "CliSession":
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        """Wait until the process has ended."""
        self._socket.shutdown(socket.SHUT_WR)
        self._lines.readlines()
        self._lines.close()
        self._socket.close()

    def run(self, *arguments: str) -> Result:
        """Run one command to its end."""
        limit = threading.Timer(LIMIT, os.kill, [self._pid, signal.SIGKILL])
        limit.start()
        try:
            self._lines.write(f"{json.dumps(arguments)}\n")
            self._lines.flush()
            return Result(**json.loads(self._lines.readline()))
        finally:
            limit.cancel()


def run_all(commands: list[list[str]], folder: Path, **environment: str) -> list[Result]:
    """Run commands in a folder, with their OIM_HOME below it."""
    with CliSession(folder, **environment) as session:
        return [session.run(*command) for command in commands]


def _run(arguments: list[str]) -> dict[str, object]:
    from oim.apps.cli import main  # noqa: PLC0415 - in the language of the session

    sys.argv = ["oim", *arguments]
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main()
            code: object = 0
        except SystemExit as end:
            code = end.code or 0
    return {"code": code, "out": out.getvalue(), "err": err.getvalue()}


def _serve_session(lines: socket.socket, folder: str, environment: dict[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    os.dup(lines.fileno())  # closed by the end of this process, for which the caller waits
    with lines.makefile("rw", encoding="utf-8") as file:
        print(os.getpid(), file=file, flush=True)
        for line in file:
            print(json.dumps(_run(json.loads(line))), file=file, flush=True)


def _fork_sessions(requests: socket.socket) -> None:
    """Fork a process for each session that is asked for, until nobody can ask."""
    for name in SHARED:
        import_module(name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel buries them
    while True:
        request, descriptors, _, _ = socket.recv_fds(requests, REQUEST_LIMIT, 1)
        if not request:
            return
        with socket.socket(fileno=descriptors[0]) as lines:
            if os.fork() == 0:
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                requests.close()
                _serve_session(lines, **json.loads(request))
                return


if __name__ == "__main__":
    _fork_sessions(socket.socket(fileno=int(sys.argv[1])))
