"""Reporting an offer, what the public sees of one that is held, and the pages of those who decide."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from people_factory import add_people, person
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from selectolax.lexbor import LexborNode as Node
from sqlalchemy import delete, select, update
from trust_factory import FEE, FRAUD, HONEST, SOURCE, id_of, ingest_drafts, standing_of

from oim.channels.web.assets import asset_url
from oim.features import trust
from oim.features.access import SYSTEM, Actor, Role
from oim.features.audit import AuditRow
from oim.features.opportunities import Trust
from oim.features.opportunities.models import OpportunityRow, OrganisationRow, SourceRow
from oim.features.trust import ReportReason, ReviewItem
from oim.features.trust.models import ReportRow
from oim.kit.db import Database

Browser = Callable[..., TestClient]
WORKER, ADMIN = Actor(Role.CASE_WORKER, uuid4()), Actor(Role.ADMINISTRATOR, uuid4())
OTHERS = (Actor(Role.AGENT, uuid4(), uuid4()), Actor(Role.ANALYST, uuid4()))
FIRST_VIEW = 14 * 1024  # bytes, compressed
HONEST_PAGE, FRAUD_PAGE = f"/fr/opportunities/{id_of(HONEST)}", f"/fr/opportunities/{id_of(FRAUD)}"
WORDS = "Ils ont demandé <b>5 000 F</b>."


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


def read(client: TestClient, path: str, status: int = 200) -> HTMLParser:
    answer = client.get(path)
    assert answer.status_code == status, answer.text
    return HTMLParser(answer.text)


def text(page: HTMLParser | Node, selector: str) -> str:
    node = page.css_first(selector)
    assert node is not None, selector
    return " ".join(node.text().split())


def look(database: Database, draft: Any = HONEST) -> ReviewItem:
    with database.write() as session:
        return trust.load_review_item(session, SYSTEM, id_of(draft))


def said(client: TestClient, reason: str = "money_asked", words: str = "") -> Any:
    return client.post(f"{HONEST_PAGE}/report", data={"reason": reason, "words": words})


# Reporting


def test_a_stranger_reports_in_three_taps(web: Browser, database: Database) -> None:
    stranger = web()
    link = read(stranger, HONEST_PAGE).css_first(f'a[href="{HONEST_PAGE}/report"]')
    assert link.text() == "Signaler cette offre"
    form = read(stranger, f"{HONEST_PAGE}/report")
    assert {one.attributes["value"] for one in form.css("[name=reason]")} == set(ReportReason)
    assert form.css("[checked]") == []
    answer = said(stranger, words=WORDS)
    assert (answer.status_code, answer.headers["location"]) == (303, "/fr/reported")
    thanks = read(stranger, "/fr/reported")
    assert "Merci" in text(thanks, "h1")
    assert len(thanks.css("main li")) == 4
    told = look(database)
    assert (dict(told.report_counts), told.words) == ({ReportReason.MONEY_ASKED: 1}, (WORDS,))
    with database.read() as session:
        [row] = session.scalars(select(ReportRow))
        assert row.person_id is None
        assert row.words is not None
        assert b"demand" not in row.words


def test_whoever_reports_again_changes_what_they_said(web: Browser, database: Database) -> None:
    [awa] = add_people(database)
    for client in (web(), web(person(awa))):
        said(client, "other")
        said(client, "not_real")
    assert dict(look(database).report_counts) == {ReportReason.NOT_REAL: 2}


@pytest.mark.parametrize(
    ("fields", "field"),
    [({}, "reason"), ({"reason": "eaten"}, "reason"), ({"reason": "other", "words": "a" * 1001}, "words")],
)
def test_what_cannot_be_read_is_told_and_nothing_is_lost(
    web: Browser, database: Database, fields: dict[str, str], field: str
) -> None:
    answer = web().post(f"{HONEST_PAGE}/report", data={"words": "Mes mots"} | fields)
    page = HTMLParser(answer.text)
    assert answer.status_code == 400
    assert text(page, f"#{field}-error")
    assert page.css_first(".problems a").attributes["href"] == f"#{field}"
    assert text(page, "textarea") == fields.get("words", "Mes mots")
    assert not look(database).report_counts


def test_strangers_and_people_may_not_report_for_ever(web: Browser, database: Database) -> None:
    stranger, [awa] = web(), add_people(database)
    assert [said(stranger).status_code for _ in range(11)] == [303] * 10 + [429]
    page = HTMLParser(said(stranger, words=WORDS).text)
    assert "trop souvent" in text(page, ".problems") or "minutes" in text(page, ".problems")
    assert page.css_first("textarea").text() == WORDS
    signed_in = web(person(awa))
    assert [said(signed_in).status_code for _ in range(21)] == [303] * 20 + [429]
    assert said(web(WORKER)).status_code == 303


def test_two_people_hold_an_offer_and_its_page_helps(web: Browser, database: Database) -> None:
    awa, bih = (add_people(database, name=name)[0] for name in ("Awa", "Bih"))
    for one in (awa, bih):
        assert said(web(person(one))).headers["location"] == "/fr/reported"
    assert standing_of(database, HONEST).held_at
    for path in (HONEST_PAGE, f"{HONEST_PAGE}/report", HONEST_PAGE.replace("/fr/", "/en/")):
        page = read(web(), path, 404)
        assert page.css("main a[href$='/opportunities']")
    assert "do not pay" in text(page, "main")
    assert said(web()).status_code == 303, "who had the form open is heard"


def test_what_is_not_here_cannot_be_reported(web: Browser) -> None:
    for client in (web(), web(WORKER)):
        nowhere = f"/fr/opportunities/{uuid4()}/report"
        assert client.get(nowhere).status_code == 404
        assert client.post(nowhere, data={"reason": "other"}).status_code == 404
        assert client.get("/fr/opportunities/eaten/report").status_code == 404


def test_another_site_can_report_nothing(web: Browser, database: Database) -> None:
    client = web()
    client.headers["Sec-Fetch-Site"] = "cross-site"
    assert said(client).status_code == 403
    assert not look(database).report_counts


# Review


def test_the_queue_tells_what_warns_and_what_people_say(web: Browser) -> None:
    said(web(), words=WORDS)
    for actor in (WORKER, ADMIN):
        page = read(web(actor), "/fr/staff/review")
        held, reported = page.css(".card")
        assert (text(held, "h2"), text(reported, "h2")) == (FRAUD.title, HONEST.title)
        assert FEE in text(held, "blockquote")
        assert "1 × On m’a demandé de l’argent" in text(reported, ".missing")
        assert WORDS in reported.css_first("blockquote").text()
        assert reported.css("blockquote b") == []
        assert SOURCE in text(held, "p:nth-of-type(2)")
        assert "Source inconnue" in text(held, "p:nth-of-type(2)")


def test_an_empty_queue_says_so(web: Browser, database: Database) -> None:
    with database.write() as session:
        session.execute(delete(OpportunityRow).where(OpportunityRow.source == SOURCE))
    page = read(web(WORKER), "/fr/staff/review")
    assert page.css(".card") == []
    assert "Aucune offre" in text(page, "main")


def test_an_offer_is_released_and_then_withdrawn(web: Browser, database: Database) -> None:
    esther, one = web(WORKER), f"/fr/staff/review/{id_of(FRAUD)}"
    page = read(esther, one)
    assert "En attente" in text(page, ".notice")
    assert FEE in text(page, ".warned")
    assert FEE in text(page, ".words")
    assert page.css(".words a") == []
    release, withdraw = page.css("main form button")
    assert page.css_first("main form").attributes["action"] == f"{one}/release"
    assert release.attributes.get("formaction") is None
    assert withdraw.attributes["formaction"] == f"{one}/withdraw"
    answer = esther.post(f"{one}/release", data={"note": "Appelé : <i>honnête</i>."})
    assert answer.headers["location"] == "/fr/staff/review"
    public = read(web(), FRAUD_PAGE)
    assert FEE in text(public, ".warned"), "its warnings stay"
    esther.post(f"{one}/withdraw", data={"note": ""})
    assert web().get(FRAUD_PAGE).status_code == 404
    page = read(esther, one)
    assert "Retirée" in text(page, ".notice")
    assert [decided.css_first("b").text() for decided in page.css(".body ol li")] == ["Autorisée", "Retirée"]
    assert "Appelé : <i>honnête</i>." in page.css_first(".body ol blockquote").text()


def test_a_note_that_is_too_long_is_told_and_decides_nothing(web: Browser, database: Database) -> None:
    answer = web(WORKER).post(f"/fr/staff/review/{id_of(FRAUD)}/release", data={"note": "a" * 2001})
    page = HTMLParser(answer.text)
    assert answer.status_code == 400
    assert text(page, "#note-error")
    assert len(page.css_first("textarea").text()) == 2001
    assert standing_of(database, FRAUD).held_at


def test_only_those_who_may_see_and_decide(web: Browser, database: Database) -> None:
    review, sources = f"/fr/staff/review/{id_of(FRAUD)}", f"/fr/staff/sources/{SOURCE}"
    [awa] = add_people(database)
    asked = [
        ("get", "/fr/staff/review", {}),
        ("get", review, {}),
        ("post", f"{review}/release", {}),
        ("post", f"{review}/withdraw", {}),
        ("get", "/fr/staff/sources", {}),
        ("post", sources, {"known": "yes"}),
        ("post", f"/fr/staff/sources/organisations/{uuid4()}", {"verified": "yes"}),
    ]
    for method, path, data in asked:
        refused = [*OTHERS, person(awa), *([WORKER] if "sources" in path else [])]
        for actor in refused:
            status = web(actor).request(method, path, data=data or None).status_code
            assert status == 404, (method, path, actor.role)
        assert web().request(method, path, data=data or None).status_code == 401
    assert standing_of(database, FRAUD).held_at
    assert standing_of(database, FRAUD).trust is Trust.UNKNOWN


def test_decisions_are_entered_in_the_trail_without_words(web: Browser, database: Database) -> None:
    esther = Actor(Role.CASE_WORKER, uuid4())
    web(esther).post(f"/fr/staff/review/{id_of(FRAUD)}/withdraw", data={"note": "Ngono"})
    with database.read() as session:
        rows = session.scalars(select(AuditRow).where(AuditRow.actor_id == esther.id)).all()
    [entry] = [row for row in rows if row.detail and row.detail.get("decision") == "withdrawn"]
    assert (entry.resource, entry.object_id) == ("review", str(id_of(FRAUD)))
    assert "Ngono" not in str([row.detail for row in rows])


# Sources


def test_a_source_becomes_known_and_a_partner_verified(web: Browser, database: Database) -> None:
    ada = web(ADMIN)
    forms = {form.attributes["action"]: form for form in read(ada, "/fr/staff/sources").css("main form")}
    known = forms[f"/fr/staff/sources/{SOURCE}"].css_first("button")
    assert (known.attributes["name"], known.attributes["value"]) == ("known", "yes")
    assert (
        ada.post(f"/fr/staff/sources/{SOURCE}", data={"known": "yes"}).headers["location"]
        == "/fr/staff/sources"
    )
    assert standing_of(database, HONEST).trust is Trust.KNOWN
    found = read(ada, "/fr/staff/sources?words=atelier%20mbo")
    [verify] = [
        form for form in found.css("main form") if "organisations" in (form.attributes["action"] or "")
    ]
    path = verify.attributes["action"] or ""
    back = ada.post(path, data={"verified": "yes", "words": "atelier mbo"}).headers["location"]
    assert back == "/fr/staff/sources?words=atelier+mbo"
    assert standing_of(database, HONEST).trust is Trust.VERIFIED
    assert "Partenaire vérifié" in text(read(web(), HONEST_PAGE), ".trust")
    again = read(ada, back).css_first(f'form[action="{path}"] button')
    assert (again.attributes["name"], again.attributes["value"]) == ("verified", "no")
    ada.post(path, data={"verified": "no"})
    ada.post(f"/fr/staff/sources/{SOURCE}", data={"known": "no"})
    assert standing_of(database, HONEST).trust is Trust.UNKNOWN


def test_what_names_nothing_is_not_here(web: Browser) -> None:
    ada = web(ADMIN)
    for slug in ("eaten", "%00", "a%20b"):
        assert ada.post(f"/fr/staff/sources/{slug}", data={"known": "yes"}).status_code == 404
    assert ada.post(f"/fr/staff/sources/organisations/{uuid4()}", data={"verified": "yes"}).status_code == 404
    assert ada.get(f"/fr/staff/review/{uuid4()}").status_code == 404
    assert "Aucune organisation" in text(read(ada, "/fr/staff/sources?words=zzzz"), "main")
    for odd in ("%00", "%25_", "'", "%F0%9F%98%80"):
        assert ada.get(f"/fr/staff/sources?words={odd}").status_code == 200


@pytest.mark.parametrize("language", ["fr", "en"])
def test_pages_are_light_and_have_no_script(web: Browser, language: str) -> None:
    said(web(), words=WORDS)
    pages = [
        (web(), HONEST_PAGE),
        (web(), f"{HONEST_PAGE}/report"),
        (web(), "/fr/reported"),
        (web(), "/fr/opportunities"),
        (web(WORKER), "/fr/staff/review"),
        (web(WORKER), f"/fr/staff/review/{id_of(FRAUD)}"),
        (web(ADMIN), "/fr/staff/sources"),
    ]
    headers = {"Accept-Encoding": "gzip"}
    style = int(web().get(asset_url("style.css"), headers=headers).headers["content-length"])
    for client, path in pages:
        answer = client.get(path.replace("/fr/", f"/{language}/"), headers=headers)
        assert answer.status_code == 200
        assert int(answer.headers["content-length"]) + style <= FIRST_VIEW, path
        page = HTMLParser(answer.text)
        assert page.css("script, style, [style], iframe, img") == []
        assert len(page.css("h1")) == 1
        ids = [node.attributes["id"] for node in page.css("[id]")]
        assert len(ids) == len(set(ids))
