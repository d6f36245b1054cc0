"""The data of the embedded PostgreSQL: made once and whole, checked, freed of what a killed server left."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from oim.apps.up.command_prefixes import RunAs, choose_unprivileged, die_with_parent
from oim.apps.up.home import Home, explain_os_errors, write_private_text
from oim.kit.errors import ConflictError, UnavailableError
from oim.kit.i18n import mark

ROLE = "oim"
CANNOT_CREATE = mark(
    "The database cannot be made in %(folder)s:\n%(lines)s\n"
    "Mend this (free some space, or set OIM_HOME to another folder), then start again."
)
# "C" for what the system's own locales decide, since C.UTF-8 is missing from some systems.
BUILTIN_LOCALE = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")
SYSTEM_LOCALE = ("--locale=C.UTF-8",)  # before 17, the first release with locales of its own


@dataclass(frozen=True, slots=True)
class Programs:
    """PostgreSQL's programs in one folder."""

    folder: Path

    @property
    def server(self) -> Path:
        return self.folder / "postgres"

    def read_version(self) -> int:
        """The major version."""
        try:
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
    """Make the data if it is not there; ConflictError if another release of PostgreSQL made it."""
    release = programs.read_version()
    made_by = home.postgres / "PG_VERSION"
    if not made_by.exists():
        _create_data(programs, release, home)
    elif (found := made_by.read_text().strip()) != str(release):
        raise ConflictError(
            mark(
                "PostgreSQL %(found)s made %(folder)s and PostgreSQL %(release)s cannot read it. "
                "Set OIM_POSTGRES_BIN to the programs of %(found)s, or OIM_HOME to another folder."
            ),
            found=found,
            folder=home.postgres,
            release=release,
        )


def _create_data(programs: Programs, version: int, home: Home) -> None:
    """Make the data beside its place and move it there whole, so that a kill leaves nothing half-made."""
    with explain_os_errors(home.root):
        for leftover in home.root.glob("postgres.new.*"):
            shutil.rmtree(leftover)
        place = Path(tempfile.mkdtemp(prefix="postgres.new.", dir=home.root))
        try:
            password = secrets.token_hex(24)
            write_private_text(place / "password", password)
            _initdb(programs, version, place)
            home.save_secret("postgres", password)
            (place / "data").replace(home.postgres)
        finally:
            shutil.rmtree(place, ignore_errors=True)


def _initdb(programs: Programs, version: int, folder: Path) -> None:
    """Make `place/data` with the password in `place/password`."""
    (folder / "data").mkdir(mode=0o700)
    way = choose_unprivileged(programs.server, folder)
    done = _run(
        *(*way.prefix, *die_with_parent(signal.SIGTERM), str(programs.folder / "initdb")),
        f"--pgdata={folder / 'data'}",
        f"--username={ROLE}",
        f"--pwfile={folder / 'password'}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        *(BUILTIN_LOCALE if version >= 17 else SYSTEM_LOCALE),
    )
    if done.returncode:
        lines = "\n".join((done.stdout + done.stderr).splitlines()[-5:])
        raise UnavailableError(CANNOT_CREATE, folder=folder.parent, lines=lines)


def prepare_start(programs: Programs, run_as: RunAs, home: Home, password: str) -> None:
    """Prepare the data for a start, when no earlier server of ours is left; set a password that was lost."""
    _delete_stale_pid_file(home.postgres)
    if home.read_secret("postgres") is None:
        command = f"ALTER ROLE {ROLE} PASSWORD '{password}'\n"
        single = ("--single", "-D", str(home.postgres), "postgres")
        _run(*run_as.prefix, str(programs.server), *single, stdin_text=command)
        home.save_secret("postgres", password)


def _delete_stale_pid_file(data: Path) -> None:
    """Remove a killed server's pid file: PostgreSQL would not start if its number is another process's now.

    A server on this data that lives all the same was started by hand; servers work in their data's folder.
    """
    file = data / "postmaster.pid"
    if not file.exists() or not Path("/proc/self").exists():
        return
    pid = file.read_text().partition("\n")[0]
    try:
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
    environment = {**os.environ, "LC_ALL": "C"}  # so that messages are in English
    return subprocess.run(  # noqa: S603 (fixed programs)
        command, input=stdin_text, capture_output=True, text=True, env=environment, check=False
    )
