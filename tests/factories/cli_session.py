"""Run commands of `oim` one after the other in one process, so that its imports are paid once.

Read as a program: a list of arguments a line on standard input, a result a line on standard output.
"""

import contextlib
import io
import json
import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from oim.apps.cli import main

LIMIT = 600  # seconds; only a command that hangs takes as long


@dataclass(frozen=True)
class Result:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str


class CliSession:
    """A process in a folder that runs commands, with their OIM_HOME below the folder."""

    def __init__(self, folder: Path, **environment: str) -> None:
        inherited = {
            name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "OIM_"))
        }
        defaults = {"OIM_HOME": str(folder / "home"), "PYTHONUTF8": "1", "COLUMNS": "100"}
        self._process = subprocess.Popen(
            [sys.executable, __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            cwd=folder,
            env=inherited | defaults | environment,
        )

    def __enter__(self) -> "CliSession":
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        self._process.communicate()

    def run(self, *arguments: str) -> Result:
        """Run one command to its end."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        limit = threading.Timer(LIMIT, self._process.kill)
        limit.start()
        try:
            self._process.stdin.write(f"{json.dumps(arguments)}\n")
            self._process.stdin.flush()
            return Result(**json.loads(self._process.stdout.readline()))
        finally:
            limit.cancel()


def run_all(commands: list[list[str]], folder: Path, **environment: str) -> list[Result]:
    """Run commands in a folder, with their OIM_HOME below it."""
    with CliSession(folder, **environment) as session:
        return [session.run(*command) for command in commands]


def _run(arguments: list[str]) -> dict[str, object]:
    sys.argv = ["oim", *arguments]
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main()
            code: object = 0
        except SystemExit as end:
            code = end.code or 0
    return {"code": code, "out": out.getvalue(), "err": err.getvalue()}


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(_run(json.loads(line))), flush=True)
