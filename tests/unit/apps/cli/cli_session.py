"""Run several commands of `oim` one after the other in one process, so that its imports are paid once.

Read as a program: a list of argument lists on standard input, a list of results on standard output.
"""

import contextlib
import io
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from oim.apps.cli import main


@dataclass(frozen=True)
class Result:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str


def run_all(commands: list[list[str]], folder: Path, **environment: str) -> list[Result]:
    """Run commands in a folder, with their OIM_HOME below it."""
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "OIM_"))
    }
    process = subprocess.run(
        [sys.executable, __file__],
        input=json.dumps(commands),
        capture_output=True,
        text=True,
        check=True,
        cwd=folder,
        timeout=120,
        env=inherited | {"OIM_HOME": str(folder / "home"), "PYTHONUTF8": "1", "COLUMNS": "100"} | environment,
    )
    return [Result(**result) for result in json.loads(process.stdout)]


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
    print(json.dumps([_run(arguments) for arguments in json.load(sys.stdin)]))
