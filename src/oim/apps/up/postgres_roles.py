"""The roles of the embedded PostgreSQL: a superuser for `oim up` alone, an owner of tables, the application.

What can speak as the application reads and changes data, and nothing else: no file of this machine, no
program, no table's form. The owner migrates; the superuser makes the other two, at each start of the server.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import psycopg
from psycopg import sql

# Also the name of the role that did everything in homes of before.
SUPERUSER, OWNER, APPLICATION = "oim", "oim_owner", "oim_application"
# In the file of secrets; by role, since each has a password of its own.
SECRETS: Mapping[str, str] = {
    SUPERUSER: "postgres",
    OWNER: "postgres_owner",
    APPLICATION: "postgres_application",
}
_ATTRIBUTES = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
# What was made by the superuser, as in homes of before. Sequences of identity columns follow their table.
_FOREIGN = f"""
SELECT format('ALTER TABLE %I OWNER TO {OWNER}', relname) FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm')
    AND relowner <> '{OWNER}'::regrole
UNION ALL
SELECT format('ALTER FUNCTION %s OWNER TO {OWNER}', oid::regprocedure) FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace AND proowner <> '{OWNER}'::regrole
"""  # noqa: S608 (a name of ours)


@dataclass(frozen=True, slots=True)
class Server:
    """Where the server listens, and the password of each role."""

    host: str
    port: int
    passwords: Mapping[str, str]

    def url(self, role: str, database: str) -> str:
        """Return the URL of a database for a role."""
        return (
            f"postgresql://{role}:{self.passwords[role]}@{self.host}:{self.port}/{database}?sslmode=disable"
        )


def create_roles(connection: psycopg.Connection, server: Server) -> None:
    """Create the owner and the application where they are missing, and set their passwords and attributes.

    Set each time: a role may change its own password, and the file that holds them may have been lost.
    """
    known = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
    for role in (OWNER, APPLICATION):
        # Not the password itself, which a failed statement would leave in the server's log.
        verifier = connection.pgconn.encrypt_password(
            server.passwords[role].encode(), role.encode(), b"scram-sha-256"
        )
        command = sql.SQL("{verb} ROLE {role} {attributes} PASSWORD {password}").format(
            verb=sql.SQL("ALTER" if role in known else "CREATE"),
            role=sql.Identifier(role),
            attributes=sql.SQL(_ATTRIBUTES),
            password=sql.Literal(verifier.decode()),
        )
        connection.execute(command)


def hand_over(connection: psycopg.Connection, database: str) -> None:
    """Give the owner what the superuser made in our database, and let nobody else make anything in it."""
    roles = f"{OWNER}, {APPLICATION}"
    for statement in (
        f"REVOKE ALL ON DATABASE {database} FROM PUBLIC",
        # Temporary tables hold what is imported before it is merged.
        f"GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {roles}",
        f"ALTER SCHEMA public OWNER TO {OWNER}",
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        f"GRANT USAGE ON SCHEMA public TO {APPLICATION}",
    ):
        connection.execute(statement)
    for (statement,) in connection.execute(_FOREIGN).fetchall():
        connection.execute(statement)
