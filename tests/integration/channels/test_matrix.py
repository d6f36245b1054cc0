"""Who may reach what: every route, every role, one's own and others'. Whatever is not said here is refused.

The expectations are stated apart from the rules of `access`. A route that is new here must be placed.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import pytest
from applications_made import LETTER, add_agent, add_offers, draft
from fastapi.testclient import TestClient
from people_made import add_case_worker, add_known, keep_profile, person
from routes_listed import PUBLIC, all_routes
from sqlalchemy import delete, select, text, update

from oim.channels.web.guard import COOKIE
from oim.features import access, applications, following
from oim.features.access import Actor, Role
from oim.features.applications import Sending
from oim.features.applications.models import OutcomeRow
from oim.features.consents import Purpose
from oim.features.cv.models import DocumentRow
from oim.features.cv.types import PROPOSAL, Proposal
from oim.features.following import DismissalReason
from oim.features.matching.types import Profile
from oim.features.opportunities import Search, hold_offers
from oim.features.opportunities.models import OpportunityRow, OrganisationRow, SourceRow
from oim.features.people import Channel, Contact
from oim.features.people.models import ContactRow
from oim.features.staff import StaffRow
from oim.kit.blobs import put_sealed
from oim.kit.clock import CAMEROON, now
from oim.kit.db import Database, seal

PIN = "2580"
TURNS = count(100)  # towns have offers of their own
EVERYBODY = ("stranger", "owner", "other", "agent", "agent_b", "worker", "worker_x", "analyst", "admin")
SIGNED_IN = frozenset(EVERYBODY[1:])
STAFF = frozenset(EVERYBODY[3:])
PEOPLE = frozenset({"owner", "other"})
WORKERS = frozenset({"worker", "worker_x"})
REFUSED = frozenset({401, 403, 404})
# Who may, by the first pattern that fits. A name in braces is an object of the owner's.
PLACES: tuple[tuple[str, frozenset[str]], ...] = (
    (r"/me/consents/\{", PEOPLE),  # the name of a purpose
    (r"/me/profile/\{question\}", PEOPLE),  # the name of a question, on one's own profile
    (r"/me/(saved|dismissed)/\{", PEOPLE),  # an offer, which is everybody's
    (r"/me/letter-drafts/\{", PEOPLE),
    (r"/staff/people/\{person", frozenset({"worker"})),
    (r"/staff/people", WORKERS),
    (r"/staff/applications/\{", frozenset({"agent"})),
    (r"/staff/applications", frozenset({"agent", "agent_b"})),
    (r"/staff/review", WORKERS | {"admin"}),
    (r"/staff/(sources|organisations|accounts)", frozenset({"admin"})),
    (r"/staff/register", WORKERS | {"analyst", "admin"}),
    (r"/staff/statistics", frozenset({"analyst", "admin"})),
    (r"/staff$", STAFF),
    (r"/me/.*\{", frozenset({"owner"})),
    (r"/me($|/)", PEOPLE),
    (r"/opportunities/\{\w+\}/(apply|save|unsave|not-for-me)$", PEOPLE),
    (r"/sign-out/everywhere|/v1/sessions", SIGNED_IN),
)
FORMS: dict[str, dict[str, str]] = {
    "/me/account/name": {"name": "Awa", "language": "fr"},
    "/me/account/pin": {"old": PIN, "pin": "1357"},
    "/me/account/contacts": {"contact": "awa@example.org"},
    "/me/account/contacts/code": {"code": "0000000"},
    "/me/account/contacts/{contact}/remove": {"pin": PIN},
    "/me/consents/{purpose}": {"agree": "yes"},
    "/me/cv/{document}": {"keep": "yes"},
    "/me/data/read": {"pin": PIN},
    "/me/data/export": {"pin": PIN},
    "/me/data/erase": {"pin": PIN},
    "/me/outcomes/{outcome}": {"answer": "waiting"},
    "/me/profile/{question}": {"text": "coudre"},
    "/me/searches": {"words": "maçon"},
    "/me/searches/{search}/alerts": {"alerts": "yes"},
    "/opportunities/{id_}/apply": {"letter": LETTER, "agree": "yes"},
    "/opportunities/{offer}/not-for-me": {"reason": "too_far"},
    "/staff/accounts": {"contact": "eve@example.org", "name": "Eve", "role": "analyst"},
    "/staff/applications/{application}": {"stage": "shortlisted"},
    "/staff/people/{person}/profile/{question}": {"text": "coudre"},
    "/staff/sources/{slug}": {"known": "yes"},
    "/staff/sources/organisations/{id_}": {"verified": "yes"},
}
BODIES: dict[str, Any] = {
    "PATCH /v1/me": {"name": "Awa"},
    "PUT /v1/me/pin": {"old": PIN, "new": "1357"},
    "POST /v1/me/contacts": {"ticket": "none"},
    "PUT /v1/me/consents/{purpose}": {"given": True},
    "PATCH /v1/me/profile": {"wish": "coudre"},
    "PUT /v1/me/dismissed/{opportunity_id}": {"reason": "too_far"},
    "POST /v1/me/searches": {"search": {"words": "maçon"}, "alerts": True},
    "PATCH /v1/me/searches/{search_id}": {"alerts": False},
    "PUT /v1/me/outcomes/{outcome_id}": {"answer": "waiting"},
    "POST /v1/staff/applications/{application_id}/moves": {"stage": "shortlisted"},
    "POST /v1/staff/review/{opportunity_id}/decisions": {"decision": "release"},
    "PUT /v1/staff/sources/{slug}": {"known": True},
    "PUT /v1/staff/organisations/{organisation_id}": {"verified": True},
}
# After these, what was there is there no more, or differently: who comes next comes to another town.
SPENDS = re.compile(
    r"DELETE|/(erase|pin|remove|withdraw|withdrawal|moves|decisions|release|disable|end|drop|undo)$"
    r"|POST /me/cv/|POST /staff/applications/"
)
# Reached, and rightly refused for another reason than who asks.
OTHERWISE = {
    "POST /me/account/contacts/code": {400},
    "POST /v1/me/contacts": {401},
    "POST /me/cv": {400},
    "PUT /v1/me/cv": {422},
    "GET /me/cv/{document}/original": {404},
    "GET /v1/me/cv/{document_id}/original": {404},
}
# What is not there, or not theirs, is left alone without a word: asked twice, nobody sees an error.
SILENT = {
    "DELETE /v1/me/contacts/{contact_id}",
    "DELETE /v1/me/helpers/{helper_id}",
    "DELETE /v1/me/searches/{search_id}",
    "POST /me/account/contacts/{contact}/remove",
    "POST /me/help/{mandate}/end",
    "POST /me/searches/{search}/drop",
}
WATCHED = (
    "people",
    "contacts",
    "profiles",
    "consents",
    "documents",
    "saved_offers",
    "dismissed_offers",
    "saved_searches",
    "applications",
    "application_stages",
    "outcomes",
    "mandates",
    "staff",
    "sources",
    "organisations",
    "reports",
    "reviews",
)


@dataclass(frozen=True)
class Town:
    """Everybody, and what is the owner's."""

    actors: dict[str, Actor]
    objects: dict[str, str]


def objects_of(house: Any, owner: Actor, agent: Actor, worker: Actor, offers: list[UUID]) -> dict[str, str]:
    """Something of each kind that is the owner's, by the names that routes give it."""
    database: Database = house.database
    id_ = owner.id or UUID(int=0)
    document = add_document(house, id_)
    with database.write() as session:
        sent = applications.apply(
            session, owner, id_, Sending(offer=offers[0], letter=LETTER, document=document)
        )
        following.save(session, owner, id_, offers[1])
        following.dismiss(session, owner, id_, offers[2], DismissalReason.TOO_FAR)
        search = following.keep_search(session, owner, id_, Search(words="soudeur"), alerts=True)
        mandate = access.give_mandate(session, owner, id_, worker.id or UUID(int=0))
        outcome = session.scalars(select(OutcomeRow.id).where(OutcomeRow.application_id == sent)).first()
        day = now().astimezone(CAMEROON).date()
        session.execute(update(OutcomeRow).where(OutcomeRow.id == outcome).values(due_on=day))
        contact = session.scalars(select(ContactRow.id).where(ContactRow.person_id == id_)).first()
    found = {
        "person": id_,
        "contact": contact,
        "document": document,
        "application": sent,
        "outcome": outcome,
        "search": search,
        "mandate": mandate,
        "helper_id": mandate,
        "opportunity": offers[1],
        "offer": offers[1],
        "id_": offers[1],
        "purpose": "messages",
        "question": "wish",
        "slug": "test",
        "organisation": agent.organisation,
    }
    named = {name: str(value) for name, value in found.items()}
    return named | {f"{name}_id": value for name, value in named.items()}


def add_document(house: Any, owner: UUID) -> UUID:
    """A CV with a proposal, and its file."""
    id_, database = uuid4(), house.database
    put_sealed(house.blobs, database.vault, f"documents/{id_}", b"%PDF-1.7")
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


@pytest.fixture
def build(house: Any) -> Callable[[], Town]:
    """A function that makes a town anew, for what changes something."""

    def town() -> Town:
        database: Database = house.database
        first = 10 * next(TURNS)
        third = draft(first + 2, organisation="Autre")
        offers = add_offers(database, draft(first), draft(first + 1), third, draft(first + 3))
        with database.write() as session:
            hold_offers(session, [offers[3]])
        agent, agent_b = add_agent(database), add_agent(database, "Autre")
        worker, worker_x = add_case_worker(database), add_case_worker(database)
        number = uuid4().int % 10**7
        people = [
            add_known(
                database, Contact(Channel.SMS, f"+23767{(number + turn) % 10**7:07}"), "Awa", PIN, *Purpose
            )
            for turn in range(2)
        ]
        with database.write() as session:
            session.add(second_contact(session, people[0]))
        for one in people:
            keep_profile(database, one, Profile(text="maçon"))
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
        objects = objects_of(house, owner, agent, worker, offers)
        return Town(
            actors,
            {
                **objects,
                "held": str(offers[3]),
                "member": str(worker_x.id),
                "code": worker_x.id.hex[:6].upper() if worker_x.id else "",
            },
        )

    return town


def telephone(number: int) -> Contact:
    return Contact(Channel.SMS, f"+23767{number % 10**7:07}")


def second_contact(session: Any, owner: UUID) -> ContactRow:
    id_ = uuid4()
    sealed = seal(session, ContactRow.value, id_, "awa@example.cm")
    return ContactRow(
        id=id_, person_id=owner, channel="email", value=sealed, blind=id_.bytes, verified_at=now()
    )


@pytest.fixture(autouse=True, scope="module")
def _tidy(house: Any) -> Iterator[None]:
    yield
    with house.database.write() as session:
        session.execute(delete(StaffRow))
        session.execute(delete(OpportunityRow).where(OpportunityRow.source == "test"))
        session.execute(update(SourceRow).where(SourceRow.slug == "test").values(known_at=None))
        session.execute(update(OrganisationRow).values(verified_at=None))


def expected(path: str) -> frozenset[str]:
    """Who may reach a path."""
    found = next((who for pattern, who in PLACES if re.search(pattern, path)), None)
    assert found is not None, f"{path} has no place in the matrix"
    return found


def path_of(route: str, town: Town) -> str:
    objects = dict(town.objects)
    if "/review/{" in route:
        objects |= dict.fromkeys(("offer", "opportunity_id"), objects["held"])
    if "organisations/{id_}" in route:
        objects["id_"] = objects["organisation"]
    return re.sub(r"\{(\w+)\}", lambda found: objects[found[1]], route.split(" ")[1].replace("{lang}", "fr"))


class Asker:
    """Asks one route as somebody; its status."""

    def __init__(self, house: Any, pages: TestClient, api: TestClient) -> None:
        self.sessions, self.pages, self.api = house.doors.sessions, pages, api

    def ask(self, route: str, town: Town, who: str) -> int:
        method, template = route.split(" ")
        path = path_of(route, town)
        token = self.sessions.open(town.actors[who]) if who in town.actors else ""
        if template.startswith("/v1"):
            headers = {"OIM-PIN": PIN} | ({"Authorization": f"Bearer {token}"} if token else {})
            body = BODIES.get(route)
            if route == "POST /v1/me/applications":
                body = {"opportunity_id": town.objects["opportunity_id"], "letter": LETTER}
            if route == "POST /v1/me/helpers":
                body = {"code": town.objects["code"]}
            if template.endswith("/original"):
                path += "?until=1&s=none"
            return self.api.request(method, path, json=body, headers=headers).status_code
        self.pages.cookies.clear()
        if token:
            self.pages.cookies.set(COOKIE, token)
        form = FORMS.get(template.replace("/{lang}", "")) if method == "POST" else None
        if template.endswith("/me/help"):
            form = {"code": town.objects["code"]}
        return self.pages.request(method, path, data=form).status_code


def state(database: Database) -> str:
    """A sum over all that a refused request must not change."""
    sums = [
        f"(SELECT md5(coalesce(string_agg(t::text, '' ORDER BY t::text), '')) FROM {name} t)"
        for name in WATCHED
    ]
    with database.read() as session:
        return str(session.execute(text("SELECT " + " || ".join(sums))).scalar())


PRIVATE = sorted(all_routes() - PUBLIC)


@pytest.mark.parametrize("route", PRIVATE)
def test_who_may_reach_it_and_nobody_else(
    route: str,
    house: Any,
    web: Callable[..., TestClient],
    api: TestClient,
    build: Callable[[], Town],
    record_property: Callable[[str, object], None],
) -> None:
    with house.doors.cache.commands() as ask:
        ask.flushall()  # no limit is of this test
    asker, town = Asker(house, web(), api), build()
    name = route.replace("/{lang}", "")
    may = expected(name.split(" ")[1])
    before = state(house.database)
    refused = {who: asker.ask(route, town, who) for who in EVERYBODY if who not in may}
    nothing = (REFUSED | {204, 303}) if name in SILENT else REFUSED
    assert {who: status for who, status in refused.items() if status not in nothing} == {}
    assert refused.get("stranger") in (401, None)
    assert state(house.database) == before, "a refused request changed something"
    for who in sorted(may):
        town = build() if SPENDS.search(name) else town
        status = asker.ask(route, town, who)
        assert status < 400 or status in OTHERWISE.get(name, ()), f"{who}: {status}"
    record_property("cases of role, route and owner", len(EVERYBODY))
