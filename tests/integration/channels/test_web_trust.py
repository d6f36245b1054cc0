"""Reporting an offer, the public pages of an offer held for review, and the pages of the staff who decide."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from people_factory import add_known, add_people, age_contacts, person
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
from oim.features.people import parse_contact
from oim.features.trust import ReportReason, ReviewItem
from oim.features.trust.models import ReportRow
from oim.features.trust.reporters import PROOF_AGE
from oim.kit.db import Database

Browser = Callable[..., TestClient]
WORKER, ADMIN = Actor(Role.CASE_WORKER, uuid4()), Actor(Role.ADMINISTRATOR, uuid4())
OTHER_STAFF = (Actor(Role.AGENT, uuid4(), uuid4()), Actor(Role.ANALYST, uuid4()))
FIRST_VIEW = 14 * 1024  # bytes, compressed
HONEST_PAGE, FRAUD_PAGE = f"/fr/opportunities/{id_of(HONEST)}", f"/fr/opportunities/{id_of(FRAUD)}"
NUMBERS = (("677123401", "2580"), ("677123402", "1470"))
WORDS = "Ils ont demandé <b>5 000 F</b>."


@pytest.fixture(autouse=True)
def database(house: Any) -> Iterator[Database]:
    """Store one honest offer and one held for review, of an unknown source, without any report."""
    database_: Database = house.database
    with house.sign_in.cache.commands() as valkey:
        valkey.flushall()
    ingest_drafts(database_, HONEST, FRAUD)
    yield database_
    with database_.write() as session:
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


def load_review_item(database: Database, draft: Any = HONEST) -> ReviewItem:
    with database.write() as session:
        return trust.load_review_item(session, SYSTEM, id_of(draft))


def send_report(client: TestClient, reason: str = "money_asked", words: str = "") -> Any:
    return client.post(f"{HONEST_PAGE}/report", data={"reason": reason, "words": words})


# Reporting


def test_a_stranger_can_report_an_offer(web: Browser, database: Database) -> None:
    stranger = web()
    link = read(stranger, HONEST_PAGE).css_first(f'a[href="{HONEST_PAGE}/report"]')
    assert link.text() == "Signaler cette offre"
    form = read(stranger, f"{HONEST_PAGE}/report")
    assert {field.attributes["value"] for field in form.css("[name=reason]")} == set(ReportReason)
    assert form.css("[checked]") == []
    answer = send_report(stranger, words=WORDS)
    assert (answer.status_code, answer.headers["location"]) == (303, "/fr/reported")
    thanks = read(stranger, "/fr/reported")
    assert "Merci" in text(thanks, "h1")
    assert len(thanks.css("main li")) == 4
    review_item = load_review_item(database)
    assert (dict(review_item.report_counts), review_item.words) == ({ReportReason.MONEY_ASKED: 1}, (WORDS,))
    with database.read() as session:
        [row] = session.scalars(select(ReportRow))
        assert row.person_id is None
        assert row.words is not None
        assert b"demand" not in row.words


@pytest.mark.parametrize("reason", sorted(trust.ReportReason))
def test_a_report_of_violence_leads_to_help_once_and_no_address_tells(web: Browser, reason: str) -> None:
    client = web()
    answer = send_report(client, reason)
    assert (answer.headers["location"], "set-cookie" in answer.headers) == ("/fr/reported", True)
    answers = [client.get("/fr/reported") for _ in range(2)]
    is_serious = reason in trust.SERIOUS_REASONS
    assert ["De l’aide, tout de suite" in answer.text for answer in answers] == [is_serious, False]
    assert {answer.headers["cache-control"] for answer in answers} == {"no-store"}


def test_a_second_report_by_the_same_reporter_replaces_the_first(web: Browser, database: Database) -> None:
    [awa] = add_people(database)
    for client in (web(), web(person(awa))):
        send_report(client, "other")
        send_report(client, "not_real")
    assert dict(load_review_item(database).report_counts) == {ReportReason.NOT_REAL: 2}


@pytest.mark.parametrize(
    ("fields", "field"),
    [({}, "reason"), ({"reason": "eaten"}, "reason"), ({"reason": "other", "words": "a" * 1001}, "words")],
)
def test_a_report_with_an_error_shows_it_and_the_form_stays_filled_in(
    web: Browser, database: Database, fields: dict[str, str], field: str
) -> None:
    answer = web().post(f"{HONEST_PAGE}/report", data={"words": "Mes mots"} | fields)
    page = HTMLParser(answer.text)
    assert answer.status_code == 400
    assert text(page, f"#{field}-error")
    assert page.css_first(".problems a").attributes["href"] == f"#{field}"
    assert text(page, "textarea") == fields.get("words", "Mes mots")
    assert not load_review_item(database).report_counts


def test_strangers_and_people_can_report_only_so_often(web: Browser, database: Database) -> None:
    stranger, [awa] = web(), add_people(database)
    assert [send_report(stranger).status_code for _ in range(11)] == [303] * 10 + [429]
    page = HTMLParser(send_report(stranger, words=WORDS).text)
    assert "trop souvent" in text(page, ".problems") or "minutes" in text(page, ".problems")
    assert page.css_first("textarea").text() == WORDS
    signed_in = web(person(awa))
    assert [send_report(signed_in).status_code for _ in range(21)] == [303] * 20 + [429]
    assert send_report(web(WORKER)).status_code == 303


def test_two_reports_hold_an_offer_and_its_page_says_what_to_do(web: Browser, database: Database) -> None:
    awa, bih = (add_known(database, parse_contact(number), pin=pin) for number, pin in NUMBERS)
    age_contacts(database, PROOF_AGE)
    for reporter in (awa, bih):
        assert send_report(web(person(reporter))).headers["location"] == "/fr/reported"
    assert standing_of(database, HONEST).held_at
    for path in (HONEST_PAGE, f"{HONEST_PAGE}/report", HONEST_PAGE.replace("/fr/", "/en/")):
        page = read(web(), path, 404)
        assert page.css("main a[href$='/opportunities']")
    assert "do not pay" in text(page, "main")
    assert send_report(web()).status_code == 303, "who had the form open is heard"


def test_an_offer_that_does_not_exist_cannot_be_reported(web: Browser) -> None:
    for client in (web(), web(WORKER)):
        nowhere = f"/fr/opportunities/{uuid4()}/report"
        assert client.get(nowhere).status_code == 404
        assert client.post(nowhere, data={"reason": "other"}).status_code == 404
        assert client.get("/fr/opportunities/eaten/report").status_code == 404


def test_a_report_sent_from_another_site_is_refused(web: Browser, database: Database) -> None:
    client = web()
    client.headers["Sec-Fetch-Site"] = "cross-site"
    assert send_report(client).status_code == 403
    assert not load_review_item(database).report_counts


# Review


def test_the_review_queue_shows_warnings_and_the_words_of_reports(web: Browser) -> None:
    send_report(web(), words=WORDS)
    for actor in (WORKER, ADMIN):
        page = read(web(actor), "/fr/staff/review")
        held, reported = page.css("tbody tr")
        assert (text(held, "th a"), text(reported, "th a")) == (FRAUD.title, HONEST.title)
        assert text(held, "td:nth-of-type(3) small"), "why it is held"
        assert "1 × On m’a demandé de l’argent" in text(reported, "td:nth-of-type(4)")
        assert WORDS in reported.text()
        assert page.css("td b") == []
        assert text(reported, "td:nth-of-type(2) small") == "Source inconnue"
    assert [
        text(row, "th a") for row in read(web(WORKER), "/fr/staff/review?sort=title").css("tbody tr")
    ] == sorted((FRAUD.title, HONEST.title), key=str.lower)
    [shown] = read(web(WORKER), "/fr/staff/review?state=shown").css("tbody tr")
    assert text(shown, "th a") == HONEST.title


def test_an_empty_review_queue_says_so(web: Browser, database: Database) -> None:
    with database.write() as session:
        session.execute(delete(OpportunityRow).where(OpportunityRow.source == SOURCE))
    page = read(web(WORKER), "/fr/staff/review")
    assert page.css("tbody tr") == []
    assert "Aucune offre" in text(page, "main")


def test_an_offer_can_be_released_and_then_withdrawn(web: Browser, database: Database) -> None:
    esther, review_path = web(WORKER), f"/fr/staff/review/{id_of(FRAUD)}"
    page = read(esther, review_path)
    assert "À vérifier" in text(page, ".notice")
    assert FEE in text(page, ".warned")
    assert FEE in text(page, ".words")
    assert page.css(".words a") == []
    release, withdraw = page.css("main form button")
    assert page.css_first("main form").attributes["action"] == f"{review_path}/release"
    assert release.attributes.get("formaction") is None
    assert withdraw.attributes["formaction"] == f"{review_path}/withdraw"
    answer = esther.post(f"{review_path}/release", data={"note": "Appelé : <i>honnête</i>."})
    assert answer.headers["location"] == "/fr/staff/review"
    public = read(web(), FRAUD_PAGE)
    assert FEE in text(public, ".warned"), "its warnings stay"
    asked = HTMLParser(esther.post(f"{review_path}/withdraw", data={"note": "Faux"}).text)
    assert web().get(FRAUD_PAGE).status_code == 200, "it is asked for once more"
    fields = {node.attributes["name"]: node.attributes["value"] for node in asked.css("main form input")}
    assert fields == {"note": "Faux", "confirmed": "yes"}
    esther.post(f"{review_path}/withdraw", data=fields)
    assert web().get(FRAUD_PAGE).status_code == 404
    page = read(esther, review_path)
    assert "Retirée" in text(page, ".head .notice")
    assert [decision.css_first("b").text() for decision in page.css(".body ol li")] == [
        "Autorisée",
        "Retirée",
    ]
    assert "Appelé : <i>honnête</i>." in page.css_first(".body ol blockquote").text()


def test_a_note_that_is_too_long_shows_an_error_and_decides_nothing(web: Browser, database: Database) -> None:
    answer = web(WORKER).post(f"/fr/staff/review/{id_of(FRAUD)}/release", data={"note": "a" * 2001})
    page = HTMLParser(answer.text)
    assert answer.status_code == 400
    assert text(page, "#note-error")
    assert len(page.css_first("textarea").text()) == 2001
    assert standing_of(database, FRAUD).held_at


def test_only_the_roles_permitted_can_review_offers_and_sources(web: Browser, database: Database) -> None:
    review, sources = f"/fr/staff/review/{id_of(FRAUD)}", f"/fr/staff/sources/{SOURCE}"
    [awa] = add_people(database)
    requests = [
        ("get", "/fr/staff/review", {}),
        ("get", review, {}),
        ("post", f"{review}/release", {}),
        ("post", f"{review}/withdraw", {}),
        ("get", "/fr/staff/sources", {}),
        ("post", sources, {"known": "yes"}),
        ("post", f"/fr/staff/sources/organisations/{uuid4()}", {"verified": "yes"}),
    ]
    for method, path, data in requests:
        refused_actors = [*OTHER_STAFF, person(awa), *([WORKER] if "sources" in path else [])]
        for actor in refused_actors:
            status = web(actor).request(method, path, data=data or None).status_code
            assert status == 404, (method, path, actor.role)
        assert web().request(method, path, data=data or None).status_code == 401
    assert standing_of(database, FRAUD).held_at
    assert standing_of(database, FRAUD).trust is Trust.UNKNOWN


def test_the_audit_trail_records_decisions_without_their_notes(web: Browser, database: Database) -> None:
    esther = Actor(Role.CASE_WORKER, uuid4())
    web(esther).post(f"/fr/staff/review/{id_of(FRAUD)}/withdraw", data={"note": "Ngono", "confirmed": "yes"})
    with database.read() as session:
        rows = session.scalars(select(AuditRow).where(AuditRow.actor_id == esther.id)).all()
    [entry] = [row for row in rows if row.detail and row.detail.get("decision") == "withdrawn"]
    assert (entry.resource, entry.object_id) == ("review", str(id_of(FRAUD)))
    assert "Ngono" not in str([row.detail for row in rows])


# Sources


def test_a_source_can_be_marked_as_known_and_a_partner_as_verified(web: Browser, database: Database) -> None:
    ada = web(ADMIN)
    forms = {form.attributes["action"]: form for form in read(ada, "/fr/staff/sources").css("main td form")}
    known = forms[f"/fr/staff/sources/{SOURCE}"].css_first("[name=known]")
    assert known.attributes["value"] == "yes"
    assert (
        ada.post(f"/fr/staff/sources/{SOURCE}", data={"known": "yes"}).headers["location"]
        == "/fr/staff/sources"
    )
    assert standing_of(database, HONEST).trust is Trust.KNOWN
    results = read(ada, "/fr/staff/sources?words=atelier%20mbo")
    [verify] = [
        form for form in results.css("main td form") if "organisations" in (form.attributes["action"] or "")
    ]
    path = verify.attributes["action"] or ""
    back = ada.post(path, data={"verified": "yes", "words": "atelier mbo"}).headers["location"]
    assert back == "/fr/staff/sources?words=atelier+mbo"
    assert standing_of(database, HONEST).trust is Trust.VERIFIED
    assert "Partenaire vérifié" in text(read(web(), HONEST_PAGE), ".trust")
    again = read(ada, back).css_first(f'form[action="{path}"] [name=verified]')
    assert again.attributes["value"] == "no"
    ada.post(path, data={"verified": "no"})
    ada.post(f"/fr/staff/sources/{SOURCE}", data={"known": "no"})
    assert standing_of(database, HONEST).trust is Trust.UNKNOWN


def test_unknown_sources_organisations_and_reviews_are_not_found(web: Browser) -> None:
    ada = web(ADMIN)
    for slug in ("eaten", "%00", "a%20b"):
        assert ada.post(f"/fr/staff/sources/{slug}", data={"known": "yes"}).status_code == 404
    assert ada.post(f"/fr/staff/sources/organisations/{uuid4()}", data={"verified": "yes"}).status_code == 404
    assert ada.get(f"/fr/staff/review/{uuid4()}").status_code == 404
    assert "Aucune ligne ne correspond" in text(read(ada, "/fr/staff/sources?words=zzzz"), "main")
    for odd in ("%00", "%25_", "'", "%F0%9F%98%80"):
        assert ada.get(f"/fr/staff/sources?words={odd}").status_code == 200


@pytest.mark.parametrize("language", ["fr", "en"])
def test_pages_are_within_their_size_budget_and_have_no_script(web: Browser, language: str) -> None:
    send_report(web(), words=WORDS)
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
