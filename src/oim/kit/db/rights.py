"""The rights of the application's role: the data of our tables, and of a trail only to read it and add to it.

They are laid after each migration, by the owner of the tables, from what the models declare. A table that a
migration adds has them too, and what somebody granted by hand to the role, to everybody or on a column goes.
What they granted to other roles stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from psycopg import sql
from sqlalchemy import Connection, Table, text

# In `info` of a table whose rows nobody may change or delete through the application.
APPEND_ONLY: Mapping[str, bool] = {"append_only": True}
_VERSION_TABLE = "alembic_version"  # of Alembic: the application looks there whether something is to migrate
_READ = frozenset({"SELECT"})
_APPEND = _READ | {"INSERT"}
# No TRUNCATE, which fires no trigger of a row; and no sequence: identity columns ask for no right to theirs.
_CHANGE = _APPEND | {"UPDATE", "DELETE"}
_CURRENT = text(
    "SELECT c.relname, ARRAY(SELECT privilege_type FROM aclexplode(c.relacl) WHERE grantee = r.oid), "
    # What is granted to everybody (grantee 0), or on a column.
    "EXISTS (SELECT FROM aclexplode(c.relacl) WHERE grantee = 0) OR EXISTS (SELECT FROM pg_attribute a, "
    "aclexplode(a.attacl) WHERE a.attrelid = c.oid AND grantee IN (0, r.oid)) "
    "FROM pg_class c, pg_roles r WHERE c.relnamespace = current_schema()::regnamespace "
    "AND c.relkind IN ('r', 'p') AND r.rolname = :role"
)


def lay_rights(connection: Connection, role: str, tables: Iterable[Table]) -> None:
    """Give a role the rights to these tables that it lacks, and take those it has beyond them."""
    required = {table.name: _APPEND if table.info.get("append_only") else _CHANGE for table in tables}
    current = {
        name: None if has_more else frozenset(rights)
        for name, rights, has_more in connection.execute(_CURRENT, {"role": role})
    }
    for table, rights in (required | {_VERSION_TABLE: _READ}).items():
        # Only where they differ: every command comes here, and each change leaves a dead row in a catalogue.
        if current.get(table) != rights:
            _replace_rights(connection, table, role, rights)


def _replace_rights(connection: Connection, table: str, role: str, rights: Iterable[str]) -> None:
    """Give a role these rights to a table, and no others; everybody else has none, and columns have none."""
    names = {"table": sql.Identifier(table), "role": sql.Identifier(role)}
    listed = sql.SQL(", ").join(map(sql.SQL, sorted(rights)))
    for statement in (
        sql.SQL("REVOKE ALL ON TABLE {table} FROM {role}, PUBLIC").format(**names),
        sql.SQL("GRANT {rights} ON TABLE {table} TO {role}").format(rights=listed, **names),
    ):
        connection.exec_driver_sql(statement.as_string())
