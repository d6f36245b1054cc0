"""What speaks as the application cannot leave its data: no key, no program, no change of the trail.

This is an attack by whoever can send any statement to the database through the application.
"""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from bench.superuser import superuser_url
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import text

from oim import bootstrap
from oim.apps.cli.database import prepare_database
from oim.apps.up import running_services
from oim.apps.up.home import Home, write_json
from oim.apps.up.postgres_roles import APPLICATION, OWNER, SECRETS, SUPERUSER
from oim.apps.up.services import build_environment
from oim.features.audit import Entry, record_entry, verify
from oim.kit.db.migrate import migrate
from oim.kit.errors import ConflictError
from oim.kit.settings import Settings

ATTACKS = {
    "read the ring": "SELECT pg_read_file('{ring}')",
    "read the ring as bytes": "SELECT pg_read_binary_file('{ring}')",
    "read the ring by COPY": "CREATE TEMP TABLE spoils (line text); COPY spoils FROM '{ring}'",
    "read the ring as a large object": "SELECT lo_import('{ring}')",
    "see that the ring is there": "SELECT pg_stat_file('{ring}')",
    "list the home": "SELECT pg_ls_dir('{home}')",
    "write a file": "COPY (SELECT 1) TO '{home}/written'",
    "run a program": "CREATE TEMP TABLE spoils (line text); COPY spoils FROM PROGRAM 'cat {ring}'",
    "run a program by COPY TO": "COPY (SELECT 1) TO PROGRAM 'cat > {home}/written'",
    "load a library": "LOAD '/usr/lib/evil.so'",
    "change the trail": "UPDATE audit SET action = 'none'",
    "delete from the trail": "DELETE FROM audit",
    "empty the trail": "TRUNCATE audit",
    "change the form of the trail": "ALTER TABLE audit ADD COLUMN x int",
    "take the trail for oneself": "ALTER TABLE audit OWNER TO CURRENT_USER",
    "switch the triggers off": "SET session_replication_role = replica",
    "drop a trigger": "DROP TRIGGER events_change ON events",
    "drop the trail": "DROP TABLE audit",
    "empty the events": "TRUNCATE events",
    "make a role": "CREATE ROLE spy",
    "become the owner": f"SET ROLE {OWNER}",
    "become the superuser": f"SET SESSION AUTHORIZATION {SUPERUSER}",
    "make oneself a superuser": "ALTER ROLE CURRENT_USER SUPERUSER",
    "read passwords": "SELECT * FROM pg_authid",
    "make a table": "CREATE TABLE spoils (line text)",
    "make a schema": "CREATE SCHEMA spoils",
    "make a database": "CREATE DATABASE spoils",
    "change a setting of the server": "ALTER SYSTEM SET archive_command = 'cat {ring}'",
    "hide a migration": "UPDATE alembic_version SET version_num = '0001'",
}
ENTRY = Entry(role="person", actor_id=None, action="read", resource="profile")


def do_nothing(_: str, **values: object) -> None:
    pass


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Settings that reach the embedded database as `oim` prepares it, with an entry in its trail."""
    home = tmp_path_factory.mktemp("rights") / "home"
    with running_services(Settings(home=home), ("postgres",), do_nothing, prepare_database) as settings:
        database = bootstrap.database(settings)
        with database.write() as session:
            record_entry(session, ENTRY)
        yield settings
        with database.read() as session:
            assert verify(session) == (1, None), "the trail is as it was"
        database.close()


def attack(url: str, statements: str) -> None:
    """Execute statements; several of them are one transaction."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statements)


@pytest.mark.parametrize("name", ATTACKS)
def test_the_application_cannot(settings: Settings, name: str) -> None:
    statements = ATTACKS[name].format(ring=settings.ring_file, home=settings.home)
    with pytest.raises(InsufficientPrivilege):
        attack(settings.database_url, statements)
    assert not (settings.home / "written").exists()


def test_the_attacks_succeed_as_a_superuser(settings: Settings) -> None:
    """The control: what is refused above is no mistake of the statements."""
    # Of its own files: started by root, the server does not even see the ring.
    data = Home(settings.home).postgres
    with psycopg.connect(superuser_url(settings)) as connection:
        for name in ("read the ring", "run a program", "change the trail", "list the home", "make a role"):
            with connection.transaction(force_rollback=True):
                connection.execute(ATTACKS[name].format(ring=data / "PG_VERSION", home=data))


def test_the_roles_have_secrets_of_their_own_that_only_their_users_get(settings: Settings) -> None:
    secrets = {role: Home(settings.home).read_secret(name) for role, name in SECRETS.items()}
    assert len({secret for secret in secrets.values() if secret}) == 3
    environment = "\n".join(build_environment(settings).values())
    known = [role for role, secret in secrets.items() if secret in environment]
    assert known == [APPLICATION], "the site, the engine and the workers know one of them"
    assert Home(settings.home).secrets_file.stat().st_mode & 0o777 == 0o600


def test_rights_that_somebody_changed_are_as_they_were_after_the_next_start(settings: Settings) -> None:
    with psycopg.connect(superuser_url(settings), autocommit=True) as connection:
        connection.execute(f"GRANT UPDATE, TRUNCATE ON audit TO {APPLICATION}")
        connection.execute("GRANT DELETE ON audit TO PUBLIC")
        # On a table that is otherwise as it should be.
        connection.execute(f"GRANT UPDATE (version_num) ON alembic_version TO {APPLICATION}")
        connection.execute(f"REVOKE INSERT ON opportunities FROM {APPLICATION}")
        bootstrap.migrate_database(settings)
        rights = "SELECT has_table_privilege(%s, %s, %s)"
        found = [
            connection.execute(rights, (APPLICATION, table, right)).fetchone()
            for table, right in (
                ("audit", "UPDATE"),
                ("audit", "TRUNCATE"),
                ("audit", "DELETE"),
                ("opportunities", "INSERT"),
            )
        ]
        column = "SELECT has_column_privilege(%s, 'alembic_version', 'version_num', 'UPDATE')"
        found.append(connection.execute(column, (APPLICATION,)).fetchone())
    assert found == [(False,), (False,), (False,), (True,), (False,)]


OF_BEFORE = f"""
ALTER SCHEMA public OWNER TO {SUPERUSER};
GRANT ALL ON DATABASE oim TO PUBLIC;
DROP OWNED BY {OWNER}, {APPLICATION};
DROP ROLE {OWNER};
DROP ROLE {APPLICATION}
"""


def test_a_home_of_before_where_the_superuser_did_everything_gets_the_roles(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    with running_services(Settings(home=home.root), ("postgres",), do_nothing) as settings:
        migrate(superuser_url(settings))
        attack(superuser_url(settings), OF_BEFORE)
        write_json(home.secrets_file, {"postgres": home.read_secret("postgres")})
    with running_services(Settings(home=home.root), ("postgres",), do_nothing, prepare_database) as settings:
        database = bootstrap.database(settings)
        with database.write() as session:
            record_entry(session, ENTRY)
        with database.read() as session:
            assert verify(session) == (1, None)
            owners = session.scalars(
                text("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'")
            )
            assert owners.all() == [OWNER]
        database.close()
        with pytest.raises(InsufficientPrivilege):
            attack(settings.database_url, "DELETE FROM audit")


def test_a_role_that_may_not_migrate_is_told_which_url_to_set(settings: Settings) -> None:
    with psycopg.connect(superuser_url(settings), autocommit=True) as connection:
        newest = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        connection.execute("UPDATE alembic_version SET version_num = '0014'")
        try:
            with pytest.raises(ConflictError, match="OIM_DATABASE_OWNER_URL"):
                migrate(settings.database_url)
        finally:
            connection.execute("UPDATE alembic_version SET version_num = %s", newest)
