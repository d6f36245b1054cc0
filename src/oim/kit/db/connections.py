"""How connections to PostgreSQL are opened: by the URL alone, whatever the environment says."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, create_engine, event

from oim.kit.environment import drop_foreign_variables

_ARGUMENTS = {
    "connect_timeout": 5,  # seconds
    "application_name": "oim",
    # Not left to the server either: a role may have another encoding as its default.
    "client_encoding": "utf8",
}


def create_pool(url: str, **options: Any) -> Engine:
    """Create a pool of connections to the database of a URL; `options` are those of SQLAlchemy."""
    pool = create_engine(
        url.replace("postgresql://", "postgresql+psycopg://", 1),  # SQLAlchemy's default driver is psycopg2
        connect_args=_ARGUMENTS,
        **options,
    )
    # libpq takes from `PG…` whatever a URL leaves open, at each connection; a later change must not reach it.
    event.listen(pool, "do_connect", _forget_libpq_variables)
    return pool


def _forget_libpq_variables(*_: object) -> None:
    """Run before each new connection; returning None lets SQLAlchemy open it."""
    drop_foreign_variables()
