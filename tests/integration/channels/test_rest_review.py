"""The API of trust: reports, their review, known sources and verified organisations."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from people_factory import add_known, add_people, age_contacts, person
from site_factory import replace_services
from sqlalchemy import delete, select, update
from trust_factory import FEE, FRAUD, HONEST, SOURCE, id_of, ingest_drafts, standing_of

from oim.channels.http.operator import create_operator
from oim.channels.http.services import Services
from oim.features.access import Actor, Role
from oim.features.opportunities import Trust
from oim.features.opportunities.models import OpportunityRow, OrganisationRow, SourceRow
from oim.features.people import parse_contact
from oim.features.trust.models import ReportRow
from oim.features.trust.reporters import PROOF_AGE
from oim.kit.db import Database
from oim.kit.settings import Settings

Token = Callable[[Actor], dict[str, str]]
WORKER, ADMIN = Actor(Role.CASE_WORKER, uuid4()), Actor(Role.ADMINISTRATOR, uuid4())
OTHERS = (Actor(Role.AGENT, uuid4(), uuid4()), Actor(Role.ANALYST, uuid4()))
REPORTS = f"/v1/opportunities/{id_of(HONEST)}/reports"
REVIEW = "/v1/staff/review"
ENGLISH = {"Accept-Language": "en"}
REPORT = {"reason": "money_asked", "words": "5,000 F"}


@pytest.fixture(autouse=True)
def database(house: Any) -> Iterator[Database]:
    """One honest offer and one that is held, of an unknown source, and no reports."""
    database: Database = house.database
    with house.sign_in.cache.commands() as valkey:
        valkey.flushall()
    ingest_drafts(database, HONEST, FRAUD)
    yield database
    with database.write() as session:
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
    """The reporters of all reports; None for a stranger."""
    with database.read() as session:
        return list(session.scalars(select(ReportRow.person_id)))


def test_a_report_of_violence_is_answered_with_helplines(
    house: Any, database: Database, api: TestClient, api_app: FastAPI
) -> None:
    operator = create_operator(Settings(helplines="Violences / Violence / 1523"))
    parts = (database, house.engine, house.sign_in, house.blobs)
    with replace_services(api_app, Services(*parts, operator=operator)):
        answers = [
            api.post(REPORTS, json={"reason": reason}, headers=ENGLISH).json()
            for reason in ("money_asked", "trafficking")
        ]
    assert [answer["helplines"] for answer in answers] == [[], [{"name": "Violence", "phone": "1523"}]]
    assert answers[1]["text"][0] == "Our team is alerted at once and reads it before all others."
    assert standing_of(database, HONEST).held_at


def test_a_stranger_reports_an_offer_and_reads_what_happens_next(api: TestClient, database: Database) -> None:
    answer = api.post(REPORTS, json=REPORT, headers=ENGLISH)
    assert answer.status_code == 201
    assert "Our team reads it" in answer.json()["text"][0]
    assert reports(database) == [None]
    assert "Notre équipe" in api.post(REPORTS, json={"reason": "other"}).json()["text"][0]
    assert reports(database) == [None], "the same reporter counts once"


def test_reports_by_two_people_hold_an_offer(api: TestClient, database: Database, token: Token) -> None:
    reporters = [add_known(database, parse_contact(number)) for number in ("677123401", "677123402")]
    age_contacts(database, PROOF_AGE)
    for reporter in reporters:
        assert api.post(REPORTS, json=REPORT, headers=token(person(reporter))).status_code == 201
    assert set(reports(database)) == set(reporters)
    assert standing_of(database, HONEST).held_at
    assert api.get(f"/v1/opportunities/{id_of(HONEST)}").status_code == 404


def test_a_repeated_call_with_the_same_key_reports_nothing_more(
    api: TestClient, database: Database, token: Token
) -> None:
    headers = token(person(add_people(database)[0])) | {"Idempotency-Key": uuid4().hex}
    first, again = (api.post(REPORTS, json=REPORT, headers=headers) for _ in range(2))
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
def test_an_invalid_report_names_the_field(
    api: TestClient, database: Database, body: dict[str, str], field: str
) -> None:
    answer = api.post(REPORTS, json=body)
    assert answer.status_code == 422
    assert [fault["field"] for fault in answer.json()["errors"]] == [field]
    assert reports(database) == []


def test_reports_are_counted_by_address_and_by_person(
    api: TestClient, database: Database, token: Token
) -> None:
    statuses = [api.post(REPORTS, json=REPORT).status_code for _ in range(11)]
    assert statuses == [201] * 10 + [429]
    assert int(api.post(REPORTS, json=REPORT).headers["retry-after"]) > 0
    awa = token(person(add_people(database)[0]))
    assert [api.post(REPORTS, json=REPORT, headers=awa).status_code for _ in range(21)] == [201] * 20 + [429]


def test_an_offer_that_does_not_exist_cannot_be_reported(api: TestClient) -> None:
    assert api.post(f"/v1/opportunities/{uuid4()}/reports", json=REPORT).status_code == 404
    assert api.post("/v1/opportunities/eaten/reports", json=REPORT).status_code == 422
    assert api.post(REPORTS, json=REPORT, headers={"Authorization": "Bearer over"}).status_code == 401


def test_the_queue_shows_warnings_and_the_words_of_reporters(api: TestClient, esther: dict[str, str]) -> None:
    api.post(REPORTS, json=REPORT)
    items = api.get(REVIEW, headers=esther).json()["items"]
    assert [item["opportunity"]["id"] for item in items] == [str(id_of(FRAUD)), str(id_of(HONEST))]
    held_item, reported_item = items
    assert (held_item["held"], held_item["text"], held_item["reports"]) == (
        True,
        "To check: nobody sees it",
        [],
    )
    assert held_item["opportunity"]["warnings"][0]["excerpt"] == FEE
    assert held_item["opportunity"]["trust"] == "unknown"
    assert held_item["since"]
    assert (reported_item["held"], reported_item["words"], reported_item["reviews"]) == (
        False,
        ["5,000 F"],
        [],
    )
    assert reported_item["reports"] == [
        {"reason": "money_asked", "text": "They asked me for money", "count": 1}
    ]
    assert api.get(f"{REVIEW}/{id_of(FRAUD)}", headers=esther).json() == held_item


def test_a_repeated_decision_counts_once_and_stays_in_the_history(
    api: TestClient, esther: dict[str, str]
) -> None:
    decisions, fraud = f"{REVIEW}/{id_of(FRAUD)}/decisions", f"/v1/opportunities/{id_of(FRAUD)}"
    key = esther | {"Idempotency-Key": uuid4().hex}
    release = {"decision": "release", "note": "Called them."}
    first, again = (api.post(decisions, json=release, headers=key) for _ in range(2))
    assert (first.status_code, first.json()) == (201, again.json())
    assert (first.json()["held"], first.json()["text"]) == (False, "Shown to everybody")
    assert [(item["decision"], item["note"]) for item in first.json()["reviews"]] == [
        ("released", "Called them.")
    ]
    assert api.get(fraud).json()["warnings"][0]["code"] == "fee"
    answer = api.post(decisions, json={"decision": "withdraw"}, headers=esther)
    assert [item["text"] for item in answer.json()["reviews"]] == ["Released", "Withdrawn"]
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
def test_an_invalid_decision_changes_nothing(
    api: TestClient, esther: dict[str, str], database: Database, body: dict[str, str]
) -> None:
    assert api.post(f"{REVIEW}/{id_of(FRAUD)}/decisions", json=body, headers=esther).status_code == 422
    assert standing_of(database, FRAUD).held_at


def test_sources_and_organisations_are_marked(
    api: TestClient, ada: dict[str, str], database: Database
) -> None:
    ways = {"open": 1, "unanswerable": 1}
    sources = {item["slug"]: item for item in api.get("/v1/staff/sources", headers=ada).json()["items"]}
    assert sources[SOURCE] == {"slug": SOURCE, "known_at": None, "offers": 2, "held": 1, **ways}
    known = api.put(f"/v1/staff/sources/{SOURCE}", json={"known": True}, headers=ada)
    assert (known.status_code, known.content) == (204, b"")
    matches = api.get("/v1/staff/organisations", params={"words": "ATELIER mbo"}, headers=ada).json()["items"]
    assert [(item["name"], item["verified_at"], item["offers"]) for item in matches] == [
        ("Atelier Mbo", None, 2)
    ]
    path = f"/v1/staff/organisations/{matches[0]['id']}"
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
def test_an_unknown_source_or_organisation_is_refused(
    api: TestClient, ada: dict[str, str], path: str, body: dict[str, bool], status: int
) -> None:
    assert api.put(f"/v1/staff/{path}", json=body, headers=ada).status_code == status


def test_only_case_workers_and_administrators_review_and_only_administrators_mark_sources(
    api: TestClient, token: Token, database: Database
) -> None:
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


def test_the_documented_examples_are_accepted(
    api: TestClient, esther: dict[str, str], ada: dict[str, str]
) -> None:
    described = api.get("/v1/openapi.json").json()
    schemas = described["components"]["schemas"]
    examples = {name: schemas[name]["example"] for name in ("ReportIn", "ReviewIn", "KnownIn", "VerifiedIn")}
    decisions = f"{REVIEW}/{id_of(FRAUD)}/decisions"
    assert api.post(REPORTS, json=examples["ReportIn"]).status_code == 201
    assert api.post(decisions, json=examples["ReviewIn"], headers=esther).status_code == 201
    assert api.put(f"/v1/staff/sources/{SOURCE}", json=examples["KnownIn"], headers=ada).status_code == 204
    matches = api.get("/v1/staff/organisations", params={"words": "atelier mbo"}, headers=ada).json()["items"]
    path = f"/v1/staff/organisations/{matches[0]['id']}"
    assert api.put(path, json=examples["VerifiedIn"], headers=ada).status_code == 204
    documented = [operation for path in described["paths"].values() for operation in path.values()]
    ids = [operation["operationId"] for operation in documented]
    assert len(ids) == len(set(ids))
