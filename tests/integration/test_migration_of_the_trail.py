"""The trail as it was written before there were shards is verified after the migration, old heads too."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from alembic import command
from sqlalchemy import create_engine, text

from oim.features.audit import (
    ChainBreak,
    Entry,
    list_entries,
    read_heads,
    record_entry,
    record_heads,
    verify,
)
from oim.kit.crypto import RingFile, Vault, create_ring
from oim.kit.crypto.key_ring import change_ring
from oim.kit.db import Database
from oim.kit.db.migrate import alembic_config, migrate

AWA, ESTHER = UUID(int=1), UUID(int=2)
BEFORE = "0011"
# Entries and marks as the program of that revision wrote them, with a key of 32 times the letter k.
ENTRIES = [
    (
        *(1, datetime(2026, 3, 1, 8, 30, tzinfo=UTC), "person", AWA, "read", "profile", None, AWA, {"é": 1}),
        "b24c073edca3edbe01fd3ce3fd9cf01387c91aeb8617a347b185f4fa2c0db839",
    ),
    (
        *(2, datetime(2026, 3, 1, 9, 31, tzinfo=UTC), "stranger", None, "refused read", "application"),
        *("7", None, {}, "711d5faf6637788a9867b2fca38e09916a3c5820d7167514465339574a089733"),
    ),
    (
        *(3, datetime(2026, 3, 2, 8, 0, 0, 5, tzinfo=UTC), "case worker", ESTHER, "change", "profile"),
        *(None, AWA, {"question": "age"}),
        "91bb9ac2e7707e9ffeb2cdeb3be049958e8cc2e542e0d3abf35c0973c4f5d59f",
    ),
]
NAMES = ("seq", "at", "role", "actor_id", "action", "resource", "object_id", "subject_id", "detail", "mark")
INSERT = text(
    f"INSERT INTO audit ({', '.join(NAMES)}) VALUES "
    "(:seq, :at, :role, :actor_id, :action, :resource, :object_id, :subject_id, :detail, :mark)"
)


@pytest.fixture
def migrated(superuser: str, tmp_path: Path) -> Iterator[Database]:
    """A database with a trail of before, migrated."""
    url = superuser.replace("postgresql://", "postgresql+psycopg://", 1)
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS unsharded"))
        connection.execute(text("CREATE DATABASE unsharded"))
    admin.dispose()
    engine = create_engine(url.replace("/oim?", "/unsharded?"))
    with engine.connect() as connection:
        command.upgrade(alembic_config(connection), BEFORE)
        for row in ENTRIES:
            values = dict(zip(NAMES, row, strict=True))
            values |= {"detail": json.dumps(values["detail"]), "mark": bytes.fromhex(str(values["mark"]))}
            connection.execute(INSERT, values)
        connection.commit()
    engine.dispose()
    migrate(superuser.replace("/oim?", "/unsharded?"))
    create_ring(tmp_path / "ring.json")
    change_ring(tmp_path / "ring.json", lambda ring: replace(ring, audit=b"k" * 32))
    database = Database(superuser.replace("/oim?", "/unsharded?"), Vault(RingFile(tmp_path / "ring.json")))
    yield database
    database.close()


def test_entries_and_heads_of_before_are_verified(migrated: Database, tmp_path: Path) -> None:
    (tmp_path / "heads").write_text("".join(f"{row[0]}:{row[-1]}\n" for row in ENTRIES[1:]))
    heads = read_heads(tmp_path / "heads")
    with migrated.read() as session:
        assert verify(session, heads) == (3, None)
    with migrated.write() as session:
        record_entry(
            session, Entry(role="person", actor_id=AWA, action="new", resource="profile", subject_id=AWA)
        )
    with migrated.write() as session:
        head = record_heads(session)
    assert head is not None
    assert head.seq == 4
    with migrated.read() as session:
        assert verify(session, [*heads, head]) == (5, None)
        assert [entry.action for entry in list_entries(session, AWA)] == ["new", "change", "read"]


def test_heads_of_before_still_prove_what_was_removed(migrated: Database, tmp_path: Path) -> None:
    (tmp_path / "heads").write_text("".join(f"{row[0]}:{row[-1]}\n" for row in ENTRIES))
    with migrated.write() as session:
        session.execute(text("DELETE FROM audit WHERE seq = 3"))
        assert verify(session) == (2, None)
        assert verify(session, read_heads(tmp_path / "heads")) == (2, ChainBreak(0, 3, "cut"))
