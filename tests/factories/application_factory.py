"""Offers, partners and people who apply, for tests."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid4

from people_factory import add_known, person
from sqlalchemy import insert

from oim.features import applications, consents, opportunities
from oim.features.access import Actor, Role
from oim.features.applications import Submission
from oim.features.consents import Purpose
from oim.features.cv.models import DocumentRow
from oim.features.ingestion import ingest_offers
from oim.features.opportunities import Draft, Kind, Location
from oim.features.opportunities.rows import make_offer_id
from oim.features.people import Channel, Contact
from oim.features.staff import StaffRow
from oim.kit.clock import now
from oim.kit.db import Database, seal

AWA = Contact(Channel.SMS, "+237677123456")
PURPOSES = (Purpose.MESSAGES, Purpose.SHARING, Purpose.STATISTICS)
LETTER = "Madame, Monsieur,\n\nJe sais poser des briques."


def draft(number: int, kind: Kind = Kind.EMPLOYMENT, organisation: str | None = "Chantiers du Noun") -> Draft:
    """An offer of a builder in the West."""
    return Draft(
        kind=kind,
        external_id=f"id-{number}",
        title=f"Maçon {number}",
        language="fr",
        organisation=organisation,
        url=f"https://chantiers.example.cm/offres/{number}",
        location=Location(region="CM-OU"),
        details=opportunities.types.DETAILS[kind](),
    )


def add_offers(database: Database, *drafts: Draft) -> list[UUID]:
    """These offers, of one source, in the order given."""
    ingest_offers(database, list(drafts), source="test", origin="offers.csv", format_name="csv")
    return [make_offer_id("test", one.external_id) for one in drafts]


def add_agent(database: Database, organisation: str = "Chantiers du Noun") -> Actor:
    """An agent of an organisation that is here, who may sign in."""
    id_ = uuid4()
    with database.write() as session:
        held = opportunities.get_organisation_id(session, organisation)
        values = {
            "id": id_,
            "role": Role.AGENT.value,
            "organisation_id": held,
            "name": seal(session, StaffRow.name, id_, "Paul"),
            "email": seal(session, StaffRow.email, id_, "paul@example.cm"),
            "email_blind": id_.bytes,
            "totp": seal(session, StaffRow.totp, id_, "A"),
            "totp_step": 0,
            "invited_at": now(),
            "confirmed_at": now(),
        }
        session.execute(insert(StaffRow).values(values))
    return Actor(Role.AGENT, id_, held)


def add_cv(database: Database, who: UUID, name: str = "cv.pdf") -> UUID:
    """A CV of somebody, whose bytes are not there."""
    id_ = uuid4()
    with database.write() as session:
        values = {
            "id": id_,
            "person_id": who,
            "file_name": seal(session, DocumentRow.file_name, id_, name),
            "media_type": "application/pdf",
            "size": 1,
            "blob": f"documents/{id_}",
            "read_at": now(),
            "created_at": now(),
        }
        session.execute(insert(DocumentRow).values(values))
    return id_


def decide(database: Database, who: UUID, purpose: Purpose, *, given: bool) -> None:
    """Agree to a purpose, or withdraw."""
    with database.write() as session:
        consents.record_decisions(session, person(who), who, {purpose: given}, language="fr", channel="web")


@dataclass(frozen=True, slots=True)
class Scene:
    """A partner with one offer, and somebody who may apply to it."""

    offer: UUID
    agent: Actor
    awa: UUID

    @property
    def person(self) -> Actor:
        return person(self.awa)


def scene(database: Database, kind: Kind = Kind.EMPLOYMENT, *agreed: Purpose) -> Scene:
    """One partner, one offer, one person, who agrees to everything where nothing is named."""
    [offer] = add_offers(database, draft(1, kind))
    return Scene(offer, add_agent(database), add_known(database, AWA, "Awa", "2580", *(agreed or PURPOSES)))


def applied(database: Database, made: Scene, letter: str = LETTER) -> UUID:
    """The application of a scene."""
    with database.write() as session:
        sending = Submission(offer=made.offer, letter=letter)
        return applications.send(session, made.person, made.awa, sending)
