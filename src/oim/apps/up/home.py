"""The home folder (OIM_HOME) of the embedded servers: its layout, and its private JSON files."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from oim.kit import files
from oim.kit.errors import BadInputError
from oim.kit.i18n import mark

# The folders of a home. The home itself may be a folder that holds other things too, so it stays as it is.
FOLDERS = ("run", "log", "postgres", "valkey", "keys", "blobs", "inbox", "index", "cache")


@dataclass(frozen=True, slots=True)
class Home:
    """The paths inside OIM_HOME; `root` is absolute."""

    root: Path

    @property
    def run(self) -> Path:
        """The folder of locks, secrets and the state of the running stack; only this user may enter it."""
        return self.root / "run"

    @property
    def lock(self) -> Path:
        """The lock file of the process that runs the servers: see `StackLock`."""
        return self.run / "stack.lock"

    @property
    def clients_lock(self) -> Path:
        """The lock file that other commands share while they use the servers: see `share_lock`."""
        return self.run / "clients.lock"

    @property
    def state(self) -> Path:
        """The file that says what runs and how to reach it, while other commands may use it."""
        return self.run / "stack.json"

    @property
    def log(self) -> Path:
        """The folder of the child processes' logs."""
        return self.root / "log"

    @property
    def postgres(self) -> Path:
        """The data folder of the embedded PostgreSQL."""
        return self.root / "postgres"

    @property
    def valkey(self) -> Path:
        """The data folder of the embedded Valkey."""
        return self.root / "valkey"

    @property
    def secrets_file(self) -> Path:
        """The file of passwords that must outlive a run."""
        return self.run / "secrets.json"

    def read_secret(self, name: str) -> str | None:
        """Read one password; None if it was never saved, or its file is lost."""
        return read_json(self.secrets_file).get(name)

    def save_secret(self, name: str, value: str) -> None:
        """Save one password beside the others."""
        write_json(self.secrets_file, {**read_json(self.secrets_file), name: value})


def open_home(folder: Path) -> Home:
    """Open the home in `folder`, creating it if needed. Raises BadInputError where that is impossible."""
    home = Home(folder.absolute())
    with explain_os_errors(home.root):
        # As root, others may pass through it, and list nothing: PostgreSQL runs as one of them.
        home.root.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
        for private in (home.run, home.log, home.valkey):
            private.mkdir(mode=0o700, exist_ok=True)
        for name in FOLDERS:
            _close(home.root / name)
    return home


def _close(folder: Path) -> None:
    """Take from other users what they may do in a folder, if it is there: one of before was open to them."""
    with suppress(FileNotFoundError):
        mode = folder.stat().st_mode
        if mode & 0o077:
            folder.chmod(mode & 0o700)


@contextmanager
def explain_os_errors(path: Path) -> Iterator[None]:
    """Turn an OSError while writing at `path` into a BadInputError that says what to do."""
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
    """Read the JSON object in a file; return an empty one where the file is missing or broken."""
    try:
        value = json.loads(file.read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def write_json(file: Path, value: Mapping[str, Any]) -> None:
    """Write a JSON object to a file that only this user may read."""
    write_private_text(file, json.dumps(value, indent=1))


def write_private_text(file: Path, text: str) -> None:
    """Replace a file atomically: a reader sees the old text or the new one. Only this user may read it."""
    with explain_os_errors(file):
        files.write_private(file, text.encode())
