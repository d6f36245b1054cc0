"""A town for tests: an actor of every role, and an object of each kind that belongs to the owner."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from application_factory import LETTER, add_agent, add_offers, draft
from people_factory import add_case_worker, add_known, person, save_profile
from sqlalchemy import select, update

from oim.features import access, applications, following
from oim.features.access import Actor, Role
from oim.features.applications import Submission
from oim.features.applications.models import OutcomeRow
from oim.features.consents import Purpose
from oim.features.cv.models import DocumentRow
from oim.features.cv.types import PROPOSAL, Proposal
from oim.features.following import DismissalReason
from oim.features.matching.profile import Profile
from oim.features.opportunities import Search, hold_offers
from oim.features.people import Channel, Contact
from oim.features.people.models import ContactRow
from oim.kit.blobs import Blobs, put_sealed
from oim.kit.clock import CAMEROON, now
from oim.kit.db import Database, seal

PIN = "2580"
TURNS = count(100)  # each town has offers of its own


@dataclass(frozen=True)
class Town:
    """Actors by name, the ids of the owner's objects by name, and the partner to whom the owner applied."""

    actors: dict[str, Actor]
    objects: dict[str, str]
    partner: str


def _objects(
    database: Database, blobs: Blobs, actors: dict[str, Actor], offers: list[UUID]
) -> dict[str, str]:
    """Add an object of each kind for the owner. Returns their ids by the names that routes use."""
    owner, agent, worker, worker_x = (actors[name] for name in ("owner", "agent", "worker", "worker_x"))
    id_ = owner.id or UUID(int=0)
    document = _document(database, blobs, id_)
    with database.write() as session:
        application = applications.send(
            session, owner, id_, Submission(offer=offers[0], letter=LETTER, document=document)
        )
        following.save(session, owner, id_, offers[1])
        following.dismiss(session, owner, id_, offers[2], DismissalReason.TOO_FAR)
        search = following.save_search(session, owner, id_, Search(words="soudeur"), alerts=True)
        mandate = access.give_mandate(session, owner, id_, worker.id or UUID(int=0))
        outcome = session.scalars(
            select(OutcomeRow.id).where(OutcomeRow.application_id == application)
        ).first()
        day = now().astimezone(CAMEROON).date()
        session.execute(update(OutcomeRow).where(OutcomeRow.id == outcome).values(due_on=day))
        contact = session.scalars(select(ContactRow.id).where(ContactRow.person_id == id_)).first()
    ids = {
        "person": id_,
        "contact": contact,
        "document": document,
        "application": application,
        "outcome": outcome,
        "search": search,
        "mandate": mandate,
        "helper_id": mandate,
        "opportunity": offers[1],
        "offer": offers[1],
        "id_": offers[1],
        "purpose": "messages",
        "question": "wish",
        "telephone": "none",
        "kind": "link",
        "secret": "none",
        "slug": "test",
        "organisation": agent.organisation,
        "held": offers[3],
        "member": worker_x.id,
    }
    objects = {name: str(value) for name, value in ids.items()}
    return objects | {f"{name}_id": value for name, value in objects.items()}


def _document(database: Database, blobs: Blobs, owner: UUID) -> UUID:
    """Add a CV with a proposal, and its file."""
    id_ = uuid4()
    put_sealed(blobs, database.vault, f"documents/{id_}", b"%PDF-1.7")
    with database.write() as session:
        proposal = PROPOSAL.dump_json(Proposal(skills=("coudre",)))
        row = DocumentRow(
            id=id_,
            person_id=owner,
            file_name=seal(session, DocumentRow.file_name, id_, "cv.pdf"),
            media_type="application/pdf",
            size=8,
            blob=f"documents/{id_}",
            proposal=seal(session, DocumentRow.proposal, id_, proposal),
            read_at=now(),
            settled_at=None,
            created_at=now(),
        )
        session.add(row)
    return id_


def build_town(database: Database, blobs: Blobs) -> Town:
    """Build a town. Its actors and objects have nothing to do with those of other towns."""
    first = 10 * next(TURNS)
    # Each has its partners too: whoever applies to one notifies all of its agents.
    partner, other_partner = f"Chantiers du Noun {first}", f"Autre {first}"
    publishers = (partner, partner, other_partner, partner)
    offers = add_offers(
        database, *(draft(first + turn, organisation=name) for turn, name in enumerate(publishers))
    )
    with database.write() as session:
        hold_offers(session, [offers[3]])
    agent, agent_b = add_agent(database, partner), add_agent(database, other_partner)
    worker, worker_x = add_case_worker(database), add_case_worker(database)
    number = uuid4().int % 10**7
    people = [
        add_known(database, Contact(Channel.SMS, f"+23767{(number + turn) % 10**7:07}"), "Awa", PIN, *Purpose)
        for turn in range(2)
    ]
    with database.write() as session:
        session.add(_second_contact(session, people[0]))
    for id_ in people:
        save_profile(database, id_, Profile(text="maçon"))
    owner, other = map(person, people)
    actors = {
        "owner": owner,
        "other": other,
        "agent": agent,
        "agent_b": agent_b,
        "worker": worker,
        "worker_x": worker_x,
        "analyst": Actor(Role.ANALYST, uuid4()),
        "admin": Actor(Role.ADMINISTRATOR, uuid4()),
    }
    objects = _objects(database, blobs, actors, offers)
    return Town(actors, objects | {"code": objects["member"][:6].upper()}, partner)


def _second_contact(session: Any, owner: UUID) -> ContactRow:
    """A second contact, so that the first one can be removed."""
    id_ = uuid4()
    sealed = seal(session, ContactRow.value, id_, "awa@example.cm")
    return ContactRow(
        id=id_, person_id=owner, channel="email", value=sealed, blind=id_.bytes, verified_at=now()
    )


def path_of(template: str, town: Town, language: str) -> str:
    """Fill the path of a route with the ids of the town's objects."""
    objects = {**town.objects, "lang": language}
    if "/review/{" in template:
        objects |= dict.fromkeys(("offer", "opportunity_id"), objects["held"])
    if "organisations/{id_}" in template:
        objects["id_"] = objects["organisation"]
    return template.format_map(objects)
