"""The pages of saved and dismissed offers, saved searches and recommended offers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from house_factory import House
from people_factory import add_known, person
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from selectolax.lexbor import LexborNode as Node
from sqlalchemy import select, update

from oim.features import consents, following, profile
from oim.features.access import Actor, Role
from oim.features.consents import Purpose
from oim.features.events.models import EventRow
from oim.features.following import DismissalReason, SavedSearch
from oim.features.matching import Answer
from oim.features.opportunities import Kind, Search, list_newest
from oim.features.opportunities.models import OpportunityRow
from oim.features.people import Channel, Contact
from oim.features.profile import Question
from oim.kit.clock import now
from oim.kit.db import Database

Browser = Callable[..., TestClient]


@dataclass(frozen=True)
class Awa:
    """A person who is signed in, with their browser and the database."""

    id: UUID
    browser: TestClient
    database: Database

    @property
    def actor(self) -> Actor:
        return person(self.id)

    def page(self, path: str, status: int = 200) -> HTMLParser:
        answer = self.browser.get(path)
        assert answer.status_code == status, answer.text
        return HTMLParser(answer.text)

    def send(self, path: str, to: str | None = None, **fields: str | list[str]) -> HTMLParser:
        """Send a form, check where it redirects to if `to` is given, and return the page."""
        answer = self.browser.post(path, data=fields)
        if to is not None:
            assert (answer.status_code, answer.headers["location"]) == (303, to), answer.text
            assert answer.headers["cache-control"] == "no-store"
        return HTMLParser(answer.text)

    def agree(self, purpose: Purpose, *, agreed: bool = True) -> None:
        with self.database.write() as session:
            choices = {purpose: agreed}
            profile.save_consents(session, self.actor, self.id, choices, language="fr", channel="web")

    def answer_kinds(self) -> None:
        """Save an answer that many offers match."""
        with self.database.write() as session:
            kinds = {"kinds": (Kind.EMPLOYMENT, Kind.TRAINING)}
            profile.save_answer(session, self.actor, self.id, Question.KINDS, kinds)

    def saved(self) -> list[UUID]:
        with self.database.write() as session:
            return [saved.offer.id for saved in following.list_saved(session, self.actor, self.id)]

    def searches(self) -> list[SavedSearch]:
        with self.database.write() as session:
            return following.list_searches(session, self.actor, self.id)

    def dismissed(self) -> list[tuple[UUID, DismissalReason]]:
        with self.database.write() as session:
            offers = following.list_dismissed(session, self.actor, self.id)
            return [(dismissed.offer.id, dismissed.reason) for dismissed in offers]


@pytest.fixture
def awa(house: Any, web: Browser) -> Awa:
    number = f"+23767{uuid4().int % 10**7:07}"
    id_ = add_known(house.database, Contact(Channel.SMS, number))
    return Awa(id_, web(person(id_)), house.database)


@pytest.fixture
def offers(house: Any) -> list[UUID]:
    """Some open offers."""
    with house.database.read() as session:
        return [offer.id for offer in list_newest(session, limit=5).items]


def text(page: HTMLParser | Node, selector: str) -> str:
    node = page.css_first(selector)
    assert node is not None, selector
    return " ".join(node.text().split())


def shown_ids(page: HTMLParser) -> list[UUID]:
    hrefs = [str(link.attributes["href"]) for link in page.css(".card > a:not([rel])")]
    return [UUID(href.rsplit("/", 1)[1].split("?")[0]) for href in hrefs]


def hidden_fields(form: Node) -> dict[str, str]:
    return {
        str(field.attributes["name"]): str(field.attributes["value"]) for field in form.css("[type=hidden]")
    }


# Access


@pytest.mark.parametrize(
    "path",
    [
        "/fr/me/offers",
        "/fr/me/saved",
        "/fr/me/searches",
        "/fr/me/dismissed",
        f"/fr/opportunities/{UUID(int=1)}/not-for-me",
    ],
)
def test_strangers_must_sign_in_and_staff_have_no_such_pages(web: Browser, path: str) -> None:
    assert web().get(path).status_code == 401
    assert web(Actor(Role.CASE_WORKER, uuid4())).get(path).status_code != 200


def test_saved_offers_and_searches_are_private(
    awa: Awa, web: Browser, house: Any, offers: list[UUID]
) -> None:
    awa.send(f"/fr/opportunities/{offers[0]}/save", f"/fr/opportunities/{offers[0]}#o{offers[0]}")
    awa.send("/fr/me/searches", "/fr/me/searches", words="couture")
    [search] = awa.searches()
    other = add_known(house.database, Contact(Channel.SMS, f"+23767{uuid4().int % 10**7:07}"))
    browser = web(person(other))
    assert "couture" not in browser.get("/fr/me/searches").text
    assert str(offers[0]) not in browser.get("/fr/me/saved").text
    answer = browser.post(f"/fr/me/searches/{search.id}/alerts", data={"alerts": "yes"})
    assert answer.status_code == 404
    browser.post(f"/fr/me/searches/{search.id}/drop")
    assert awa.searches() == [search]


# Saving


def test_an_offer_is_saved_from_its_page_and_listed(awa: Awa, offers: list[UUID]) -> None:
    offer_path = f"/fr/opportunities/{offers[0]}"
    page = awa.page(offer_path)
    form = page.css_first(".facts form")
    assert (form.attributes["action"], text(form, "button").split(" :")[0]) == (
        f"{offer_path}/save",
        "Garder cette offre",
    )
    assert "oim-keep" not in awa.browser.get(offer_path).headers
    awa.send(f"{offer_path}/save", f"{offer_path}#o{offers[0]}")
    answer = awa.browser.get(offer_path)
    assert answer.headers["oim-keep"] == "1"
    assert HTMLParser(answer.text).css_first(".facts form").attributes["action"] == f"{offer_path}/unsave"
    saved = awa.browser.get("/fr/me/saved")
    assert (saved.headers["oim-keep"], saved.headers["cache-control"]) == ("1", "no-store")
    page = HTMLParser(saved.text)
    assert shown_ids(page) == [offers[0]]
    form = page.css_first(".card form")
    awa.send(str(form.attributes["action"]), f"/fr/me/saved#o{offers[0]}", **hidden_fields(form))
    assert awa.saved() == []
    assert awa.page("/fr/me/saved").css_first(".empty a").attributes["href"] == "/fr/me/offers"
    assert "oim-keep" not in awa.browser.get(offer_path).headers


@pytest.mark.parametrize(
    ("next_", "to"),
    [
        ("/fr/me/offers", "/fr/me/offers"),
        ("/en/opportunities?words=a%20b&kind=agr", "/en/opportunities?words=a%20b&kind=agr"),
        ("https://elsewhere.example/", None),
        ("//elsewhere.example/", None),
        ("/fr/\\elsewhere.example", None),
        ("javascript:alert(1)", None),
        ("/v1/me", None),
        ("", None),
    ],
)
def test_a_form_redirects_back_only_to_our_own_pages(
    awa: Awa, offers: list[UUID], next_: str, to: str | None
) -> None:
    offer_path = f"/fr/opportunities/{offers[0]}"
    for act in ("save", "unsave"):
        awa.send(f"{offer_path}/{act}", f"{to or offer_path}#o{offers[0]}", next=next_)


def test_an_unknown_offer_cannot_be_saved_or_dismissed(awa: Awa) -> None:
    for act in ("save", "not-for-me"):
        answer = awa.browser.post(f"/fr/opportunities/{uuid4()}/{act}", data={"reason": "too_far"})
        assert answer.status_code == 404
    assert awa.browser.get(f"/fr/opportunities/{uuid4()}/not-for-me").status_code == 404
    assert awa.browser.post("/fr/opportunities/x/save").status_code == 404


def test_a_form_sent_from_another_site_saves_nothing(awa: Awa, offers: list[UUID]) -> None:
    headers = {"Sec-Fetch-Site": "cross-site"}
    answer = awa.browser.post(f"/fr/opportunities/{offers[0]}/save", headers=headers)
    assert answer.status_code == 403
    assert awa.saved() == []


@pytest.fixture
def closed(house: Any, offers: list[UUID]) -> Iterator[UUID]:
    """An offer that closes while it is saved, and opens again afterwards."""
    row = OpportunityRow.id == offers[1]
    with house.database.write() as session:
        before = session.scalar(select(OpportunityRow.valid_through).where(row))
        yesterday = now() - timedelta(days=1)
        session.execute(update(OpportunityRow).where(row).values(valid_through=yesterday))
    yield offers[1]
    with house.database.write() as session:
        session.execute(update(OpportunityRow).where(row).values(valid_through=before))


def test_closed_saved_offers_are_listed_separately(awa: Awa, offers: list[UUID], closed: UUID) -> None:
    for offer in (offers[0], closed):
        awa.send(f"/fr/opportunities/{offer}/save")
    page = awa.page("/fr/me/saved")
    assert shown_ids(page) == [offers[0], closed]
    assert text(page, "h2.rule") == "Offres fermées"
    assert [card.css_first("h2, h3").tag for card in page.css(".card")] == ["h2", "h3"]
    assert "Fermée depuis le" in text(page.css(".card")[1], ".lines")


# Not for me


def test_an_offer_is_dismissed_with_a_reason_and_restored(awa: Awa, offers: list[UUID]) -> None:
    offer_path = f"/fr/opportunities/{offers[0]}"
    page = awa.page(f"{offer_path}/not-for-me?next=/fr/me/saved")
    values = [str(radio.attributes["value"]) for radio in page.css("[type=radio][name=reason]")]
    assert values == [reason.value for reason in DismissalReason]
    form = page.css_first("main form")
    assert hidden_fields(form) == {"next": "/fr/me/saved"}
    awa.send(f"{offer_path}/not-for-me", "/fr/me/saved", reason="pay_too_low", next="/fr/me/saved")
    assert awa.dismissed() == [(offers[0], DismissalReason.PAY_TOO_LOW)]
    page = awa.page("/fr/me/dismissed")
    assert "C’est trop peu payé" in text(page, ".panel")
    assert text(awa.page(offer_path), ".facts .check b") == "Vous avez écarté cette offre."
    form = page.css_first(".panel form")
    awa.send(str(form.attributes["action"]), f"/fr/me/dismissed#o{offers[0]}", **hidden_fields(form))
    assert awa.dismissed() == []
    assert awa.page(offer_path).css_first(".facts .check") is None


def test_a_dismissal_needs_a_reason_from_the_list(awa: Awa, offers: list[UUID]) -> None:
    for fields in ({}, {"reason": "ugly"}):
        answer = awa.browser.post(
            f"/fr/opportunities/{offers[0]}/not-for-me", data={**fields, "next": "/fr/x"}
        )
        assert answer.status_code == 400
        page = HTMLParser(answer.text)
        assert text(page, "#reason-error") == "Choisissez dans la liste."
        assert hidden_fields(page.css_first("main form")) == {"next": "/fr/x"}
    assert awa.dismissed() == []


def test_dismissing_a_suspicious_offer_leads_to_the_report_form(awa: Awa, offers: list[UUID]) -> None:
    offer_path = f"/fr/opportunities/{offers[0]}"
    awa.send(f"{offer_path}/not-for-me", f"{offer_path}/report", reason="suspicious", next="/fr/me/saved")
    assert awa.dismissed() == [(offers[0], DismissalReason.SUSPICIOUS)]
    awa.send(f"{offer_path}/not-for-me", "/fr/me/offers", reason="other")


# Offers for me


def test_recommendations_ask_for_consent_first(awa: Awa) -> None:
    page = awa.page("/fr/me/offers")
    form = page.css_first("form.panel")
    assert form.attributes["action"] == "/fr/me/consents/matching"
    assert page.css(".card") == []
    awa.send(str(form.attributes["action"]), "/fr/me/offers", agree="yes", **hidden_fields(form))
    with awa.database.read() as session:
        assert consents.has_agreed(session, awa.id, Purpose.MATCHING)
    page = awa.page("/fr/me/offers")
    assert page.css_first(".panel a.button").attributes["href"] == "/fr/me/profile/wish"


def test_an_answer_saved_before_consent_is_used_after_it(awa: Awa) -> None:
    awa.answer_kinds()
    assert awa.page("/fr/me/offers").css(".card") == []
    awa.agree(Purpose.MATCHING)
    assert len(awa.page("/fr/me/offers").css(".card")) == 10
    awa.agree(Purpose.MATCHING, agreed=False)
    assert awa.page("/fr/me/offers").css(".card") == []


@pytest.mark.parametrize(
    ("language", "sentence"), [("fr", "comparées seulement par vos mots"), ("en", "by your words only")]
)
@pytest.mark.parametrize("words_only", [True, False])
def test_offers_found_by_words_alone_are_said_to_be(
    awa: Awa, house: House, monkeypatch: pytest.MonkeyPatch, language: str, sentence: str, words_only: bool
) -> None:
    awa.agree(Purpose.MATCHING)
    answer = Answer(items=(), missing=(), words_only=words_only)
    monkeypatch.setattr(house.engine, "recommend_for_person", lambda *_, **__: answer)
    notices = [notice.text() for notice in awa.page(f"/{language}/me/offers").css(".notice")]
    assert any(sentence in notice for notice in notices) is words_only


def events(database: Database, list_id: UUID) -> list[tuple[str, UUID]]:
    """The events of a list: of each offer that it showed, and then what followed."""
    with database.read() as session:
        rows = session.scalars(select(EventRow).where(EventRow.list_id == list_id).order_by(EventRow.id))
        return [
            (row.kind, offer)
            for row in rows
            for offer in ([row.opportunity_id] if row.opportunity_id else map(UUID, row.details["offers"]))
        ]


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait for a condition: events are written after the response was sent."""
    for _ in range(100):
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("it did not come true")


def test_recommended_offers_have_reasons_and_their_events_are_recorded(awa: Awa) -> None:
    awa.agree(Purpose.MATCHING)
    awa.answer_kinds()
    page = awa.page("/fr/me/offers")
    assert "1 sur 14" in text(page, ".strength")
    ids = shown_ids(page)
    assert len(ids) == 10
    assert all(card.css(".why li") for card in page.css(".card"))
    link = str(page.css_first(".card > a:not([rel])").attributes["href"])
    list_id = UUID(link.split("list=")[1])
    wait_until(lambda: len(events(awa.database, list_id)) == 10)
    form = page.css_first(".card form")
    assert hidden_fields(form) == {"next": "/fr/me/offers", "list": list_id.hex}
    awa.send(str(form.attributes["action"]), f"/fr/me/offers#o{ids[0]}", **hidden_fields(form))
    assert events(awa.database, list_id)[10:] == [("saved", ids[0])]
    again = awa.page("/fr/me/offers").css_first(f"#o{ids[0]} form")
    assert str(again.attributes["action"]).endswith("/unsave")
    assert awa.browser.get(link).status_code == 200
    assert events(awa.database, list_id)[11:] == [("opened", ids[0])]


def test_dismissed_offers_are_replaced_and_only_shown_offers_are_recorded(awa: Awa) -> None:
    awa.agree(Purpose.MATCHING)
    awa.answer_kinds()
    first = shown_ids(awa.page("/fr/me/offers"))
    gone = first[:4]
    for offer in gone:
        awa.send(f"/fr/opportunities/{offer}/not-for-me", "/fr/me/offers", reason="not_now")
    page = awa.page("/fr/me/offers")
    remaining = shown_ids(page)
    assert not set(gone) & set(remaining)
    assert len(remaining) == 10
    list_id = UUID(str(page.css_first(".card > a.button").attributes["href"]).split("list=")[1])
    wait_until(lambda: bool(events(awa.database, list_id)))
    recorded = {offer for _, offer in events(awa.database, list_id)}
    assert set(remaining) <= recorded <= {*remaining, *gone}


# Searches


def test_a_search_is_saved_run_muted_and_deleted(awa: Awa) -> None:
    fields = {"words": "élevage", "kind": ["agr", "training"], "town": "Douala", "within": "20"}
    awa.send("/fr/me/searches", "/fr/me/searches", alerts="yes", **fields)
    [saved_search] = awa.searches()
    assert saved_search.search == Search(
        words="élevage", kinds=(Kind.AGR, Kind.TRAINING), near="CM-LT-01", within_km=20
    )
    assert saved_search.alerts
    page = awa.page("/fr/me/searches")
    title = text(page, ".panel h2").replace("\u00a0", " ")
    assert title == "« élevage » · Activité, Formation · Douala et 20 km autour"
    run = str(page.css_first(".panel a.button").attributes["href"])
    assert run == ("/fr/opportunities?words=%C3%A9levage&kind=agr&kind=training&town=Douala&within=20")
    assert awa.browser.get(run).status_code == 200
    silence, drop = page.css(".panel form")
    button = silence.css_first("button")
    mute_field = {str(button.attributes["name"]): str(button.attributes["value"])}
    assert mute_field == {"alerts": "no"}
    awa.send(str(silence.attributes["action"]), "/fr/me/searches", **mute_field)
    assert [search.alerts for search in awa.searches()] == [False]
    awa.send(str(drop.attributes["action"]), "/fr/me/searches")
    assert awa.searches() == []
    assert awa.page("/fr/me/searches").css_first(".empty a").attributes["href"] == "/fr/opportunities"


def test_searches_show_a_notice_if_messages_are_not_agreed_to(awa: Awa) -> None:
    awa.send("/fr/me/searches", "/fr/me/searches", words="couture", alerts="yes")
    notice = awa.page("/fr/me/searches").css_first(".notice a")
    assert notice.attributes["href"] == "/fr/me/consents"
    assert "Nous ne vous annonçons pas" in text(awa.page("/fr/me/searches"), ".panel")
    awa.agree(Purpose.MESSAGES)
    page = awa.page("/fr/me/searches")
    assert page.css_first(".notice") is None
    assert "Nous vous annonçons" in text(page, ".panel")


def test_the_same_search_is_saved_once_and_ten_at_most(awa: Awa) -> None:
    for number in [*range(10), 3]:
        awa.send("/fr/me/searches", "/fr/me/searches", words=f"métier {number}")
    assert len(awa.searches()) == 10
    answer = awa.browser.post("/fr/me/searches", data={"words": "un autre"})
    assert answer.status_code == 409
    assert "10 recherches" in text(HTMLParser(answer.text), ".problems")
    assert len(HTMLParser(answer.text).css(".panel")) == 10


def test_an_invalid_search_is_shown_in_the_listing(awa: Awa) -> None:
    awa.send("/fr/me/searches", "/fr/opportunities?words=a&kind=wedding", words="a", kind="wedding")
    assert awa.searches() == []


def test_personal_pages_are_not_cached_and_their_links_name_nobody(awa: Awa, offers: list[UUID]) -> None:
    awa.send(f"/fr/opportunities/{offers[0]}/save")
    for page in ("offers", "saved", "searches", "dismissed"):
        answer = awa.browser.get(f"/en/me/{page}")
        assert answer.headers["cache-control"] == "no-store"
        html = HTMLParser(answer.text)
        assert len(html.css("h1")) == 1
        ids = [str(node.attributes["id"]) for node in html.css("[id]")]
        assert len(ids) == len(set(ids))
        hrefs = [str(link.attributes["href"]) for link in html.css("a[href]")]
        assert not [href for href in hrefs if str(awa.id) in href or "Awa" in href]
