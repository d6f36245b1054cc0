"""Reports, review and whom we trust, over the API."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from people_factory import add_people, person
from sqlalchemy import delete, select, update
from trust_factory import FEE, FRAUD, HONEST, SOURCE, id_of, ingest_drafts, standing_of

from oim.features.access import Actor, Role
from oim.features.opportunities import Trust
from oim.features.opportunities.models import OpportunityRow, OrganisationRow, SourceRow
from oim.features.trust.models import ReportRow
from oim.kit.db import Database

Token = Callable[[Actor], dict[str, str]]
WORKER, ADMIN = Actor(Role.CASE_WORKER, uuid4()), Actor(Role.ADMINISTRATOR, uuid4())
OTHERS = (Actor(Role.AGENT, uuid4(), uuid4()), Actor(Role.ANALYST, uuid4()))
REPORTS = f"/v1/opportunities/{id_of(HONEST)}/reports"
REVIEW = "/v1/staff/review"
ENGLISH = {"Accept-Language": "en"}
SAID = {"reason": "money_asked", "words": "5,000 F"}


@pytest.fixture(autouse=True)
def database(house: Any) -> Iterator[Database]:
    """One honest offer and one that is held, of a source that nobody knows; nobody has reported anything."""
    held: Database = house.database
    with house.sign_in.cache.commands() as ask:
        ask.flushall()
    ingest_drafts(held, HONEST, FRAUD)
    yield held
    with held.write() as session:
        session.execute(delete(OpportunityRow).where(OpportunityRow.source == SOURCE))
        session.execute(update(SourceRow).where(SourceRow.slug == SOURCE).values(known_at=None))
        session.execute(update(OrganisationRow).values(verified_at=None))


@pytest.fixture
def esther(token: Token) -> dict[str, str]:
    return token(WORKER) | ENGLISH


@pytest.fixture
def ada(token: Token) -> dict[str, str]:
    return token(ADMIN) | ENGLISH


def reports(database: Database) -> list[UUID | None]:
    """Who reported anything."""
    with database.read() as session:
        return list(session.scalars(select(ReportRow.person_id)))


def test_a_stranger_reports_and_is_told_what_follows(api: TestClient, database: Database) -> None:
    answer = api.post(REPORTS, json=SAID, headers=ENGLISH)
    assert answer.status_code == 201
    assert "Our team reads it" in answer.json()["text"][0]
    assert reports(database) == [None]
    assert "Notre équipe" in api.post(REPORTS, json={"reason": "other"}).json()["text"][0]
    assert reports(database) == [None], "the same reporter counts once"


def test_two_people_hold_an_offer(api: TestClient, database: Database, token: Token) -> None:
    two = [add_people(database, name=name)[0] for name in ("Awa", "Bih")]
    for one in two:
        assert api.post(REPORTS, json=SAID, headers=token(person(one))).status_code == 201
    assert set(reports(database)) == set(two)
    assert standing_of(database, HONEST).held_at
    assert api.get(f"/v1/opportunities/{id_of(HONEST)}").status_code == 404


def test_the_same_call_again_reports_nothing_more(api: TestClient, database: Database, token: Token) -> None:
    headers = token(person(add_people(database)[0])) | {"Idempotency-Key": uuid4().hex}
    first, again = (api.post(REPORTS, json=SAID, headers=headers) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert (first.json(), again.headers["idempotency-replayed"]) == (again.json(), "true")
    other = api.post(REPORTS, json={"reason": "other"}, headers=headers)
    assert other.status_code == 409


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "reason"),
        ({"reason": "eaten"}, "reason"),
        ({"reason": "other", "words": "a" * 1001}, "words"),
        ({"reason": "other", "words": "a" * 2001}, "words"),
        ({"reason": "other", "name": "Awa"}, "name"),
    ],
)
def test_a_report_that_cannot_be_read_names_the_field(
    api: TestClient, database: Database, body: dict[str, str], field: str
) -> None:
    answer = api.post(REPORTS, json=body)
    assert answer.status_code == 422
    assert [fault["field"] for fault in answer.json()["errors"]] == [field]
    assert reports(database) == []


def test_reports_are_counted_by_address_and_by_person(
    api: TestClient, database: Database, token: Token
) -> None:
    statuses = [api.post(REPORTS, json=SAID).status_code for _ in range(11)]
    assert statuses == [201] * 10 + [429]
    assert int(api.post(REPORTS, json=SAID).headers["retry-after"]) > 0
    awa = token(person(add_people(database)[0]))
    assert [api.post(REPORTS, json=SAID, headers=awa).status_code for _ in range(21)] == [201] * 20 + [429]


def test_what_is_not_here_cannot_be_reported(api: TestClient) -> None:
    assert api.post(f"/v1/opportunities/{uuid4()}/reports", json=SAID).status_code == 404
    assert api.post("/v1/opportunities/eaten/reports", json=SAID).status_code == 422
    assert api.post(REPORTS, json=SAID, headers={"Authorization": "Bearer over"}).status_code == 401


def test_the_queue_holds_what_warns_and_what_people_say(api: TestClient, esther: dict[str, str]) -> None:
    api.post(REPORTS, json=SAID)
    items = api.get(REVIEW, headers=esther).json()["items"]
    assert [one["opportunity"]["id"] for one in items] == [str(id_of(FRAUD)), str(id_of(HONEST))]
    held, reported = items
    assert (held["held"], held["text"], held["reports"]) == (True, "Held: nobody sees it", [])
    assert held["opportunity"]["warnings"][0]["excerpt"] == FEE
    assert held["opportunity"]["trust"] == "unknown"
    assert held["since"]
    assert (reported["held"], reported["words"], reported["reviews"]) == (False, ["5,000 F"], [])
    assert reported["reports"] == [{"reason": "money_asked", "text": "They asked me for money", "count": 1}]
    assert api.get(f"{REVIEW}/{id_of(FRAUD)}", headers=esther).json() == held


def test_decisions_are_taken_once_and_kept(api: TestClient, esther: dict[str, str]) -> None:
    decisions, fraud = f"{REVIEW}/{id_of(FRAUD)}/decisions", f"/v1/opportunities/{id_of(FRAUD)}"
    key = esther | {"Idempotency-Key": uuid4().hex}
    release = {"decision": "release", "note": "Called them."}
    first, again = (api.post(decisions, json=release, headers=key) for _ in range(2))
    assert (first.status_code, first.json()) == (201, again.json())
    assert (first.json()["held"], first.json()["text"]) == (False, "Shown to everybody")
    assert [(one["decision"], one["note"]) for one in first.json()["reviews"]] == [
        ("released", "Called them.")
    ]
    assert api.get(fraud).json()["warnings"][0]["code"] == "fee"
    answer = api.post(decisions, json={"decision": "withdraw"}, headers=esther)
    assert [one["text"] for one in answer.json()["reviews"]] == ["Released", "Withdrawn"]
    assert api.get(fraud).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"decision": "released"},
        {"decision": "release", "note": "a" * 2001},
        {"decision": "release", "x": 1},
    ],
)
def test_a_decision_that_cannot_be_read_decides_nothing(
    api: TestClient, esther: dict[str, str], database: Database, body: dict[str, str]
) -> None:
    assert api.post(f"{REVIEW}/{id_of(FRAUD)}/decisions", json=body, headers=esther).status_code == 422
    assert standing_of(database, FRAUD).held_at


def test_sources_and_organisations_are_marked(
    api: TestClient, ada: dict[str, str], database: Database
) -> None:
    sources = {one["slug"]: one for one in api.get("/v1/staff/sources", headers=ada).json()["items"]}
    assert sources[SOURCE] == {"slug": SOURCE, "known_at": None, "offers": 2, "held": 1}
    known = api.put(f"/v1/staff/sources/{SOURCE}", json={"known": True}, headers=ada)
    assert (known.status_code, known.content) == (204, b"")
    found = api.get("/v1/staff/organisations", params={"words": "ATELIER mbo"}, headers=ada).json()["items"]
    assert [(one["name"], one["verified_at"], one["offers"]) for one in found] == [("Atelier Mbo", None, 2)]
    path = f"/v1/staff/organisations/{found[0]['id']}"
    assert api.put(path, json={"verified": True}, headers=ada).status_code == 204
    assert standing_of(database, HONEST).trust is Trust.VERIFIED
    assert api.get("/v1/staff/organisations", headers=ada).json()["items"][0]["verified_at"]
    api.put(path, json={"verified": False}, headers=ada)
    api.put(f"/v1/staff/sources/{SOURCE}", json={"known": False}, headers=ada)
    assert standing_of(database, HONEST).trust is Trust.UNKNOWN


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("sources/eaten", {"known": True}, 404),
        ("sources/%00", {"known": True}, 422),
        (f"sources/{SOURCE}", {}, 422),
        (f"organisations/{UUID(int=1)}", {"verified": True}, 404),
        ("organisations/eaten", {"verified": True}, 422),
    ],
)
def test_what_names_nothing_is_refused(
    api: TestClient, ada: dict[str, str], path: str, body: dict[str, bool], status: int
) -> None:
    assert api.put(f"/v1/staff/{path}", json=body, headers=ada).status_code == status


def test_only_those_who_may(api: TestClient, token: Token, database: Database) -> None:
    review = [
        ("GET", REVIEW, None),
        ("GET", f"{REVIEW}/{id_of(FRAUD)}", None),
        ("POST", f"{REVIEW}/{id_of(FRAUD)}/decisions", {"decision": "release"}),
    ]
    sources: list[tuple[str, str, Any]] = [
        ("GET", "/v1/staff/sources", None),
        ("PUT", f"/v1/staff/sources/{SOURCE}", {"known": True}),
        ("GET", "/v1/staff/organisations", None),
        ("PUT", f"/v1/staff/organisations/{uuid4()}", {"verified": True}),
    ]
    people = [person(add_people(database)[0]), *OTHERS]
    for routes, refused in ((review, people), (sources, [*people, WORKER])):
        for method, path, body in routes:
            assert api.request(method, path, json=body).status_code == 401
            for actor in refused:
                status = api.request(method, path, json=body, headers=token(actor)).status_code
                assert status == 404, (method, path, actor.role)
    assert standing_of(database, FRAUD).held_at
    assert standing_of(database, FRAUD).trust is Trust.UNKNOWN


def test_the_description_shows_examples_that_serve(
    api: TestClient, esther: dict[str, str], ada: dict[str, str]
) -> None:
    described = api.get("/v1/openapi.json").json()
    shapes = described["components"]["schemas"]
    examples = {name: shapes[name]["example"] for name in ("ReportIn", "ReviewIn", "KnownIn", "VerifiedIn")}
    decisions = f"{REVIEW}/{id_of(FRAUD)}/decisions"
    assert api.post(REPORTS, json=examples["ReportIn"]).status_code == 201
    assert api.post(decisions, json=examples["ReviewIn"], headers=esther).status_code == 201
    assert api.put(f"/v1/staff/sources/{SOURCE}", json=examples["KnownIn"], headers=ada).status_code == 204
    found = api.get("/v1/staff/organisations", params={"words": "atelier mbo"}, headers=ada).json()["items"]
    path = f"/v1/staff/organisations/{found[0]['id']}"
    assert api.put(path, json=examples["VerifiedIn"], headers=ada).status_code == 204
    told = [operation for path in described["paths"].values() for operation in path.values()]
    names = [operation["operationId"] for operation in told]
    assert len(names) == len(set(names))
