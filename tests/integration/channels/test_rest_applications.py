"""The API of applications: sending, following, outcomes, redirects, and the side of the partner."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any, get_args
from uuid import UUID, uuid4

import pytest
from application_factory import LETTER, Scene, add_cv, add_offers, applied, decide, draft, scene
from fastapi.testclient import TestClient
from sqlalchemy import delete, insert, select, update

from oim.channels.rest.staff.applications import ReceivedSort
from oim.features import applications, profile
from oim.features.access import Actor, Role
from oim.features.applications import OutcomeAnswer, Route
from oim.features.applications.models import ApplicationRow, OutcomeRow
from oim.features.applications.partner_view import _RECEIVED_SORTS
from oim.features.consents import Purpose
from oim.features.opportunities.models import OpportunityRow
from oim.features.profile import Record
from oim.features.statistics.models import TallyRow
from oim.kit.blobs import put_sealed
from oim.kit.clock import CAMEROON, now
from oim.kit.db import Database

pytestmark = pytest.mark.usefixtures("delete_agents")

Token = Callable[[Actor], dict[str, str]]
MINE, RECEIVED = "/v1/me/applications", "/v1/staff/applications"
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture(autouse=True, scope="module")
def _tidy(house: Any) -> Iterator[None]:
    """Delete the offers of these tests at the end."""
    yield
    with house.database.write() as session:
        session.execute(delete(OpportunityRow).where(OpportunityRow.source == "test"))


@pytest.fixture
def database(house: Any) -> Database:
    database: Database = house.database
    return database


@pytest.fixture
def example(database: Database) -> Scene:
    return scene(database)


@pytest.fixture
def awa(example: Scene, token: Token) -> dict[str, str]:
    return token(example.person) | ENGLISH


@pytest.fixture
def paul(example: Scene, token: Token) -> dict[str, str]:
    return token(example.agent) | ENGLISH


def body(example: Scene, **more: Any) -> dict[str, Any]:
    return {"opportunity_id": str(example.offer), "letter": LETTER} | more


def test_an_application_is_sent_and_followed(api: TestClient, example: Scene, awa: dict[str, str]) -> None:
    answer = api.post(MINE, json=body(example), headers=awa)
    assert answer.status_code == 201
    application = answer.json()
    assert (application["stage"], application["text"], application["way"], application["letter"]) == (
        "sent",
        "Sent to the partner",
        "inside",
        LETTER,
    )
    assert [item["day"] for item in application["outcomes"]] == [30, 90, 180]
    assert api.get(MINE, headers=awa).json() == {"items": [application]}
    assert api.get(f"{MINE}/{application['id']}", headers=awa).json() == application


def test_a_repeated_call_with_the_same_key_sends_nothing_more(
    api: TestClient, example: Scene, awa: dict[str, str]
) -> None:
    key = awa | {"Idempotency-Key": uuid4().hex}
    first, again = (api.post(MINE, json=body(example), headers=key) for _ in range(2))
    assert first.content == again.content
    assert first.status_code == again.status_code == 201
    assert again.headers["idempotency-replayed"] == "true"
    assert api.post(MINE, json=body(example, letter="Autre"), headers=key).status_code == 409


def test_an_application_that_cannot_be_sent_is_a_problem(
    api: TestClient, example: Scene, awa: dict[str, str], database: Database
) -> None:
    assert api.post(MINE, json=body(example, letter="x" * 2001), headers=awa).status_code == 422
    assert api.post(MINE, json=body(example, document_id=str(uuid4())), headers=awa).status_code == 404
    assert api.post(MINE, json=body(example, opportunity_id=str(uuid4())), headers=awa).status_code == 404
    decide(database, example.awa, Purpose.SHARING, given=False)
    refused = api.post(MINE, json=body(example), headers=awa)
    assert refused.status_code == 409
    assert "not agreed" in refused.json()["detail"]
    assert api.get(MINE, headers=awa).json() == {"items": []}


def test_a_draft_is_in_the_language_of_the_offer(
    api: TestClient, example: Scene, awa: dict[str, str], database: Database
) -> None:
    with database.write() as session:
        profile.update_record(
            session, example.person, example.awa, lambda _: Record(skills=("poser des briques",))
        )
    letter = api.get(f"/v1/me/letter-drafts/{example.offer}", headers=awa).json()
    assert letter["language"] == "fr"
    assert "poser des briques" in letter["text"]
    assert api.get(f"/v1/me/letter-drafts/{uuid4()}", headers=awa).status_code == 404


def test_a_draft_reads_no_more_of_a_person_than_goes_into_it(
    api: TestClient, example: Scene, awa: dict[str, str]
) -> None:
    assert api.get(f"/v1/me/letter-drafts/{example.offer}", headers=awa).status_code == 200
    trail = api.get("/v1/me/trail", headers=awa).json()["items"]
    resources = {entry["resource"] for entry in trail if entry["action"] == "read"}
    assert "profile" in resources
    assert not resources & {"document", "application"}


def test_a_withdrawn_application_stays_withdrawn_and_hides_its_content(
    api: TestClient, example: Scene, awa: dict[str, str], paul: dict[str, str], database: Database
) -> None:
    id_ = applied(database, example)
    for _ in range(2):
        withdrawal = api.post(f"{MINE}/{id_}/withdrawal", headers=awa)
        assert (withdrawal.status_code, withdrawal.json()["stage"]) == (200, "withdrawn")
    hidden = api.get(f"{RECEIVED}/{id_}", headers=paul).json()
    assert (hidden["hidden"], hidden["name"], hidden["letter"], hidden["contact"]) == (
        "withdrawn",
        None,
        "",
        None,
    )
    assert hidden["why_hidden"] == "This person has taken back their application."


def test_due_questions_about_outcomes_are_listed_and_answered(
    api: TestClient, example: Scene, awa: dict[str, str], database: Database
) -> None:
    id_ = applied(database, example)
    assert api.get("/v1/me/outcomes", headers=awa).json() == {"items": []}
    is_this_application = OutcomeRow.application_id == id_
    with database.write() as session:
        session.execute(
            update(OutcomeRow)
            .where(is_this_application, OutcomeRow.day == 30)
            .values(due_on=date(2026, 1, 1))
        )
        later = session.scalars(select(OutcomeRow.id).where(is_this_application, OutcomeRow.day == 90)).one()
    [question] = api.get("/v1/me/outcomes", headers=awa).json()["items"]
    assert question["text"] == "“Maçon 1”, 30 days ago: did you get the job?"
    assert [item["answer"] for item in question["answers"]] == [answer.value for answer in OutcomeAnswer]
    answer = {"answer": "got_it"}
    assert api.put(f"/v1/me/outcomes/{question['id']}", json=answer, headers=awa).status_code == 204
    assert api.put(f"/v1/me/outcomes/{later}", json=answer, headers=awa).status_code == 409
    assert api.put(f"/v1/me/outcomes/{uuid4()}", json=answer, headers=awa).status_code == 404
    [application] = api.get(MINE, headers=awa).json()["items"]
    assert application["outcomes"][0]["answer"] == "got_it"


def test_an_agent_reads_an_application_and_moves_it_to_another_stage(
    api: TestClient, example: Scene, awa: dict[str, str], paul: dict[str, str], database: Database
) -> None:
    id_ = applied(database, example)
    listed = api.get(RECEIVED, headers=paul).json()["items"][0]
    assert (listed["id"], listed["stage"], listed["name"]) == (str(id_), "sent", "Awa")
    opened = api.get(f"{RECEIVED}/{id_}", headers=paul).json()
    assert (opened["stage"], opened["text"]) == ("seen", "Has been read")
    assert opened["contact"] == {"channel": "sms", "value": "+237677123456"}
    day = (now().astimezone(CAMEROON).date() + timedelta(days=3)).isoformat()
    move = {"stage": "interview", "words": "Venez", "on": day}
    key = paul | {"Idempotency-Key": uuid4().hex}
    for _ in range(2):
        moved = api.post(f"{RECEIVED}/{id_}/moves", json=move, headers=key)
        assert (moved.status_code, moved.json()["next"]["on"]) == (201, day)
    mine = api.get(f"{MINE}/{id_}", headers=awa).json()
    assert [item["stage"] for item in mine["stages"]] == ["sent", "seen", "interview"]
    assert mine["next"]["words"] == "Venez"


def test_received_applications_are_sorted_as_on_the_page_and_counted(
    api: TestClient, example: Scene, paul: dict[str, str], database: Database
) -> None:
    applied(database, example)
    newest = api.get(RECEIVED, headers=paul).json()
    assert newest["total"] == len(newest["items"])
    for sort in get_args(ReceivedSort):
        answer = api.get(RECEIVED, params={"sort": sort}, headers=paul).json()
        assert {item["id"] for item in answer["items"]} == {item["id"] for item in newest["items"]}
        assert (answer["total"], answer["next"]) == (newest["total"], None)
    titles = [
        [item["title"].lower() for item in api.get(f"{RECEIVED}?sort={sort}", headers=paul).json()["items"]]
        for sort in ("title", "-title")
    ]
    assert titles == [sorted(titles[0]), sorted(titles[0], reverse=True)]
    refused = api.get(f"{RECEIVED}?sort=name", headers=paul)
    assert refused.status_code == 422
    assert "received" in refused.text
    assert {sort.removeprefix("-") for sort in get_args(ReceivedSort)} == set(_RECEIVED_SORTS)


@pytest.mark.parametrize(
    ("move", "problem"),
    [
        ({"stage": "not_retained"}, (422, ["next_step"])),
        ({"stage": "shortlisted", "next_step": "other"}, (422, ["words"])),
        ({"stage": "seen"}, (409, [])),
        ({"stage": "eaten"}, (422, ["stage"])),
    ],
)
def test_an_invalid_move_is_a_problem(
    api: TestClient, house: Any, paul: dict[str, str], move: dict[str, str], problem: tuple[int, list[str]]
) -> None:
    id_ = applied(house.database, scene(house.database))
    answer = api.post(f"{RECEIVED}/{id_}/moves", json=move, headers=paul)
    fields = [item["field"] for item in answer.json().get("errors", [])]
    assert (answer.status_code, fields) == problem


def test_the_agent_gets_the_cv_as_it_was_sent(
    api: TestClient, house: Any, example: Scene, awa: dict[str, str], paul: dict[str, str]
) -> None:
    document = add_cv(house.database, example.awa, "Awa.pdf")
    put_sealed(house.blobs, house.database.vault, f"documents/{document}", b"%PDF")
    application = api.post(MINE, json=body(example, document_id=str(document)), headers=awa).json()
    path = f"{RECEIVED}/{application['id']}/cv"
    answer = api.get(path, headers=paul)
    assert (answer.content, answer.headers["content-type"]) == (b"%PDF", "application/pdf")
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''Awa.pdf"
    assert answer.headers["cache-control"] == "no-store"
    assert api.get(path, headers=awa).status_code == 404


def test_going_to_the_publisher_is_recorded_for_people_who_are_signed_in(
    api: TestClient, example: Scene, awa: dict[str, str], database: Database
) -> None:
    [offer] = add_offers(database, draft(7, organisation="Personne"))
    path = f"/v1/opportunities/{offer}/departures"
    response = api.post(path, headers=ENGLISH)
    assert response.status_code == 201
    assert response.json()["url"] == "https://chantiers.example.cm/offres/7"
    assert (response.json()["host"], response.json()["trust"]) == ("chantiers.example.cm", "unknown")
    assert len(response.json()["text"]) == 3
    assert api.post(path, json={"list_id": str(UUID(int=4))}, headers=awa).status_code == 201
    with database.read() as session:
        rows = session.scalars(select(ApplicationRow).where(ApplicationRow.opportunity_id == offer)).all()
    assert [(row.person_id, row.route) for row in rows] == [(example.awa, Route.REDIRECTED.value)]
    assert api.post(f"/v1/opportunities/{uuid4()}/departures").status_code == 404


def test_an_offer_without_a_safe_page_has_no_address_to_go_to(api: TestClient) -> None:
    offers = api.get("/v1/opportunities", params={"limit": 100}).json()["items"]
    offer = next(item for item in offers if item["url"] is None)
    assert api.post(f"/v1/opportunities/{offer['id']}/departures").status_code == 404


def test_nobody_has_access_to_applications_of_others(
    api: TestClient, example: Scene, token: Token, database: Database
) -> None:
    id_, other = applied(database, example), scene(database)
    thief, analyst = token(other.person), token(Actor(Role.ANALYST, uuid4()))
    assert api.get(f"{MINE}/{id_}", headers=thief).status_code == 404
    assert api.post(f"{MINE}/{id_}/withdrawal", headers=thief).status_code == 404
    with database.read() as session:
        outcome = session.scalars(select(OutcomeRow.id).where(OutcomeRow.application_id == id_)).first()
    response = api.put(f"/v1/me/outcomes/{outcome}", json={"answer": "no"}, headers=thief)
    assert response.status_code == 404
    for path in (RECEIVED, f"{RECEIVED}/{id_}", f"{RECEIVED}/{id_}/cv"):
        assert [api.get(path, headers=caller).status_code for caller in (thief, analyst)] == [404, 404]
    with database.write() as session:
        assert applications.load_for_person_view(session, example.person, id_).stage.value == "sent"


def test_analysts_read_the_counts_and_small_ones_are_null(
    api: TestClient, token: Token, database: Database
) -> None:
    cell = {"month": date(2026, 5, 1), "what": "applied", "kind": "agr", "region": "CM-OU", "answer": ""}
    with database.write() as session:
        session.execute(delete(TallyRow))
        session.execute(insert(TallyRow).values([cell | {"count": 9}]))
    path = "/v1/staff/statistics"
    table = api.get(path, headers=token(Actor(Role.ANALYST, uuid4()))).json()
    assert table == {"items": [cell | {"month": "2026-05-01", "count": None}]}
    assert api.get(path, headers=token(Actor(Role.AGENT, uuid4(), uuid4()))).status_code == 404
