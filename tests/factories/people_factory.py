"""Builders for tests: people, their profiles and consents, case workers and keys."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import insert, select, update

from oim.features import consents, people
from oim.features.access import Actor, Role
from oim.features.consents import Purpose
from oim.features.matching import profile_store
from oim.features.matching.profile import PROFILE, Profile
from oim.features.messages.models import MessageRow
from oim.features.people import Contact
from oim.features.people.models import ContactRow, PersonRow
from oim.features.staff import StaffRow
from oim.kit.clock import now
from oim.kit.crypto import RingFile, Vault, create_ring
from oim.kit.db import Database, seal, unseal


def new_vault(folder: Path) -> Vault:
    """Make a vault with new keys in a folder."""
    create_ring(folder / "ring.json")
    return Vault(RingFile(folder / "ring.json"))


def add_people(database: Database, ids: Iterable[UUID] = (), *, name: str = "Awa") -> list[UUID]:
    """Add people without a contact; one person if no ids are passed."""
    person_ids = list(ids) or [uuid4()]
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
                for id_ in person_ids
            ],
        )
    return person_ids


def save_profile(database: Database, person: UUID, profile: Profile, *, matched: bool = True) -> None:
    """Save the profile of a person, who is added if there is none with this id."""
    with database.read() as session:
        exists = session.get(PersonRow, person) is not None
    if not exists:
        add_people(database, [person])
    with database.write() as session:
        profile_store.save_profile(session, person, PROFILE.dump_json(profile).decode(), matched=matched)


def person(id_: UUID) -> Actor:
    """The actor of a person who is signed in."""
    return Actor(Role.PERSON, id_)


def add_known(
    database: Database, contact: Contact, name: str = "Awa", pin: str = "2580", *agreed: Purpose
) -> UUID:
    """Add a person with a contact and the purposes they agree to."""
    id_ = uuid4()
    newcomer = people.Newcomer(id_, name, people.hash_pin(database.vault, id_, pin))
    with database.write() as session:
        people.create_person(session, newcomer, contact, "fr")
        choices = dict.fromkeys(agreed, True)
        consents.record_decisions(session, person(id_), id_, choices, language="fr", channel="web")
    return id_


def age_contacts(database: Database, age: timedelta) -> None:
    """Let all contacts have been proven so long ago."""
    with database.write() as session:
        session.execute(update(ContactRow).values(verified_at=now() - age))


def code_of(database: Database) -> str:
    """The one-time code in the last message that waits to be sent."""
    with database.read() as session:
        row = session.scalars(
            select(MessageRow).where(MessageRow.kind == "code").order_by(MessageRow.created_at.desc())
        ).first()
        assert row is not None
        assert row.payload is not None
        code: str = json.loads(unseal(session, MessageRow.payload, row.id, row.payload))["code"]
        return code


def add_case_worker(database: Database) -> Actor:
    """Add a case worker whose account is confirmed. Returns their actor."""
    id_ = uuid4()
    with database.write() as session:
        session.add(
            StaffRow(
                id=id_,
                role=Role.CASE_WORKER.value,
                organisation_id=None,
                name=seal(session, StaffRow.name, id_, "Esther"),
                email=seal(session, StaffRow.email, id_, f"{id_}@example.org"),
                email_blind=id_.bytes,
                help_code=id_.hex[:6].upper(),
                password_hash="",
                totp=seal(session, StaffRow.totp, id_, ""),
                totp_step=0,
                invitation=None,
                invited_at=now(),
                confirmed_at=now(),
                disabled_at=None,
            )
        )
    return Actor(Role.CASE_WORKER, id_)
