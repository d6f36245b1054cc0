"""The folder of the embedded engines: what lies where, and private files written whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from oim.kit import files
from oim.kit.errors import BadInputError
from oim.kit.i18n import mark


@dataclass(frozen=True, slots=True)
class Home:
    """The places inside OIM_HOME; `root` is absolute."""

    root: Path

    @property
    def run(self) -> Path:
        """Locks, secrets and the state of what runs; only this user may enter."""
        return self.root / "run"

    @property
    def lock(self) -> Path:
        """Held by the process that started the servers."""
        return self.run / "stack.lock"

    @property
    def clients_lock(self) -> Path:
        """Held by the other commands that use the servers."""
        return self.run / "clients.lock"

    @property
    def state(self) -> Path:
        """What runs and how to reach it, while it runs."""
        return self.run / "stack.json"

    @property
    def log(self) -> Path:
        return self.root / "log"

    @property
    def postgres(self) -> Path:
        return self.root / "postgres"

    @property
    def valkey(self) -> Path:
        return self.root / "valkey"

    @property
    def secrets_file(self) -> Path:
        """Passwords that must outlive a run."""
        return self.run / "secrets.json"

    def read_secret(self, name: str) -> str | None:
        return read_json(self.secrets_file).get(name)

    def save_secret(self, name: str, value: str) -> None:
        write_json(self.secrets_file, {**read_json(self.secrets_file), name: value})


def open_home(folder: Path) -> Home:
    """The home in `folder`, made if it is not there. BadInputError where it cannot be."""
    home = Home(folder.absolute())
    with explain_os_errors(home.root):
        home.root.mkdir(parents=True, exist_ok=True)
        for private in (home.run, home.log, home.valkey):
            private.mkdir(mode=0o700, exist_ok=True)
    return home


@contextmanager
def explain_os_errors(path: Path) -> Iterator[None]:
    """Turn the system's refusal to write at `path` into words that say what to do."""
    try:
        yield
    except (FileExistsError, NotADirectoryError) as problem:
        raise BadInputError(
            mark("%(path)s is not a folder, or lies under a file. Set OIM_HOME to a folder."),
            field="home",
            path=problem.filename or path,
        ) from problem
    except OSError as problem:
        raise BadInputError(
            mark(
                "OIM cannot write %(path)s (%(reason)s). "
                "Give this user the right, free some space, or set OIM_HOME to another folder."
            ),
            field="home",
            path=problem.filename or path,
            reason=problem.strerror,
        ) from problem


def read_json(file: Path) -> dict[str, Any]:
    """The object in a file; an empty one where the file is missing or broken."""
    try:
        value = json.loads(file.read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def write_json(file: Path, value: Mapping[str, Any]) -> None:
    """Write an object that only this user may read."""
    write_private_text(file, json.dumps(value, indent=1))


def write_private_text(file: Path, text: str) -> None:
    """Replace a file at once, so that whoever reads it sees the old text or the new one."""
    with explain_os_errors(file):
        files.write_private(file, text.encode())
