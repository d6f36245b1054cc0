"""People and keys for tests."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import insert

from oim.features.matching import profiles
from oim.features.matching.types import Profile
from oim.features.matching.wire import PROFILE
from oim.features.people.models import PersonRow
from oim.kit.clock import now
from oim.kit.crypto import Vault, create_ring
from oim.kit.db import Database, seal


def new_vault(folder: Path) -> Vault:
    """A vault with keys of its own."""
    create_ring(folder / "ring.json")
    return Vault(folder / "ring.json")


def add_people(database: Database, ids: Iterable[UUID] = (), *, name: str = "Awa") -> list[UUID]:
    """People without a contact, one where no ids are given."""
    wanted = list(ids) or [uuid4()]
    with database.write() as session:
        session.execute(
            insert(PersonRow),
            [
                {
                    "id": id_,
                    "name": seal(session, PersonRow.name, id_, name),
                    "pin_hash": "",
                    "language": "fr",
                    "created_at": now(),
                    "seen_on": now().date(),
                }
                for id_ in wanted
            ],
        )
    return wanted


def keep_profile(database: Database, person: UUID, profile: Profile, *, matched: bool = True) -> None:
    """The profile of somebody, who becomes known by it."""
    with database.read() as session:
        known = session.get(PersonRow, person) is not None
    if not known:
        add_people(database, [person])
    with database.write() as session:
        profiles.keep(session, person, PROFILE.dump_json(profile).decode(), matched=matched)
