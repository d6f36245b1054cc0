"""The data folder of the embedded PostgreSQL: created whole, version checked, cleaned up after a kill."""

from __future__ import annotations

import re
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from oim.apps.up.command_prefixes import choose_unprivileged, die_with_parent
from oim.apps.up.home import Home, explain_os_errors, write_private_text
from oim.apps.up.postgres_roles import SECRETS, SUPERUSER
from oim.kit.environment import clean_environment
from oim.kit.errors import ConflictError, UnavailableError
from oim.kit.i18n import mark

CANNOT_CREATE = mark(
    "The database cannot be made in %(folder)s:\n%(lines)s\n"
    "Mend this (free some space, or set OIM_HOME to another folder), then start again."
)
# Text is sorted by PostgreSQL's own C.UTF-8, the same on every system. What the system's locales still
# decide uses "C", since C.UTF-8 is missing from some systems.
BUILTIN_LOCALE = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")
SYSTEM_LOCALE = ("--locale=C.UTF-8",)  # before 17, the first release with locales of its own


@dataclass(frozen=True, slots=True)
class Programs:
    """The PostgreSQL programs in one folder."""

    folder: Path

    @property
    def server(self) -> Path:
        """The server program."""
        return self.folder / "postgres"

    def read_version(self) -> int:
        """Run the server program for its major version. Raises UnavailableError if it does not run here."""
        try:
            # `postgres (PostgreSQL) 17.2` -> 17
            return int(re.findall(r"\d+", _run(str(self.server), "--version").stdout)[0])
        except (OSError, IndexError) as problem:
            raise UnavailableError(
                mark(
                    "%(program)s does not run here (%(reason)s). Set OIM_POSTGRES_BIN to another PostgreSQL."
                ),
                program=self.server,
                reason=problem,
            ) from problem


def ensure_data(programs: Programs, home: Home) -> None:
    """Create the data if there is none. Raises ConflictError if another major version created it."""
    release = programs.read_version()
    version_file = home.postgres / "PG_VERSION"  # initdb writes it, with the major version alone
    if not version_file.exists():
        _create_data(programs, release, home)
    elif (data_version := version_file.read_text().strip()) != str(release):
        raise ConflictError(
            mark(
                "PostgreSQL %(found)s made %(folder)s and PostgreSQL %(release)s cannot read it. "
                "Set OIM_POSTGRES_BIN to the programs of %(found)s, or OIM_HOME to another folder."
            ),
            found=data_version,
            folder=home.postgres,
            release=release,
        )


def _create_data(programs: Programs, version: int, home: Home) -> None:
    """Create the data in a folder beside its final one, then move it: a kill leaves nothing half-made."""
    with explain_os_errors(home.root):
        # Left by a run that was killed in here; only one process at a time has the home's lock.
        for leftover in home.root.glob("postgres.new.*"):
            shutil.rmtree(leftover)
        folder = Path(tempfile.mkdtemp(prefix="postgres.new.", dir=home.root))
        try:
            password = secrets.token_hex(24)
            write_private_text(folder / "password", password)
            _initdb(programs, version, folder)
            # The password first: data without its password would need the repair of `prepare_start`.
            home.save_secret(SECRETS[SUPERUSER], password)
            (folder / "data").replace(home.postgres)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _initdb(programs: Programs, version: int, folder: Path) -> None:
    """Run initdb for `folder/data`, with the password in `folder/password`. Raises UnavailableError."""
    (folder / "data").mkdir(mode=0o700)
    unprivileged = choose_unprivileged(programs.server, folder)
    result = _run(
        *(*unprivileged, *die_with_parent(signal.SIGTERM), str(programs.folder / "initdb")),
        f"--pgdata={folder / 'data'}",
        f"--username={SUPERUSER}",
        f"--pwfile={folder / 'password'}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        *(BUILTIN_LOCALE if version >= 17 else SYSTEM_LOCALE),
    )
    if result.returncode:
        lines = "\n".join((result.stdout + result.stderr).splitlines()[-5:])
        raise UnavailableError(CANNOT_CREATE, folder=folder.parent, lines=lines)


def prepare_start(programs: Programs, unprivileged: Sequence[str], home: Home, password: str) -> None:
    """Prepare the data for a start, once no earlier server of ours remains; replace a lost password."""
    _delete_stale_pid_file(home.postgres)
    if home.read_secret(SECRETS[SUPERUSER]) is None:
        # Single-user mode asks for no password. It runs the SQL on standard input, one statement per line.
        command = f"ALTER ROLE {SUPERUSER} PASSWORD '{password}'\n"
        single = ("--single", "-D", str(home.postgres), "postgres")
        _run(*unprivileged, str(programs.server), *single, stdin_text=command)
        home.save_secret(SECRETS[SUPERUSER], password)


def _delete_stale_pid_file(data: Path) -> None:
    """Delete the pid file of a killed server, whose pid may be another process's by now.

    PostgreSQL would take that process for a running server and refuse to start. Raises ConflictError if a
    server really runs on this data: somebody started it by hand.
    """
    file = data / "postmaster.pid"
    if not file.exists() or not Path("/proc/self").exists():
        return  # nothing to delete, or a system on which we cannot tell whether the process is a server
    pid = file.read_text().partition("\n")[0]  # the first line is the pid
    try:
        # A PostgreSQL server changes into its data folder, so its working folder identifies it.
        live = Path(f"/proc/{int(pid)}/cwd").samefile(data)
    except (OSError, ValueError):
        live = False
    if live:
        raise ConflictError(
            mark(
                "PostgreSQL (process %(pid)s) already runs on %(folder)s. "
                "Stop it (kill -INT %(pid)s), then start again."
            ),
            pid=pid,
            folder=data,
        )
    file.unlink()


def _run(*command: str, stdin_text: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run a PostgreSQL program to its end and capture what it prints."""
    environment = {**clean_environment(), "LC_ALL": "C"}  # so that messages are in English
    return subprocess.run(  # noqa: S603 (fixed programs)
        command, input=stdin_text, capture_output=True, text=True, env=environment, check=False
    )
