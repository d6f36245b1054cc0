"""Applying, following it, answering what became of it, leaving, and the partner's side: over the API."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from application_factory import LETTER, Scene, add_cv, add_offers, applied, decide, draft, scene
from fastapi.testclient import TestClient
from sqlalchemy import delete, insert, select, update

from oim.features import applications, profile
from oim.features.access import Actor, Role
from oim.features.applications import OutcomeAnswer, Route
from oim.features.applications.models import ApplicationRow, OutcomeRow
from oim.features.consents import Purpose
from oim.features.opportunities.models import OpportunityRow
from oim.features.profile import Record
from oim.features.statistics.models import TallyRow
from oim.kit.blobs import put_sealed
from oim.kit.clock import CAMEROON, now
from oim.kit.db import Database

Token = Callable[[Actor], dict[str, str]]
MINE, RECEIVED = "/v1/me/applications", "/v1/staff/applications"
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture(autouse=True, scope="module")
def _tidy(house: Any) -> Iterator[None]:
    """The offers of these tests do not stay."""
    yield
    with house.database.write() as session:
        session.execute(delete(OpportunityRow).where(OpportunityRow.source == "test"))


@pytest.fixture
def database(house: Any) -> Database:
    held: Database = house.database
    return held


@pytest.fixture
def made(database: Database) -> Scene:
    return scene(database)


@pytest.fixture
def awa(made: Scene, token: Token) -> dict[str, str]:
    return token(made.person) | ENGLISH


@pytest.fixture
def paul(made: Scene, token: Token) -> dict[str, str]:
    return token(made.agent) | ENGLISH


def body(made: Scene, **more: Any) -> dict[str, Any]:
    return {"opportunity_id": str(made.offer), "letter": LETTER} | more


def test_an_application_is_sent_and_followed(api: TestClient, made: Scene, awa: dict[str, str]) -> None:
    answer = api.post(MINE, json=body(made), headers=awa)
    assert answer.status_code == 201
    sent = answer.json()
    assert (sent["stage"], sent["text"], sent["way"], sent["letter"]) == (
        "sent",
        "Sent to the partner",
        "inside",
        LETTER,
    )
    assert [one["day"] for one in sent["outcomes"]] == [30, 90, 180]
    assert api.get(MINE, headers=awa).json() == {"items": [sent]}
    assert api.get(f"{MINE}/{sent['id']}", headers=awa).json() == sent


def test_the_same_call_again_sends_nothing_more(api: TestClient, made: Scene, awa: dict[str, str]) -> None:
    key = awa | {"Idempotency-Key": uuid4().hex}
    first, again = (api.post(MINE, json=body(made), headers=key) for _ in range(2))
    assert first.content == again.content
    assert first.status_code == again.status_code == 201
    assert again.headers["idempotency-replayed"] == "true"
    assert api.post(MINE, json=body(made, letter="Autre"), headers=key).status_code == 409


def test_what_cannot_be_sent_is_a_problem(
    api: TestClient, made: Scene, awa: dict[str, str], database: Database
) -> None:
    assert api.post(MINE, json=body(made, letter="x" * 2001), headers=awa).status_code == 422
    assert api.post(MINE, json=body(made, document_id=str(uuid4())), headers=awa).status_code == 404
    assert api.post(MINE, json=body(made, opportunity_id=str(uuid4())), headers=awa).status_code == 404
    decide(database, made.awa, Purpose.SHARING, given=False)
    refused = api.post(MINE, json=body(made), headers=awa)
    assert refused.status_code == 409
    assert "not agreed" in refused.json()["detail"]
    assert api.get(MINE, headers=awa).json() == {"items": []}


def test_a_draft_is_in_the_language_of_the_offer(
    api: TestClient, made: Scene, awa: dict[str, str], database: Database
) -> None:
    with database.write() as session:
        profile.update_record(session, made.person, made.awa, lambda _: Record(skills=("poser des briques",)))
    told = api.get(f"/v1/me/letter-drafts/{made.offer}", headers=awa).json()
    assert told["language"] == "fr"
    assert "poser des briques" in told["text"]
    assert api.get(f"/v1/me/letter-drafts/{uuid4()}", headers=awa).status_code == 404


def test_what_is_taken_back_stays_so(
    api: TestClient, made: Scene, awa: dict[str, str], paul: dict[str, str], database: Database
) -> None:
    id_ = applied(database, made)
    for _ in range(2):
        taken = api.post(f"{MINE}/{id_}/withdrawal", headers=awa)
        assert (taken.status_code, taken.json()["stage"]) == (200, "withdrawn")
    hidden = api.get(f"{RECEIVED}/{id_}", headers=paul).json()
    assert (hidden["hidden"], hidden["name"], hidden["letter"], hidden["contact"]) == (
        "withdrawn",
        None,
        "",
        None,
    )
    assert hidden["why_hidden"] == "This person has taken back what they sent."


def test_what_became_of_it_is_asked_and_answered(
    api: TestClient, made: Scene, awa: dict[str, str], database: Database
) -> None:
    id_ = applied(database, made)
    assert api.get("/v1/me/outcomes", headers=awa).json() == {"items": []}
    of = OutcomeRow.application_id == id_
    with database.write() as session:
        session.execute(update(OutcomeRow).where(of, OutcomeRow.day == 30).values(due_on=date(2026, 1, 1)))
        later = session.scalars(select(OutcomeRow.id).where(of, OutcomeRow.day == 90)).one()
    [asked] = api.get("/v1/me/outcomes", headers=awa).json()["items"]
    assert asked["text"] == "“Maçon 1”, 30 days ago: did you get the job?"
    assert [one["answer"] for one in asked["answers"]] == [answer.value for answer in OutcomeAnswer]
    answer = {"answer": "got_it"}
    assert api.put(f"/v1/me/outcomes/{asked['id']}", json=answer, headers=awa).status_code == 204
    assert api.put(f"/v1/me/outcomes/{later}", json=answer, headers=awa).status_code == 409
    assert api.put(f"/v1/me/outcomes/{uuid4()}", json=answer, headers=awa).status_code == 404
    [held] = api.get(MINE, headers=awa).json()["items"]
    assert held["outcomes"][0]["answer"] == "got_it"


def test_an_agent_reads_and_moves_on(
    api: TestClient, made: Scene, awa: dict[str, str], paul: dict[str, str], database: Database
) -> None:
    id_ = applied(database, made)
    listed = api.get(RECEIVED, headers=paul).json()["items"][0]
    assert (listed["id"], listed["stage"], listed["name"]) == (str(id_), "sent", "Awa")
    opened = api.get(f"{RECEIVED}/{id_}", headers=paul).json()
    assert (opened["stage"], opened["text"]) == ("seen", "Has been read")
    assert opened["contact"] == {"channel": "sms", "value": "+237677123456"}
    day = (now().astimezone(CAMEROON).date() + timedelta(days=3)).isoformat()
    wanted = {"stage": "interview", "words": "Venez", "on": day}
    key = paul | {"Idempotency-Key": uuid4().hex}
    for _ in range(2):
        moved = api.post(f"{RECEIVED}/{id_}/moves", json=wanted, headers=key)
        assert (moved.status_code, moved.json()["next"]["on"]) == (201, day)
    mine = api.get(f"{MINE}/{id_}", headers=awa).json()
    assert [one["stage"] for one in mine["stages"]] == ["sent", "seen", "interview"]
    assert mine["next"]["words"] == "Venez"


@pytest.mark.parametrize(
    ("wanted", "problem"),
    [
        ({"stage": "not_retained"}, (422, ["next_step"])),
        ({"stage": "shortlisted", "next_step": "other"}, (422, ["words"])),
        ({"stage": "seen"}, (409, [])),
        ({"stage": "eaten"}, (422, ["stage"])),
    ],
)
def test_a_move_that_cannot_be_made_is_a_problem(
    api: TestClient, house: Any, paul: dict[str, str], wanted: dict[str, str], problem: tuple[int, list[str]]
) -> None:
    id_ = applied(house.database, scene(house.database))
    answer = api.post(f"{RECEIVED}/{id_}/moves", json=wanted, headers=paul)
    fields = [one["field"] for one in answer.json().get("errors", [])]
    assert (answer.status_code, fields) == problem


def test_the_cv_comes_as_it_was_sent(
    api: TestClient, house: Any, made: Scene, awa: dict[str, str], paul: dict[str, str]
) -> None:
    document = add_cv(house.database, made.awa, "Awa.pdf")
    put_sealed(house.blobs, house.database.vault, f"documents/{document}", b"%PDF")
    sent = api.post(MINE, json=body(made, document_id=str(document)), headers=awa).json()
    path = f"{RECEIVED}/{sent['id']}/cv"
    answer = api.get(path, headers=paul)
    assert (answer.content, answer.headers["content-type"]) == (b"%PDF", "application/pdf")
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''Awa.pdf"
    assert answer.headers["cache-control"] == "no-store"
    assert api.get(path, headers=awa).status_code == 404


def test_leaving_gives_the_address_and_is_remembered_of_who_signed_in(
    api: TestClient, made: Scene, awa: dict[str, str], database: Database
) -> None:
    [alone] = add_offers(database, draft(7, organisation="Personne"))
    path = f"/v1/opportunities/{alone}/departures"
    told = api.post(path, headers=ENGLISH)
    assert told.status_code == 201
    assert told.json()["url"] == "https://chantiers.example.cm/offres/7"
    assert (told.json()["host"], told.json()["trust"]) == ("chantiers.example.cm", "unknown")
    assert len(told.json()["text"]) == 3
    assert api.post(path, json={"list_id": str(UUID(int=4))}, headers=awa).status_code == 201
    with database.read() as session:
        rows = session.scalars(select(ApplicationRow).where(ApplicationRow.opportunity_id == alone)).all()
    assert [(row.person_id, row.route) for row in rows] == [(made.awa, Route.REDIRECTED.value)]
    assert api.post(f"/v1/opportunities/{uuid4()}/departures").status_code == 404


def test_an_offer_without_a_safe_page_is_not_left_for(api: TestClient) -> None:
    held = api.get("/v1/opportunities", params={"limit": 100}).json()["items"]
    offer = next(one for one in held if one["url"] is None)
    assert api.post(f"/v1/opportunities/{offer['id']}/departures").status_code == 404


def test_nobody_reaches_what_is_anothers(
    api: TestClient, made: Scene, token: Token, database: Database
) -> None:
    id_, other = applied(database, made), scene(database)
    thief, analyst = token(other.person), token(Actor(Role.ANALYST, uuid4()))
    assert api.get(f"{MINE}/{id_}", headers=thief).status_code == 404
    assert api.post(f"{MINE}/{id_}/withdrawal", headers=thief).status_code == 404
    with database.read() as session:
        outcome = session.scalars(select(OutcomeRow.id).where(OutcomeRow.application_id == id_)).first()
    said = api.put(f"/v1/me/outcomes/{outcome}", json={"answer": "no"}, headers=thief)
    assert said.status_code == 404
    for path in (RECEIVED, f"{RECEIVED}/{id_}", f"{RECEIVED}/{id_}/cv"):
        assert [api.get(path, headers=who).status_code for who in (thief, analyst)] == [404, 404]
    with database.write() as session:
        assert applications.load_for_person_view(session, made.person, id_).stage.value == "sent"


def test_counts_are_read_by_analysts_and_small_ones_are_null(
    api: TestClient, token: Token, database: Database
) -> None:
    cell = {"month": date(2026, 5, 1), "what": "applied", "kind": "agr", "region": "CM-OU", "answer": ""}
    with database.write() as session:
        session.execute(delete(TallyRow))
        session.execute(insert(TallyRow).values([cell | {"count": 9}]))
    path = "/v1/staff/statistics"
    told = api.get(path, headers=token(Actor(Role.ANALYST, uuid4()))).json()
    assert told == {"items": [cell | {"month": "2026-05-01", "count": None}]}
    assert api.get(path, headers=token(Actor(Role.AGENT, uuid4(), uuid4()))).status_code == 404
