"""Applying, following it, answering what became of it, leaving, and the partner's side: as pages."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from gzip import compress
from itertools import pairwise
from typing import Any
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
from oim.features import applications, consents, profile
from oim.features.access import Actor, Role
from oim.features.applications import Move, Next, NextStep, OutcomeAnswer, Route, Stage
from oim.features.applications.models import ApplicationRow, OutcomeRow, StageRow
from oim.features.consents import Purpose
from oim.features.matching.learning.models import EventRow
from oim.features.opportunities import Kind
from oim.features.opportunities.models import OpportunityRow
from oim.features.profile import Record
from oim.features.statistics.models import TallyRow
from oim.kit.blobs import put_sealed
from oim.kit.clock import CAMEROON, now
from oim.kit.db import Database

Browser = Callable[..., TestClient]
FIRST_VIEW = 14 * 1024  # bytes, compressed
PDF = b"%PDF-1.7 of Awa"


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
def alone(database: Database) -> UUID:
    """An offer with a page of its own, of a partner who has nobody here."""
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


def typed(page: HTMLParser) -> dict[str, str]:
    """What the form of the page would send as it stands."""
    form = page.css_first("main form[method=post]")
    assert form is not None
    fields = {one.attributes["name"]: one.attributes.get("value") or "" for one in form.css("[type=hidden]")}
    ticked = form.css("input[checked]")
    fields |= {one.attributes["name"]: one.attributes["value"] or "" for one in ticked}
    return fields | {area.attributes["name"]: area.text() for area in form.css("textarea")}  # type: ignore[return-value]


def way(made: Scene) -> str:
    return f"/fr/opportunities/{made.offer}/apply"


# Applying


def test_a_letter_is_sent_in_two_taps(web: Browser, made: Scene, database: Database) -> None:
    awa = web(made.person)
    tap = read(awa, f"/fr/opportunities/{made.offer}").css_first(".body a.button")
    assert (tap.text(), tap.attributes["href"]) == ("Postuler ici", way(made))
    page = read(awa, way(made))
    said = text(page, "main")
    assert all(words in said for words in ("Chantiers du Noun", "Awa", "+237677123456", "Source inconnue"))
    letter = typed(page)["letter"]
    assert letter.startswith("À\u00a0: Chantiers du Noun")
    assert "Awa" in letter
    assert page.css("#cv, #agree") == []
    gone = awa.post(way(made), data=typed(page))
    assert gone.status_code == 303
    with database.write() as session:
        [sent] = applications.list_for_person(session, made.person, made.awa)
    assert gone.headers["location"] == f"/fr/me/applications/{sent.id}"
    assert sent.letter == letter.strip()
    assert sent.document is None


def test_the_letter_is_in_the_language_of_the_offer_and_says_what_was_told(
    web: Browser, made: Scene, database: Database
) -> None:
    with database.write() as session:
        told = Record(skills=("maçonnerie",), experience_years=3)
        profile.update_record(session, made.person, made.awa, lambda _: told)
    page = read(web(made.person), way(made).replace("/fr/", "/en/"))
    assert text(page, "h1") == "Apply here"
    assert "Ce que je sais faire : maçonnerie." in text(page, "textarea").replace("\xa0", " ")


def test_consent_is_asked_where_it_is_not_given_and_kept_with_what_is_sent(
    web: Browser, made: Scene, database: Database
) -> None:
    decide(database, made.awa, Purpose.SHARING, given=False)
    awa = web(made.person)
    fields = typed(read(awa, way(made)))
    assert "agree" not in fields
    refused = awa.post(way(made), data=fields | {"letter": "Ma lettre à moi"})
    page = HTMLParser(refused.text)
    assert refused.status_code == 409
    assert text(page, ".problems")
    assert typed(page)["letter"].strip() == "Ma lettre à moi"
    with database.read() as session:
        assert not consents.has_agreed(session, made.awa, Purpose.SHARING)
    assert awa.post(way(made), data=fields | {"agree": "yes"}).status_code == 303
    with database.write() as session:
        decision = consents.load_decisions(session, made.person, made.awa)[Purpose.SHARING]
        assert (decision.agreed, decision.channel, decision.language) == (True, "web", "fr")
        assert len(applications.list_for_person(session, made.person, made.awa)) == 1


def test_what_is_refused_changes_no_consent_and_loses_nothing(
    web: Browser, made: Scene, database: Database
) -> None:
    decide(database, made.awa, Purpose.SHARING, given=False)
    add_cv(database, made.awa)
    awa, long = web(made.person), "x" * 2001
    answer = awa.post(way(made), data={"letter": long, "agree": "yes", "cv": "yes", "list": ""})
    assert answer.status_code == 400
    page = HTMLParser(answer.text)
    assert text(page, "#letter-error")
    kept = typed(page)
    assert (kept["letter"].strip(), kept["agree"], kept["cv"]) == (long, "yes", "yes")
    with database.read() as session:
        assert not consents.has_agreed(session, made.awa, Purpose.SHARING)


def test_the_cv_goes_with_it_where_it_is_ticked(web: Browser, made: Scene, database: Database) -> None:
    document = add_cv(database, made.awa, "Awa maçonne.pdf")
    awa = web(made.person)
    page = read(awa, way(made))
    assert "Awa maçonne.pdf" in text(page, "#cv")
    assert "cv" not in typed(page)
    awa.post(way(made), data=typed(page) | {"cv": "yes"})
    with database.write() as session:
        [sent] = applications.list_for_person(session, made.person, made.awa)
    assert sent.document == document


def test_a_stranger_signs_in_and_comes_back(web: Browser, made: Scene) -> None:
    bare = read(web(), way(made), 401).css_first("main a.button").attributes["href"] or ""
    assert bare.endswith("apply")
    page = read(web(), f"{way(made)}?list={UUID(int=5).hex}", 401)
    href = page.css_first("main a.button").attributes["href"]
    assert href == f"/fr/sign-in?next=%2Ffr%2Fopportunities%2F{made.offer}%2Fapply%3Flist%3D{UUID(int=5).hex}"


def test_who_is_signed_out_meanwhile_keeps_the_letter(web: Browser, made: Scene, database: Database) -> None:
    fields = {"letter": "Ma lettre à moi", "agree": "yes", "cv": "", "list": "", "next": "x"}
    answer = web().post(way(made), data=fields)
    assert (answer.status_code, answer.headers["cache-control"]) == (401, "no-store")
    page = HTMLParser(answer.text)
    assert {name: value.strip() for name, value in typed(page).items()} == {
        "letter": "Ma lettre à moi",
        "agree": "yes",
    }
    beside = page.css_first("main a.button").attributes
    assert (beside["href"], beside["target"]) == (
        f"/fr/sign-in?next=%2Ffr%2Fopportunities%2F{made.offer}%2Fapply",
        "_blank",
    )
    assert web(made.person).post(way(made), data=typed(page)).status_code == 303


def test_the_letter_to_an_offer_that_is_gone_can_still_be_copied(web: Browser, made: Scene) -> None:
    for id_ in (uuid4(), "x"):
        answer = web(made.person).post(f"/fr/opportunities/{id_}/apply", data={"letter": "Ma lettre"})
        assert answer.status_code == 404
        assert text(HTMLParser(answer.text), "textarea") == "Ma lettre"


def test_nothing_is_offered_where_nothing_can_be_sent(
    web: Browser, made: Scene, alone: UUID, database: Database
) -> None:
    late = replace(draft(8), valid_through=now() - timedelta(days=1))
    [closed] = add_offers(database, late)
    awa = web(made.person)
    for offer in (alone, closed):
        answer = awa.get(f"/fr/opportunities/{offer}/apply")
        assert (answer.status_code, answer.headers["location"]) == (303, f"/fr/opportunities/{offer}")
    assert awa.post(f"/fr/opportunities/{closed}/apply", data={"letter": "L"}).status_code == 409


def test_the_offers_page_says_what_was_done(web: Browser, made: Scene, database: Database) -> None:
    id_ = applied(database, made)
    awa, offer = web(made.person), f"/fr/opportunities/{made.offer}"
    page = read(awa, offer)
    assert text(page, ".notice").startswith("Envoyé au partenaire")
    assert page.css_first(".notice a").attributes["href"] == f"/fr/me/applications/{id_}"
    assert page.css_first(".body a.button") is None
    assert awa.get(way(made)).headers["location"] == f"/fr/me/applications/{id_}"
    assert read(web(), offer).css_first(".notice") is None
    with database.write() as session:
        applications.withdraw(session, made.person, id_)
    page = read(awa, offer)
    assert page.css_first(".body a.button").attributes["href"] == way(made)
    assert typed(read(awa, way(made)))["letter"].strip() == LETTER


# Following it


def test_applications_are_listed_with_what_they_mean(web: Browser, made: Scene, database: Database) -> None:
    awa = web(made.person)
    assert "Postuler ici" in text(read(awa, "/fr/me/applications"), "main")
    id_ = applied(database, made)
    with database.write() as session:
        told = Next(NextStep.OTHER_OFFERS, "Merci Awa")
        applications.move(session, made.agent, id_, Move(Stage.NOT_RETAINED, told))
    card = read(awa, "/fr/me/applications").css_first(".card")
    said = " ".join(card.text().split())
    assert all(words in said for words in ("Emploi", "Maçon 1", "Pas cette fois", "Merci Awa"))
    page = read(awa, card.css_first("a.button").attributes["href"] or "")
    assert len(page.css("ol li")) == 2
    assert "/fr/opportunities?kind=employment" in {a.attributes["href"] for a in page.css("main a.button")}
    assert text(page, ".words") == " ".join(LETTER.split())
    assert page.css_first("main form[method=post]") is None


@pytest.mark.parametrize(
    ("step", "leads"),
    [
        (NextStep.OTHER_OFFERS, "opportunities?kind=agr"),
        (NextStep.COURSE, "opportunities?kind=training"),
        (NextStep.IMPROVE_CV, "me/cv"),
        (NextStep.OTHER, None),
    ],
)
def test_the_next_step_leads_on(web: Browser, database: Database, step: NextStep, leads: str | None) -> None:
    made = scene(database, Kind.AGR)
    id_ = applied(database, made)
    with database.write() as session:
        applications.move(session, made.agent, id_, Move(Stage.NOT_RETAINED, Next(step, "Voyez Paul")))
    way = read(web(made.person), f"/fr/me/applications/{id_}").css_first(".facts a.button")
    assert (way and way.attributes["href"]) == (f"/fr/{leads}" if leads else None)


def test_an_application_is_taken_back(web: Browser, made: Scene, database: Database) -> None:
    awa, id_ = web(made.person), applied(database, made)
    page = read(awa, f"/fr/me/applications/{id_}")
    action = page.css_first("main form[method=post]").attributes["action"]
    gone = awa.post(action or "")
    assert gone.headers["location"] == f"/fr/me/applications/{id_}"
    page = read(awa, f"/fr/me/applications/{id_}")
    assert text(page, ".facts h2") == "Repris"
    assert page.css_first("main form[method=post]") is None
    with database.write() as session:
        assert applications.open_for_partner(session, made.agent, id_).name is None


def test_what_became_of_it_is_answered_in_one_tap(web: Browser, made: Scene, database: Database) -> None:
    awa, id_ = web(made.person), applied(database, made)
    assert read(awa, "/fr/me/applications").css("form[action*=outcomes]") == []
    with database.write() as session:
        of = OutcomeRow.application_id == id_, OutcomeRow.day == 30
        session.execute(update(OutcomeRow).where(*of).values(due_on=date(2026, 1, 1)))
    page = read(awa, "/fr/me/applications")
    [asked] = page.css("form[action*=outcomes]")
    assert "Maçon 1" in text(asked, "h3")
    taps = [(tap.attributes["name"], tap.attributes["value"]) for tap in asked.css("button")]
    assert taps == [("answer", answer.value) for answer in OutcomeAnswer]
    action = asked.attributes["action"] or ""
    assert awa.post(action, data={"answer": "perhaps"}).status_code == 400
    assert awa.post(action, data={"answer": "got_it"}).headers["location"] == "/fr/me/applications"
    assert read(awa, "/fr/me/applications").css("form[action*=outcomes]") == []
    with database.read() as session:
        row = session.scalars(select(OutcomeRow).where(*of)).one()
    assert row.answer == "got_it"


def test_nobody_sees_what_is_anothers(web: Browser, made: Scene, database: Database) -> None:
    id_, other = applied(database, made), scene(database)
    with database.read() as session:
        outcome = session.scalars(select(OutcomeRow.id).where(OutcomeRow.application_id == id_)).first()
    paths = [f"/fr/me/applications/{id_}", "/fr/me/applications"]
    for path in paths:
        assert web().get(path).status_code == 401
        assert web(made.agent).get(path).status_code == 401
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
    assert web(made.person).get("/fr/staff/applications").status_code == 404


# Leaving


def test_who_leaves_is_remembered_once_they_go(
    web: Browser, made: Scene, alone: UUID, database: Database
) -> None:
    awa = web(made.person)
    leave = read(awa, f"/fr/opportunities/{alone}").css_first(".body a.button").attributes["href"] or ""
    page = read(awa, leave)
    assert text(page, "h1").endswith("chantiers.example.cm")
    on = page.css_first("main a.button").attributes["href"] or ""
    awa.head(on)

    def held() -> list[ApplicationRow]:
        with database.read() as session:
            rows = session.scalars(select(ApplicationRow).where(ApplicationRow.person_id == made.awa))
            return list(rows)

    assert held() == []
    gone = awa.get(on)
    assert gone.headers["location"] == "https://chantiers.example.cm/offres/7"
    assert gone.headers["referrer-policy"] == "no-referrer"
    [row] = held()
    assert (row.route, row.opportunity_id) == (Route.REDIRECTED.value, alone)
    page = read(awa, f"/fr/opportunities/{alone}")
    assert text(page, ".notice").startswith("Vous avez ouvert le site du partenaire")
    assert page.css_first(".body a.button")
    assert read(awa, f"/fr/me/applications/{row.id}").css_first("main form[method=post]") is None


def test_a_stranger_who_leaves_is_told_to_the_ranker_alone(
    web: Browser, house: Any, database: Database
) -> None:
    answer = house.engine.recommend(Record(text="poulets"), 1, shown=True)
    offer = answer.items[0].id
    with database.write() as session:
        where = OpportunityRow.id == offer
        before = session.scalar(select(OpportunityRow.url).where(where))
        session.execute(update(OpportunityRow).where(where).values(url="https://a.example/"))
    try:
        page = read(web(), f"/fr/opportunities/{offer}?list={answer.list_id.hex}")
        leave = page.css_first(".body a.button").attributes["href"] or ""
        assert web().get(leave.replace("?", "/go?")).headers["location"] == "https://a.example/"
    finally:
        with database.write() as session:
            session.execute(update(OpportunityRow).where(where).values(url=before))
    with database.read() as session:
        of = EventRow.list_id == answer.list_id, EventRow.kind.in_(["opened", "redirected"])
        kinds = set(session.scalars(select(EventRow.kind).where(*of)))
    assert kinds == {"opened", "redirected"}


# The partner's side


def staff(made: Scene, id_: UUID) -> str:
    return f"/fr/staff/applications/{id_}"


def test_an_agent_reads_what_was_sent_and_the_person_sees_it(
    web: Browser, made: Scene, database: Database
) -> None:
    paul, id_ = web(made.agent), applied(database, made)
    listed = read(paul, "/fr/staff/applications").css_first(f'.card a[href="{staff(made, id_)}"]')
    assert listed.text().startswith("Awa")
    page = read(paul, staff(made, id_))
    assert text(page, "h1") == "Awa"
    assert page.css_first('a[href="tel:+237677123456"]')
    assert text(page, ".words") == " ".join(LETTER.split())
    assert text(read(web(made.person), f"/fr/me/applications/{id_}"), ".facts h2") == "Lu par le partenaire"


def test_an_agent_moves_it_on_with_a_word(web: Browser, made: Scene, database: Database) -> None:
    paul, id_ = web(made.agent), applied(database, made)
    stages = {one.attributes["value"] for one in read(paul, staff(made, id_)).css("#stage option")}
    assert stages == {"", "shortlisted", "interview", "offered", "started", "not_retained"}
    day = now().astimezone(CAMEROON).date() + timedelta(days=5)
    fields = {"stage": "interview", "next_step": "", "words": "Venez avec vos outils", "on": day.isoformat()}
    assert paul.post(staff(made, id_), data=fields).headers["location"] == staff(made, id_)
    said = text(read(web(made.person), f"/fr/me/applications/{id_}"), ".facts")
    assert "Venez avec vos outils" in said
    assert str(day.year) in said


@pytest.mark.parametrize(
    ("fields", "field", "status"),
    [
        ({"stage": "not_retained", "words": "Merci"}, "next_step", 400),
        ({"stage": "", "words": "Merci"}, "stage", 400),
        ({"stage": "eaten", "words": "Merci"}, "stage", 400),
        ({"stage": "shortlisted", "next_step": "eaten", "words": "Merci"}, "next_step", 400),
        ({"stage": "interview", "words": "Merci", "on": "demain"}, "on", 400),
        ({"stage": "interview", "words": "Merci", "on": "2020-01-01"}, "on", 400),
        ({"stage": "seen", "words": "Merci"}, "form", 409),
    ],
)
def test_a_move_that_cannot_be_made_is_told_where_it_is(
    web: Browser, made: Scene, database: Database, fields: dict[str, str], field: str, status: int
) -> None:
    paul, id_ = web(made.agent), applied(database, made)
    answer = paul.post(staff(made, id_), data=fields)
    page = HTMLParser(answer.text)
    assert answer.status_code == status
    assert text(page, ".problems")
    assert field == "form" or text(page, f"#{field}-error")
    assert text(page, "textarea") == "Merci"
    with database.write() as session:
        assert applications.load_for_person_view(session, made.person, id_).stage in (Stage.SENT, Stage.SEEN)


def test_the_cv_is_saved_by_who_received_it_alone(web: Browser, house: Any, made: Scene) -> None:
    document = add_cv(house.database, made.awa, "Awa « maçonne ».pdf")
    put_sealed(house.blobs, house.database.vault, f"documents/{document}", PDF)
    web(made.person).post(way(made), data={"letter": LETTER, "cv": "yes"})
    with house.database.write() as session:
        [sent] = applications.list_for_person(session, made.person, made.awa)
    link = read(web(made.agent), staff(made, sent.id)).css_first("main a.second").attributes["href"] or ""
    answer = web(made.agent).get(link)
    assert answer.content == PDF
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "no-store"
    named = "Awa%20%C2%AB%20ma%C3%A7onne%20%C2%BB.pdf"
    assert answer.headers["content-disposition"] == f"attachment; filename*=UTF-8''{named}"
    assert answer.headers["x-content-type-options"] == "nosniff"
    decide(house.database, made.awa, Purpose.SHARING, given=False)
    assert web(made.agent).get(link).status_code == 404


def test_what_is_hidden_says_why_and_shows_nothing(web: Browser, made: Scene, database: Database) -> None:
    paul, id_ = web(made.agent), applied(database, made)
    decide(database, made.awa, Purpose.SHARING, given=False)
    for path in ("/fr/staff/applications", staff(made, id_)):
        page = read(paul, path)
        assert "n’accepte plus de partager" in text(page, ".check")
    assert "Awa" not in text(page, "main")
    assert page.css("main form[method=post], .words, a[href^=tel]") == []


def test_the_list_goes_on_after_a_page(web: Browser, database: Database) -> None:
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
    assert len(page.css(".card")) == applications.PAGE_SIZE
    rest = read(paul, page.css_first("a[rel=next]").attributes["href"] or "")
    assert len(rest.css(".card")) == 1
    assert rest.css_first("a[rel=next]") is None


# All of them


def test_pages_are_light_and_have_no_script_of_their_own(
    web: Browser, made: Scene, alone: UUID, database: Database
) -> None:
    id_, other = applied(database, made), scene(database)
    with database.write() as session:
        session.execute(update(OutcomeRow).values(due_on=date(2026, 1, 1)))
    pages = [
        (web(other.person), way(other)),
        (web(made.person), "/fr/me/applications"),
        (web(made.person), f"/fr/me/applications/{id_}"),
        (web(made.agent), "/fr/staff/applications"),
        (web(made.agent), staff(made, id_)),
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


def test_counts_are_shown_and_small_ones_are_not(web: Browser, database: Database) -> None:
    cell = {"month": date(2026, 5, 1), "what": "outcome_30", "kind": "employment", "region": "CM-OU"}
    with database.write() as session:
        session.execute(delete(TallyRow))
        session.execute(insert(TallyRow).values([
            cell | {"answer": "got_it", "count": 1234},
            cell | {"answer": "no", "count": 9},
            cell | {"what": "applied", "answer": "", "count": 3, "region": ""},
        ]))  # fmt: skip
    page = read(web(Actor(Role.ANALYST, uuid4())), "/fr/staff/statistics")
    assert text(page, "caption") == "mai 2026"
    rows = [[" ".join(cell.text().split()) for cell in row.css("td")] for row in page.css("tbody tr")]
    assert rows == [["Lieu non indiqué", "moins de 10"], ["Ouest", "1 234"], ["Ouest", "moins de 10"]]
    assert "9" not in text(page, "tbody tr:last-child")
    for role in (Role.AGENT, Role.CASE_WORKER):
        assert web(Actor(role, uuid4(), uuid4())).get("/fr/staff/statistics").status_code == 404
