"""Connections are told by the URL alone: `PG…` variables of the environment reach none."""

from pathlib import Path

import pytest
from sqlalchemy import text

from oim.apps.up import running_services
from oim.bootstrap import migrate_database
from oim.kit.db import Database
from oim.kit.settings import Settings

LIBPQ_VARIABLES = {
    "PGHOST": "192.0.2.1",
    "PGHOSTADDR": "127.0.0.9",
    "PGPORT": "1",
    "PGUSER": "nobody",
    "PGPASSWORD": "wrong",
    "PGPASSFILE": "/none",
    "PGDATABASE": "none",
    "PGSERVICE": "production",
    "PGSERVICEFILE": "/none",
    "PGSSLMODE": "verify-full",
    "PGCLIENTENCODING": "LATIN1",
    "PGOPTIONS": "-c default_transaction_read_only=on",
    "PGTZ": "Asia/Tokyo",
    "PGDATESTYLE": "SQL, DMY",
    "PGTARGETSESSIONATTRS": "standby",
    "PGCONNECT_TIMEOUT": "-1",
    "PGDATA": "/none",
    "PGAPPNAME": "other",
}


@pytest.mark.parametrize("name", LIBPQ_VARIABLES)
def test_no_variable_reaches_a_connection(postgres: str, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    database = Database(postgres, pool_size=1)
    monkeypatch.setenv(name, LIBPQ_VARIABLES[name])  # after the pool was made, before it connects
    try:
        with database.write() as session:
            session.execute(text("CREATE TEMPORARY TABLE words (word text)"))
            session.execute(text("INSERT INTO words VALUES ('œuvre')"))
            assert session.scalar(text("SELECT word FROM words")) == "œuvre"
            assert session.scalar(text("SHOW datestyle")).startswith("ISO")
            assert session.scalar(text("SHOW timezone")) != "Asia/Tokyo"
            assert session.scalar(text("SHOW application_name")) == "oim"
    finally:
        database.close()


def test_the_encoding_is_not_that_of_the_role(postgres: str) -> None:
    database = Database(postgres, pool_size=1)
    try:
        with database.write() as session:
            session.execute(text("ALTER ROLE CURRENT_USER SET client_encoding = 'LATIN1'"))
        database.close()
        with database.read() as session:
            assert session.scalar(text("SELECT 'œ'")) == "œ"
        with database.write() as session:
            session.execute(text("ALTER ROLE CURRENT_USER RESET client_encoding"))
    finally:
        database.close()


def test_a_new_home_is_made_and_reached_among_all_of_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, value in LIBPQ_VARIABLES.items():
        monkeypatch.setenv(name, value)
    with running_services(Settings(home=tmp_path / "home"), ("postgres",), lambda _: None) as settings:
        migrate_database(settings)
