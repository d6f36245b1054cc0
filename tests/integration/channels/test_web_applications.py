"""Pages of applications: apply, follow the stages, answer about the outcome, redirect, the partner's side."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, time, timedelta
from gzip import compress
from itertools import pairwise
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

import pytest
from application_factory import (
    LETTER,
    Scene,
    add_agent,
    add_cv,
    add_offers,
    applied,
    decide,
    draft,
    scene,
)
from fastapi.testclient import TestClient
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from selectolax.lexbor import LexborNode as Node
from sqlalchemy import delete, insert, select, update

from oim.channels.web.assets import asset_url
from oim.channels.web.security import SESSION_COOKIE
from oim.features import applications, consents, profile
from oim.features.access import Actor, Role
from oim.features.applications import Move, Next, NextStep, OutcomeAnswer, Route, Stage
from oim.features.applications.models import ApplicationRow, OutcomeRow, StageRow
from oim.features.consents import Purpose
from oim.features.events.models import EventRow
from oim.features.opportunities import Kind
from oim.features.opportunities.models import OpportunityRow
from oim.features.profile import Job, Record
from oim.features.statistics.models import TallyRow
from oim.kit.blobs import put_sealed
from oim.kit.clock import CAMEROON, now
from oim.kit.db import Database

pytestmark = pytest.mark.usefixtures("delete_agents")

Browser = Callable[..., TestClient]
FIRST_VIEW = 14 * 1024  # bytes, compressed
PDF = b"%PDF-1.7 of Awa"


@pytest.fixture(autouse=True, scope="module")
def _delete_test_offers(house: Any) -> Iterator[None]:
    """Delete the offers of these tests afterwards."""
    yield
    with house.database.write() as session:
        session.execute(delete(OpportunityRow).where(OpportunityRow.source == "test"))


@pytest.fixture
def database(house: Any) -> Database:
    test_database: Database = house.database
    return test_database


@pytest.fixture
def scenario(database: Database) -> Scene:
    return scene(database)


@pytest.fixture
def offer_without_agent(database: Database) -> UUID:
    """An offer with its own page, of an organisation that has no agent here."""
    [offer] = add_offers(database, draft(7, organisation="Personne"))
    return offer


def read(client: TestClient, path: str, status: int = 200) -> HTMLParser:
    answer = client.get(path)
    assert answer.status_code == status, answer.text
    return HTMLParser(answer.text)


def text(page: HTMLParser | Node, selector: str) -> str:
    node = page.css_first(selector)
    assert node is not None, selector
    return " ".join(node.text().split())


def read_form(page: HTMLParser) -> dict[str, str]:
    """Read the form of the page as it would be sent unchanged."""
    form = page.css_first("main form[method=post]")
    assert form is not None
    fields = {
        field.attributes["name"]: field.attributes.get("value") or "" for field in form.css("[type=hidden]")
    }
    ticked = form.css("input[checked]")
    fields |= {box.attributes["name"]: box.attributes["value"] or "" for box in ticked}
    return fields | {area.attributes["name"]: area.text() for area in form.css("textarea")}  # type: ignore[return-value]


def apply_path(scenario: Scene) -> str:
    return f"/fr/opportunities/{scenario.offer}/apply"


# Applying


def test_an_application_is_sent_in_two_taps(web: Browser, scenario: Scene, database: Database) -> None:
    awa = web(scenario.person)
    tap = read(awa, f"/fr/opportunities/{scenario.offer}").css_first(".body a.button")
    assert (tap.text(), tap.attributes["href"]) == ("Postuler ici", apply_path(scenario))
    page = read(awa, apply_path(scenario))
    page_text = text(page, "main")
    assert all(
        words in page_text for words in ("Chantiers du Noun", "Awa", "+237677123456", "Source inconnue")
    )
    letter = read_form(page)["letter"]
    assert letter.startswith("À\u00a0: Chantiers du Noun")
    assert "Awa" in letter
    assert page.css("#cv, #agree") == []
    gone = awa.post(apply_path(scenario), data=read_form(page))
    assert gone.status_code == 303
    with database.write() as session:
        [sent] = applications.list_for_person(session, scenario.person, scenario.awa)
    assert gone.headers["location"] == f"/fr/me/applications/{sent.id}"
    assert sent.letter == letter.strip()
    assert sent.document is None


def test_the_drafted_letter_is_in_the_language_of_the_offer_and_uses_the_profile(
    web: Browser, scenario: Scene, database: Database
) -> None:
    with database.write() as session:
        record = Record(skills=("maçonnerie",), jobs=(Job("Chef de chantier"),), experience_years=3)
        profile.update_record(session, scenario.person, scenario.awa, lambda _: record)
    page = read(web(scenario.person), apply_path(scenario).replace("/fr/", "/en/"))
    assert text(page, "h1") == "Apply here"
    letter = text(page, "textarea").replace("\xa0", " ")
    assert "Ce que je sais faire : maçonnerie." in letter
    assert "J’ai déjà travaillé comme : Chef de chantier." in letter


def test_consent_to_share_is_asked_for_if_missing_and_saved_with_the_application(
    web: Browser, scenario: Scene, database: Database
) -> None:
    decide(database, scenario.awa, Purpose.SHARING, given=False)
    awa = web(scenario.person)
    fields = read_form(read(awa, apply_path(scenario)))
    assert "agree" not in fields
    refused = awa.post(apply_path(scenario), data=fields | {"letter": "Ma lettre à moi"})
    page = HTMLParser(refused.text)
    assert refused.status_code == 409
    assert text(page, ".problems")
    assert read_form(page)["letter"].strip() == "Ma lettre à moi"
    with database.read() as session:
        assert not consents.has_agreed(session, scenario.awa, Purpose.SHARING)
    assert awa.post(apply_path(scenario), data=fields | {"agree": "yes"}).status_code == 303
    with database.write() as session:
        decision = consents.load_decisions(session, scenario.person, scenario.awa)[Purpose.SHARING]
        assert (decision.agreed, decision.channel, decision.language) == (True, "web", "fr")
        assert len(applications.list_for_person(session, scenario.person, scenario.awa)) == 1


def test_a_refused_application_saves_no_consent_and_shows_the_form_again(
    web: Browser, scenario: Scene, database: Database
) -> None:
    decide(database, scenario.awa, Purpose.SHARING, given=False)
    add_cv(database, scenario.awa)
    awa, long = web(scenario.person), "x" * 2001
    answer = awa.post(apply_path(scenario), data={"letter": long, "agree": "yes", "cv": "yes", "list": ""})
    assert answer.status_code == 400
    page = HTMLParser(answer.text)
    assert "Caractères en trop : 1." in text(page, "#letter-error")
    form = read_form(page)
    assert (form["letter"].strip(), form["agree"], form["cv"]) == (long, "yes", "yes")
    with database.read() as session:
        assert not consents.has_agreed(session, scenario.awa, Purpose.SHARING)


def test_the_cv_is_attached_only_if_it_is_ticked(web: Browser, scenario: Scene, database: Database) -> None:
    document = add_cv(database, scenario.awa, "Awa maçonne.pdf")
    awa = web(scenario.person)
    page = read(awa, apply_path(scenario))
    assert "Awa maçonne.pdf" in text(page, "#cv")
    assert "cv" not in read_form(page)
    assert "plus tard" in text(page, "#cv"), "that partners read the profile as it is then"
    awa.post(apply_path(scenario), data=read_form(page) | {"cv": "yes"})
    with database.write() as session:
        [sent] = applications.list_for_person(session, scenario.person, scenario.awa)
    assert sent.document == document


def test_signing_in_leads_back_to_the_application_form(web: Browser, scenario: Scene) -> None:
    bare = read(web(), apply_path(scenario), 401).css_first("main a.button").attributes["href"] or ""
    assert bare.endswith("apply")
    page = read(web(), f"{apply_path(scenario)}?list={UUID(int=5).hex}", 401)
    href = page.css_first("main a.button").attributes["href"]
    assert (
        href
        == f"/fr/sign-in?next=%2Ffr%2Fopportunities%2F{scenario.offer}%2Fapply%3Flist%3D{UUID(int=5).hex}"
    )


def test_a_letter_written_while_another_page_signed_out_is_found_again(web: Browser, scenario: Scene) -> None:
    awa, path = web(scenario.person), apply_path(scenario)
    awa.get(path)
    awa.post("/fr/sign-out")
    answer = awa.post(path, data={"letter": "Ma lettre à moi", "agree": "yes", "cv": "", "list": ""})
    assert (answer.status_code, answer.headers["cache-control"]) == (401, "no-store")
    page = HTMLParser(answer.text)
    typed = {name: value.strip() for name, value in read_form(page).items()}
    assert typed == {"letter": "Ma lettre à moi", "agree": "yes"}
    # One sentence says what to do, and one button does it.
    said = text(page, "main")
    assert "vous le retrouvez" in said
    assert not any(other in said for other in ("page à côté", "reviendrez ici", "Envoyer"))
    [button] = page.css("main form button")
    kept = awa.post(button.attributes["formaction"] or "", data=read_form(page))
    assert kept.headers["location"] == f"/fr/sign-in?next={quote(path, safe='')}"
    sign_in_as(awa, web, scenario.person)
    assert "Ma lettre à moi" not in awa.get(path).text, "until whoever signed in says that it is theirs"
    awa.post("/fr/unsent-form", data={"next": path, "was_me": "yes"})
    form = read_form(read(awa, path))
    assert form["letter"].strip() == "Ma lettre à moi"
    assert awa.post(path, data=form | {"agree": "yes"}).status_code == 303


def sign_in_as(browser: TestClient, web: Browser, actor: Actor) -> None:
    browser.cookies.set(SESSION_COOKIE, web(actor).cookies[SESSION_COOKIE])


def test_the_letter_to_a_deleted_offer_is_shown_again(web: Browser, scenario: Scene) -> None:
    for id_ in (uuid4(), "x"):
        answer = web(scenario.person).post(f"/fr/opportunities/{id_}/apply", data={"letter": "Ma lettre"})
        assert answer.status_code == 404
        assert text(HTMLParser(answer.text), "textarea") == "Ma lettre"


def test_an_offer_that_cannot_be_applied_to_here_has_no_form(
    web: Browser, scenario: Scene, offer_without_agent: UUID, database: Database
) -> None:
    late = replace(draft(8), valid_through=now() - timedelta(days=1))
    [closed] = add_offers(database, late)
    awa = web(scenario.person)
    for offer in (offer_without_agent, closed):
        answer = awa.get(f"/fr/opportunities/{offer}/apply")
        assert (answer.status_code, answer.headers["location"]) == (303, f"/fr/opportunities/{offer}")
    assert awa.post(f"/fr/opportunities/{closed}/apply", data={"letter": "L"}).status_code == 409


def test_the_page_of_an_offer_shows_the_application_until_it_is_withdrawn(
    web: Browser, scenario: Scene, database: Database
) -> None:
    id_ = applied(database, scenario)
    awa, offer = web(scenario.person), f"/fr/opportunities/{scenario.offer}"
    page = read(awa, offer)
    assert text(page, ".notice").startswith("Envoyé au partenaire")
    assert page.css_first(".notice a").attributes["href"] == f"/fr/me/applications/{id_}"
    assert page.css_first(".body a.button") is None
    assert awa.get(apply_path(scenario)).headers["location"] == f"/fr/me/applications/{id_}"
    assert read(web(), offer).css_first(".notice") is None
    with database.write() as session:
        applications.withdraw(session, scenario.person, id_)
    page = read(awa, offer)
    assert page.css_first(".body a.button").attributes["href"] == apply_path(scenario)
    assert read_form(read(awa, apply_path(scenario)))["letter"].strip() == LETTER


# Following an application


def test_applications_are_listed_with_their_stage_and_next_step(
    web: Browser, scenario: Scene, database: Database
) -> None:
    awa = web(scenario.person)
    assert "Postuler ici" in text(read(awa, "/fr/me/applications"), "main")
    id_ = applied(database, scenario)
    with database.write() as session:
        next_step = Next(NextStep.OTHER_OFFERS, "Merci Awa")
        applications.move(session, scenario.agent, id_, Move(Stage.NOT_RETAINED, next_step))
    card = read(awa, "/fr/me/applications").css_first(".card")
    page_text = " ".join(card.text().split())
    assert all(words in page_text for words in ("Emploi", "Maçon 1", "Pas cette fois", "Merci Awa"))
    page = read(awa, card.css_first("a.button").attributes["href"] or "")
    assert len(page.css("ol li")) == 2
    assert "/fr/opportunities?kind=employment" in {a.attributes["href"] for a in page.css("main a.button")}
    assert text(page, ".words") == " ".join(LETTER.split())
    assert page.css_first("main form[method=post]") is None


@pytest.mark.parametrize(
    ("hour", "said"), [(None, "pas encore dit à quelle heure"), (time(9, 30), "Venez à l’heure")]
)
def test_who_was_told_no_hour_is_not_told_to_come_on_time(
    web: Browser, scenario: Scene, database: Database, hour: time | None, said: str
) -> None:
    id_, day = applied(database, scenario), now().date() + timedelta(days=5)
    with database.write() as session:
        move = Move(Stage.INTERVIEW, Next(NextStep.OTHER, "Venez", on=day, hour=hour))
        applications.move(session, scenario.agent, id_, move)
    assert said in text(read(web(scenario.person), f"/fr/me/applications/{id_}"), ".facts")


@pytest.mark.parametrize(
    ("step", "leads"),
    [
        (NextStep.OTHER_OFFERS, "opportunities?kind=agr"),
        (NextStep.COURSE, "opportunities?kind=training"),
        (NextStep.IMPROVE_CV, "me/cv"),
        (NextStep.OTHER, None),
    ],
)
def test_the_next_step_links_to_the_page_for_it(
    web: Browser, database: Database, step: NextStep, leads: str | None
) -> None:
    scenario = scene(database, Kind.AGR)
    id_ = applied(database, scenario)
    with database.write() as session:
        applications.move(session, scenario.agent, id_, Move(Stage.NOT_RETAINED, Next(step, "Voyez Paul")))
    link = read(web(scenario.person), f"/fr/me/applications/{id_}").css_first(".facts a.button")
    assert (link and link.attributes["href"]) == (f"/fr/{leads}" if leads else None)


def test_a_withdrawn_application_is_hidden_from_the_partner(
    web: Browser, scenario: Scene, database: Database
) -> None:
    awa, id_ = web(scenario.person), applied(database, scenario)
    page = read(awa, f"/fr/me/applications/{id_}")
    link = page.css_first("main a.second").attributes["href"]
    action = read(awa, link or "").css_first("main form[method=post]").attributes["action"]
    gone = awa.post(action or "")
    assert gone.headers["location"] == f"/fr/me/applications/{id_}"
    page = read(awa, f"/fr/me/applications/{id_}")
    assert text(page, ".facts h2") == "Retirée"
    assert page.css_first("main a.second") is None
    with database.write() as session:
        assert applications.open_for_partner(session, scenario.agent, id_).name is None


def test_an_outcome_question_is_answered_in_one_tap(
    web: Browser, scenario: Scene, database: Database
) -> None:
    awa, id_ = web(scenario.person), applied(database, scenario)
    assert read(awa, "/fr/me/applications").css("form[action*=outcomes]") == []
    with database.write() as session:
        conditions = OutcomeRow.application_id == id_, OutcomeRow.day == 30
        session.execute(update(OutcomeRow).where(*conditions).values(due_on=date(2026, 1, 1)))
    page = read(awa, "/fr/me/applications")
    [question] = page.css("form[action*=outcomes]")
    assert "Maçon 1" in text(question, "h3")
    taps = [(tap.attributes["name"], tap.attributes["value"]) for tap in question.css("button")]
    assert taps == [("answer", answer.value) for answer in OutcomeAnswer]
    action = question.attributes["action"] or ""
    assert awa.post(action, data={"answer": "perhaps"}).status_code == 400
    assert awa.post(action, data={"answer": "got_it"}).headers["location"] == "/fr/me/applications"
    assert read(awa, "/fr/me/applications").css("form[action*=outcomes]") == []
    with database.read() as session:
        row = session.scalars(select(OutcomeRow).where(*conditions)).one()
    assert row.answer == "got_it"


def test_nobody_can_see_the_applications_of_others(web: Browser, scenario: Scene, database: Database) -> None:
    id_, other = applied(database, scenario), scene(database)
    with database.read() as session:
        outcome = session.scalars(select(OutcomeRow.id).where(OutcomeRow.application_id == id_)).first()
    paths = [f"/fr/me/applications/{id_}", "/fr/me/applications"]
    for path in paths:
        assert web().get(path).status_code == 401
        assert web(scenario.agent).get(path).status_code == 401
    thief = web(other.person)
    assert thief.get(paths[0]).status_code == 404
    assert thief.post(f"{paths[0]}/withdraw").status_code == 404
    assert thief.post(f"/fr/me/outcomes/{outcome}", data={"answer": "no"}).status_code == 404
    elsewhere = draft(9, organisation="Ailleurs")
    add_offers(database, elsewhere)
    for actor in (add_agent(database, "Ailleurs"), Actor(Role.ANALYST, uuid4())):
        assert web(actor).get(f"/fr/staff/applications/{id_}").status_code == 404
        assert web(actor).get(f"/fr/staff/applications/{id_}/cv").status_code == 404
        moved = web(actor).post(f"/fr/staff/applications/{id_}", data={"stage": "shortlisted"})
        assert moved.status_code == 404
    assert web(scenario.person).get("/fr/staff/applications").status_code == 404


# Redirecting to the publisher


def test_a_redirect_is_recorded_only_when_the_link_is_followed(
    web: Browser, scenario: Scene, offer_without_agent: UUID, database: Database
) -> None:
    awa = web(scenario.person)
    leave = (
        read(awa, f"/fr/opportunities/{offer_without_agent}").css_first(".body a.button").attributes["href"]
        or ""
    )
    page = read(awa, leave)
    assert text(page, "h1").endswith("chantiers.example.cm")
    on = page.css_first("main a.button").attributes["href"] or ""
    awa.head(on)

    def load_rows() -> list[ApplicationRow]:
        with database.read() as session:
            rows = session.scalars(select(ApplicationRow).where(ApplicationRow.person_id == scenario.awa))
            return list(rows)

    assert load_rows() == []
    gone = awa.get(on)
    assert gone.headers["location"] == "https://chantiers.example.cm/offres/7"
    assert gone.headers["referrer-policy"] == "no-referrer"
    [row] = load_rows()
    assert (row.route, row.opportunity_id) == (Route.REDIRECTED.value, offer_without_agent)
    page = read(awa, f"/fr/opportunities/{offer_without_agent}")
    assert text(page, ".notice").startswith("Vous avez ouvert le site du partenaire")
    assert page.css_first(".body a.button")
    assert read(awa, f"/fr/me/applications/{row.id}").css_first("main form[method=post]") is None


def test_the_redirect_of_a_stranger_is_recorded_for_ranking_only(
    web: Browser, house: Any, database: Database
) -> None:
    answer = house.engine.recommend(Record(text="poulets"), 1, shown=True)
    offer = answer.items[0].id
    with database.write() as session:
        where = OpportunityRow.id == offer
        before = session.scalar(select(OpportunityRow.url).where(where))
        session.execute(update(OpportunityRow).where(where).values(url="https://a.example/", apply=[]))
    try:
        page = read(web(), f"/fr/opportunities/{offer}?list={answer.list_id.hex}")
        leave = page.css_first(".body a.button").attributes["href"] or ""
        assert web().get(leave.replace("?", "/go?")).headers["location"] == "https://a.example/"
    finally:
        with database.write() as session:
            session.execute(update(OpportunityRow).where(where).values(url=before))
    with database.read() as session:
        conditions = EventRow.list_id == answer.list_id, EventRow.kind.in_(["opened", "redirected"])
        kinds = set(session.scalars(select(EventRow.kind).where(*conditions)))
    assert kinds == {"opened", "redirected"}


# The partner's side


def received_path(scenario: Scene, id_: UUID) -> str:
    return f"/fr/staff/applications/{id_}"


def test_the_person_sees_that_an_agent_read_the_application(
    web: Browser, scenario: Scene, database: Database
) -> None:
    paul, id_ = web(scenario.agent), applied(database, scenario)
    listed = read(paul, "/fr/staff/applications").css_first(f'tr a[href="{received_path(scenario, id_)}"]')
    assert listed.text() == "Awa"
    page = read(paul, received_path(scenario, id_))
    assert text(page, "h1") == "Awa"
    assert page.css_first('a[href="tel:+237677123456"]')
    assert text(page, ".words") == " ".join(LETTER.split())
    assert (
        text(read(web(scenario.person), f"/fr/me/applications/{id_}"), ".facts h2") == "Lu par le partenaire"
    )


def test_an_agent_moves_an_application_to_another_stage_with_a_message(
    web: Browser, scenario: Scene, database: Database
) -> None:
    paul, id_ = web(scenario.agent), applied(database, scenario)
    stages = {
        option.attributes["value"] for option in read(paul, received_path(scenario, id_)).css("#stage option")
    }
    assert stages == {"", "shortlisted", "interview", "offered", "started", "not_retained"}
    day = now().astimezone(CAMEROON).date() + timedelta(days=5)
    fields = {"stage": "interview", "next_step": "", "words": "Venez avec vos outils", "on": day.isoformat()}
    assert paul.post(received_path(scenario, id_), data=fields).headers["location"] == received_path(
        scenario, id_
    )
    page_text = text(read(web(scenario.person), f"/fr/me/applications/{id_}"), ".facts")
    assert "Venez avec vos outils" in page_text
    assert str(day.year) in page_text


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        ("fr", ["à 9\u00a0h\u00a030.", "Le lieu\u00a0: derrière le marché B."]),
        ("en", ["at 9:30\u00a0am.", "The place: derrière le marché B."]),
    ],
)
def test_the_person_reads_the_hour_and_the_place_of_a_meeting_in_their_language(
    web: Browser, scenario: Scene, database: Database, language: str, lines: list[str]
) -> None:
    paul, id_ = web(scenario.agent), applied(database, scenario)
    day = now().astimezone(CAMEROON).date() + timedelta(days=5)
    meeting = {"on": day.isoformat(), "hour": "09:30", "place": " derrière  le marché B."}
    assert paul.post(received_path(scenario, id_), data={"stage": "interview", **meeting}).status_code == 303
    page = read(web(scenario.person), f"/{language}/me/applications/{id_}")
    shown = page.css_first(".facts").text()
    assert all(line in shown for line in lines)
    with database.read() as session:
        row = session.get(ApplicationRow, id_)
        assert row is not None
        assert row.next_place is not None
        assert b"march" not in row.next_place
    # Once the meeting is over, the next stage brings neither.
    assert paul.post(received_path(scenario, id_), data={"stage": "offered"}).status_code == 303
    assert "marché" not in text(read(web(scenario.person), f"/fr/me/applications/{id_}"), ".facts")


@pytest.mark.parametrize(
    ("fields", "field", "status"),
    [
        ({"stage": "interview", "words": "Merci", "hour": "09:30"}, "on", 400),
        ({"stage": "interview", "words": "Merci", "on": "TODAY", "hour": "neuf heures"}, "hour", 400),
        ({"stage": "interview", "words": "Merci", "on": "TODAY", "hour": "25:00"}, "hour", 400),
        ({"stage": "interview", "words": "Merci", "place": "a" * 201}, "place", 400),
        ({"stage": "shortlisted", "words": "Merci", "place": "Au marché"}, "place", 400),
        ({"stage": "offered", "words": "Merci", "hour": "00:00"}, "hour", 400),
        ({"stage": "not_retained", "words": "Merci"}, "next_step", 400),
        ({"stage": "", "words": "Merci"}, "stage", 400),
        ({"stage": "eaten", "words": "Merci"}, "stage", 400),
        ({"stage": "shortlisted", "next_step": "eaten", "words": "Merci"}, "next_step", 400),
        ({"stage": "interview", "words": "Merci", "on": "demain"}, "on", 400),
        ({"stage": "interview", "words": "Merci", "on": "2020-01-01"}, "on", 400),
        ({"stage": "seen", "words": "Merci"}, "form", 409),
    ],
)
def test_an_invalid_move_shows_an_error_at_its_field(
    web: Browser, scenario: Scene, database: Database, fields: dict[str, str], field: str, status: int
) -> None:
    paul, id_ = web(scenario.agent), applied(database, scenario)
    today = now().astimezone(CAMEROON).date().isoformat()
    answer = paul.post(
        received_path(scenario, id_),
        data={**fields, **({"on": today} if fields.get("on") == "TODAY" else {})},
    )
    page = HTMLParser(answer.text)
    assert answer.status_code == status
    assert text(page, ".problems")
    assert field == "form" or text(page, f"#{field}-error")
    assert text(page, "textarea") == "Merci"
    with database.write() as session:
        assert applications.load_for_person_view(session, scenario.person, id_).stage in (
            Stage.SENT,
            Stage.SEEN,
        )


def test_an_attached_cv_can_be_downloaded_only_while_it_is_shared(
    web: Browser, house: Any, scenario: Scene
) -> None:
    document = add_cv(house.database, scenario.awa, "Awa « maçonne ».pdf")
    put_sealed(house.blobs, house.database.vault, f"documents/{document}", PDF)
    web(scenario.person).post(apply_path(scenario), data={"letter": LETTER, "cv": "yes"})
    with house.database.write() as session:
        [sent] = applications.list_for_person(session, scenario.person, scenario.awa)
    link = (
        read(web(scenario.agent), received_path(scenario, sent.id))
        .css_first("main a.second")
        .attributes["href"]
        or ""
    )
    answer = web(scenario.agent).get(link)
    assert answer.content == PDF
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "no-store"
    named = "Awa%20%C2%AB%20ma%C3%A7onne%20%C2%BB.pdf"
    assert answer.headers["content-disposition"] == f"attachment; filename*=UTF-8''{named}"
    assert answer.headers["x-content-type-options"] == "nosniff"
    decide(house.database, scenario.awa, Purpose.SHARING, given=False)
    assert web(scenario.agent).get(link).status_code == 404


def test_a_hidden_application_shows_the_reason_and_nothing_personal(
    web: Browser, scenario: Scene, database: Database
) -> None:
    paul, id_ = web(scenario.agent), applied(database, scenario)
    decide(database, scenario.awa, Purpose.SHARING, given=False)
    for path in ("/fr/staff/applications", received_path(scenario, id_)):
        page = read(paul, path)
        assert "n’accepte plus de partager" in text(page, "tbody th, .check")
    assert "Awa" not in text(page, "main")
    assert page.css("main form[method=post], .words, a[href^=tel]") == []


def test_the_list_of_received_applications_has_pages(web: Browser, database: Database) -> None:
    add_offers(database, draft(10, organisation="Beaucoup"))
    agent = add_agent(database, "Beaucoup")
    same = {"organisation_id": agent.organisation, "title": "Maçon", "kind": "employment", "stage": "sent"}
    at = {"stage_at": now(), "created_at": now(), "route": "inside"}
    with database.write() as session:
        rows = [{"id": uuid4(), **same, **at} for _ in range(applications.PAGE_SIZE + 1)]
        session.execute(insert(ApplicationRow).values(rows))
        sent = {"stage": "sent", "at": now(), "by_role": "person"}
        session.execute(insert(StageRow).values([{"application_id": row["id"], **sent} for row in rows]))
    paul = web(agent)
    page = read(paul, "/fr/staff/applications")
    assert len(page.css("tbody tr")) == applications.PAGE_SIZE
    second_page = read(paul, page.css_first("a[rel=next]").attributes["href"] or "")
    assert len(second_page.css("tbody tr")) == 1
    assert text(second_page, "caption span") == f"{applications.PAGE_SIZE + 1} lignes · Page 2 sur 2"
    assert second_page.css_first("a[rel=next]") is None


# All pages


def test_application_pages_are_light_accessible_and_without_scripts(
    web: Browser, scenario: Scene, offer_without_agent: UUID, database: Database
) -> None:
    id_, other = applied(database, scenario), scene(database)
    with database.write() as session:
        session.execute(update(OutcomeRow).values(due_on=date(2026, 1, 1)))
    pages = [
        (web(other.person), apply_path(other)),
        (web(scenario.person), "/fr/me/applications"),
        (web(scenario.person), f"/fr/me/applications/{id_}"),
        (web(scenario.agent), "/fr/staff/applications"),
        (web(scenario.agent), received_path(scenario, id_)),
        (web(Actor(Role.ANALYST, uuid4())), "/fr/staff/statistics"),
    ]
    sheet = len(compress(web().get(asset_url("style.css")).content, 9))
    for client, path in pages:
        page = read(client, path)
        assert sheet + len(compress((page.html or "").encode(), 9)) <= FIRST_VIEW
        assert page.css("main script, main [style], main img") == []
        ids = [node.attributes["id"] for node in page.css("[id]")]
        assert len(ids) == len(set(ids))
        assert {node.attributes["for"] for node in page.css("label[for]")} <= set(ids)
        levels = [int(node.tag[1]) for node in page.css("h1, h2, h3")]
        assert levels.count(1) == 1
        assert all(deeper - level <= 1 for level, deeper in pairwise(levels))


# Statistics


def test_small_counts_are_not_shown_in_the_statistics(web: Browser, database: Database) -> None:
    cell = {"month": date(2026, 5, 1), "what": "outcome_30", "kind": "employment", "region": "CM-OU"}
    with database.write() as session:
        session.execute(delete(TallyRow))
        session.execute(insert(TallyRow).values([
            cell | {"answer": "got_it", "count": 1234},
            cell | {"answer": "no", "count": 9},
            cell | {"what": "applied", "answer": "", "count": 3, "region": ""},
        ]))  # fmt: skip
    page = read(web(Actor(Role.ANALYST, uuid4())), "/fr/staff/statistics")
    assert {row.css_first("th").text().strip() for row in page.css("tbody tr")} == {"mai 2026"}
    rows = [[" ".join(cell.text().split()) for cell in row.css("td")[2:]] for row in page.css("tbody tr")]
    assert rows == [["Lieu non indiqué", "moins de 10"], ["Ouest", "1 234"], ["Ouest", "moins de 10"]]
    assert "9" not in text(page, "tbody tr:last-child")
    # Nor does the order tell which of the small ones is smaller: they stand as in the list's own order.
    for order in ("people", "-people"):
        sorted_page = read(web(Actor(Role.ANALYST, uuid4())), f"/fr/staff/statistics?sort={order}")
        counts = [" ".join(row.css("td")[-1].text().split()) for row in sorted_page.css("tbody tr")]
        assert counts == ["1 234", "moins de 10", "moins de 10"]
        assert "Lieu non indiqué" in text(sorted_page, "tbody tr:nth-child(2)")
    for role in (Role.AGENT, Role.CASE_WORKER):
        assert web(Actor(role, uuid4(), uuid4())).get("/fr/staff/statistics").status_code == 404
