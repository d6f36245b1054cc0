"""The listing of open offers as a page: what it shows, by what it is searched, what it weighs."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from people_factory import add_people, person
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from selectolax.lexbor import LexborNode as Node
from sqlalchemy import delete, update

from oim.channels import web as pages
from oim.channels.http.services import Services
from oim.channels.web.assets import asset_url
from oim.channels.web.search import PAGE_SIZE
from oim.features import following
from oim.features.following import DismissalReason
from oim.features.ingestion import ingest_offers
from oim.features.opportunities import (
    OFFER_CHANGED,
    Contract,
    Draft,
    EmploymentDetails,
    Kind,
    Location,
    PayPeriod,
    TrainingDetails,
)
from oim.features.opportunities.models import OpportunityRow
from oim.features.opportunities.rows import make_offer_id
from oim.kit.clock import now
from oim.kit.db import emit
from oim.kit.errors import UnavailableError

Browser = Callable[..., TestClient]
FIRST_VIEW = 14 * 1024  # bytes, compressed
SOURCE = "listing"
HOSTILE = '<script>alert("x")</script>\'"><img src=x onerror=alert(1)>'
LATER = now() + timedelta(days=30)
TAILOR = Draft(
    kind=Kind.EMPLOYMENT,
    external_id="tailor",
    title="Couturière",
    language="fr",
    organisation="Atelier d’Akwa",
    location=Location(country="CM", region="CM-LT", department="CM-LT-01", locality="Douala"),
    details=EmploymentDetails(
        contract=Contract.FIXED_TERM, pay_min=80_000, pay_max=120_000, pay_period=PayPeriod.MONTH
    ),
    published_at=now(),
    valid_through=LATER,
)
WELDER = Draft(
    kind=Kind.TRAINING,
    external_id="welder",
    title="Welding course",
    language="en",
    location=Location(country="CM", region="CM-SU", department="CM-SU-03"),
    details=TrainingDetails(cost=0),
    published_at=now(),
)


def offered(house: Any, *drafts: Draft) -> list[str]:
    """These offers beside the others; their ids."""
    ingest_offers(house.database, list(drafts), source=SOURCE, origin="test", format_name="test")
    while house.engine.index_pending(100):
        pass
    return [str(make_offer_id(SOURCE, draft.external_id)) for draft in drafts]


@pytest.fixture(autouse=True)
def _tidy(house: Any) -> Iterator[None]:
    """The offers of these tests do not stay."""
    yield
    with house.database.write() as session:
        ours = delete(OpportunityRow).where(OpportunityRow.source == SOURCE)
        gone = session.scalars(ours.returning(OpportunityRow.id)).all()
        emit(session, OFFER_CHANGED, [str(id_) for id_ in gone])
    while house.engine.index_pending(100):
        pass


def read(client: TestClient, path: str, status: int = 200) -> HTMLParser:
    answer = client.get(path)
    assert answer.status_code == status, answer.text
    return HTMLParser(answer.text)


def text(page: HTMLParser | Node, selector: str) -> str:
    node = page.css_first(selector)
    assert node is not None, selector
    return " ".join(node.text().split())


def listed(page: HTMLParser) -> list[str]:
    """The ids of the offers on a page, in order."""
    return [str(one.attributes["href"]).rsplit("/", 1)[1] for one in page.css(".card > a.button")]


def whole(client: TestClient, path: str) -> list[str]:
    """The ids of every page of a list, from this one on."""
    found: list[str] = []
    while True:
        page = read(client, path)
        found += listed(page)
        following_ = page.css_first("a[rel=next]")
        if following_ is None:
            return found
        path = str(following_.attributes["href"])
        assert len(found) < 1000, "the pages do not end"


# What it is


@pytest.mark.parametrize(
    ("language", "other", "heading"), [("fr", "en", "Offres ouvertes"), ("en", "fr", "Open offers")]
)
def test_the_listing_in_each_language(web: Browser, language: str, other: str, heading: str) -> None:
    page = read(web(), f"/{language}/opportunities?words=poulet&kind=agr")
    assert page.css_first("html").attributes["lang"] == language
    assert [text(h1, "h1") for h1 in page.css("h1")] == [heading]
    assert text(page, "title").startswith(heading)
    switch = page.css_first(f"header [lang={other}]")
    assert switch.attributes["href"] == f"/{other}/opportunities?words=poulet&kind=agr"
    ids = [str(node.attributes["id"]) for node in page.css("[id]")]
    assert len(ids) == len(set(ids))
    assert {str(label.attributes["for"]) for label in page.css("label[for]")} <= set(ids)
    assert web().head(f"/{language}/opportunities").status_code == 200


def test_no_page_of_it_runs_anything_or_asks_anybody_else(web: Browser) -> None:
    page = read(web(), "/fr/opportunities")
    assert page.css("script, style, iframe, img, [style]") == []
    assert all(not name.startswith("on") for node in page.css("*") for name in node.attributes)
    fetched = [node.attributes["href"] for node in page.css("link")]
    assert fetched == [asset_url("style.css"), "/fr/manifest.webmanifest", asset_url("icon.svg")]


def test_a_card_reads_in_the_order_of_the_house(web: Browser, house: Any) -> None:
    offered(house, TAILOR)
    page = read(web(), "/fr/opportunities?kind=employment")
    [said] = [words for card in page.css(".card") if "Akwa" in (words := " ".join(card.text().split()))]
    parts = ["Emploi", "Couturière", "Atelier d’Akwa", "Douala, Littoral", "80 000 à 120 000 FCFA par mois"]
    positions = [said.index(part) for part in [*parts, "Jusqu’au", "Voir l’offre"]]
    assert positions == sorted(positions)


def test_what_a_source_or_an_address_says_stays_text(web: Browser, house: Any) -> None:
    values = {"title": HOSTILE, "organisation": HOSTILE, "description": HOSTILE}
    offered(house, replace(TAILOR, **values))
    page = read(web(), "/fr/opportunities")
    assert page.css("script, img") == []
    assert all(not name.startswith("on") for node in page.css("*") for name in node.attributes)
    assert HOSTILE in page.css_first("main").text()
    page = HTMLParser(web().get("/fr/opportunities", params={"words": HOSTILE, "town": HOSTILE}).text)
    assert page.css("script, img") == []
    assert page.css_first("#words").attributes["value"] == HOSTILE
    assert page.css_first("#town").attributes["value"] == HOSTILE


def test_closed_and_held_offers_are_not_listed(web: Browser, house: Any) -> None:
    closed = replace(TAILOR, valid_through=now() - timedelta(days=1))
    first, second = offered(house, closed, WELDER)
    with house.database.write() as session:
        held = update(OpportunityRow).where(OpportunityRow.id == UUID(second)).values(held_at=now())
        session.execute(held)
    assert not {first, second} & set(whole(web(), "/fr/opportunities"))


def test_a_full_page_fits_its_budget(web: Browser, house: Any) -> None:
    long = [
        replace(TAILOR, external_id=str(n), title=f"{n} " + " ".join(str(hash((n, w))) for w in range(12)))
        for n in range(PAGE_SIZE)
    ]
    offered(house, *long)
    query = "words=couture&kind=employment&region=CM-LT&town=Douala&within=50&sector=trade&posted=30"
    for path in ("/fr/opportunities", f"/fr/opportunities?{query}"):
        client = web()
        sizes = [len(gzip.compress(client.get(asked).content, 6)) for asked in (path, asset_url("style.css"))]
        assert sum(sizes) <= FIRST_VIEW
    assert len(listed(read(web(), "/fr/opportunities"))) == PAGE_SIZE


# Searching


def test_offers_are_listed_page_by_page_without_loss_or_double(web: Browser) -> None:
    page = read(web(), "/fr/opportunities")
    first = listed(page)
    assert len(first) == PAGE_SIZE
    found = whole(web(), "/fr/opportunities")
    assert found[: len(first)] == first
    assert len(found) == len(set(found)) > PAGE_SIZE


def test_the_way_on_keeps_every_condition(web: Browser) -> None:
    query = "kind=training&kind=employment&posted=2020-01-01"
    page = read(web(), f"/fr/opportunities?{query}&region=&town=&x=y")
    on = urlsplit(str(page.css_first("a[rel=next]").attributes["href"]))
    asked = parse_qs(on.query)
    assert on.path == "/fr/opportunities"
    assert asked.pop("after")
    assert asked == parse_qs(query)
    second = read(web(), f"{on.path}?{on.query}")
    chosen = [option.attributes["value"] for option in second.css("option[selected]")]
    assert chosen == ["employment", "training", "2020-01-01"]
    assert "multiple" in second.css_first("#kind").attributes
    assert set(listed(second)).isdisjoint(listed(page))


def test_conditions_keep_what_they_name(web: Browser, house: Any) -> None:
    tailor, welder = offered(house, TAILOR, WELDER)
    asked = {
        "kind=employment&region=CM-LT": (True, False),
        "kind=training": (False, True),
        "town=Douala": (True, False),
        "town=Kribi": (False, True),
        "town=Douala&within=20": (True, False),
        "town=Kribi&within=region": (False, True),
        "sector=crafts_repair": (False, False),
        "contract=fixed_term": (True, False),
        "amount=120000": (True, False),
        "amount=120001": (False, False),
        "free=yes": (False, True),
        f"closing={(LATER + timedelta(days=1)).date()}": (True, False),
        f"open={(LATER - timedelta(days=1)).date()}": (True, True),
        f"open={(LATER + timedelta(days=2)).date()}": (False, True),
        "posted=7": (True, True),
    }
    found = {query: whole(web(), f"/fr/opportunities?{query}") for query in asked}
    assert {query: (tailor in ids, welder in ids) for query, ids in found.items()} == asked


def test_words_find_by_fit_and_the_conditions_hold_as_well(web: Browser, house: Any) -> None:
    tailor, welder = offered(house, TAILOR, WELDER)
    assert listed(read(web(), "/fr/opportunities?words=couturi%C3%A8re"))[0] == tailor
    assert listed(read(web(), "/fr/opportunities?words=welding+course"))[0] == welder
    assert tailor not in whole(web(), "/fr/opportunities?words=couturi%C3%A8re&kind=training")
    page = read(web(), "/fr/opportunities?words=couturi%C3%A8re&kind=employment&town=Douala")
    told = text(page, ".understood").replace("\u00a0", " ")
    assert told.startswith("Offres pour : « couturière » · Emploi · lieu : Douala (Wouri).")


def test_the_folded_part_opens_when_something_in_it_is_asked(web: Browser) -> None:
    folded = read(web(), "/fr/opportunities?words=poulet&region=CM-OU").css_first("details")
    assert "open" not in folded.attributes
    opened = read(web(), "/fr/opportunities?town=Bafoussam&within=50&amount=1000").css_first("details")
    assert "open" in opened.attributes
    assert text(opened, "summary") == "Plus de conditions (3)"


def test_what_cannot_be_read_is_told_beside_its_field_and_nothing_is_lost(web: Browser) -> None:
    query = "words=poulet&kind=wedding&town=Nulle+part&within=20&amount=x&closing=demain&region=CM-OU"
    page = read(web(), f"/fr/opportunities?{query}", 400)
    assert text(page, "title").startswith("Erreur")
    told = {str(a.attributes["href"]) for a in page.css(".problems a")}
    assert told == {"#kind", "#town", "#amount", "#closing"}
    for name in ("kind", "town", "amount", "closing"):
        field = page.css_first(f"#{name}")
        assert field.attributes["aria-invalid"] == "true"
        assert f"{name}-error" in str(field.attributes["aria-describedby"]).split()
        assert text(page, f"#{name}-error")
    typed = {name: page.css_first(f"#{name}").attributes["value"] for name in ("words", "town", "amount")}
    assert typed == {"words": "poulet", "town": "Nulle part", "amount": "x"}
    assert page.css_first("#closing").attributes["value"] == "demain"
    assert page.css_first("#region [selected]").attributes["value"] == "CM-OU"
    assert "open" in page.css_first("details").attributes
    assert page.css(".card, .empty, a[rel=next]") == []


@pytest.mark.parametrize("query", ["kind=wedding", "region=CM-XX", "region=CM-LT-01", "within=20"])
def test_a_choice_that_is_none_is_told(web: Browser, query: str) -> None:
    page = read(web(), f"/fr/opportunities?{query}", 400)
    assert page.css_first("html").attributes["lang"] == "fr"
    assert len(page.css(".problems a")) == 1


@pytest.mark.parametrize("after", ["x", "nan~x", "1e400~00000000-0000-0000-0000-000000000000", "%00"])
def test_a_page_that_was_never_given_is_told_with_a_way_on(web: Browser, after: str) -> None:
    page = read(web(), f"/fr/opportunities?after={after}", 400)
    assert {"/fr/", "/fr/opportunities"} <= {a.attributes["href"] for a in page.css("main a")}


@pytest.mark.parametrize(
    "query", ["words=%00", "words=%ff%fe", "words=%F0%9F%99%82", "town=%00&words=%E2%80%AE", "kind=&after="]
)
def test_odd_words_are_answered(web: Browser, query: str) -> None:
    assert web().get(f"/fr/opportunities?{query}").status_code in (200, 400)


def test_an_empty_list_says_what_could_be_left_out(web: Browser) -> None:
    query = "words=poulet&kind=agr&town=Kousseri&within=5&amount=999999999"
    page = read(web(), f"/en/opportunities?{query}")
    ways = {text(a, "a"): str(a.attributes["href"]) for a in page.css(".empty a")}
    assert list(ways) == [
        "Without the words",
        "Every kind of offer",
        "Every town",
        "Every amount",
        "See all open offers",
        "Say what you look for",
    ]
    assert ways["Every town"] == "/en/opportunities?words=poulet&kind=agr&amount=999999999"
    assert ways["See all open offers"] == "/en/opportunities"
    assert ways["Say what you look for"] == "/en/"


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (UnavailableError("The search does not answer. Try again in a moment."), 503),
        (RuntimeError("secret"), 500),
    ],
)
def test_a_failure_of_the_search_is_a_page_without_details(house: Any, error: Exception, status: int) -> None:
    class Away:
        def find_by_words(self, text: str, limit: int) -> list[UUID]:
            raise error

    services = Services(house.database, Away(), house.sign_in, house.blobs)  # type: ignore[arg-type]
    client = TestClient(pages.create_web(services), raise_server_exceptions=False)
    page = read(client, "/fr/opportunities?words=poulet", status)
    assert "secret" not in str(page.html)
    assert text(page, "h1") in ("Réessayez dans un instant", "Un problème est survenu chez nous")
    assert client.get("/fr/opportunities").status_code == 200


# For who is signed in


def test_what_was_put_aside_is_left_out_and_the_page_is_full_all_the_same(web: Browser, house: Any) -> None:
    [awa] = add_people(house.database)
    everything = whole(web(), "/fr/opportunities")
    gone = everything[1 : PAGE_SIZE + 3]
    with house.database.write() as session:
        for id_ in gone:
            following.dismiss(session, person(awa), awa, UUID(id_), DismissalReason.TOO_FAR)
    client = web(person(awa))
    left = [id_ for id_ in everything if id_ not in gone]
    assert listed(read(client, "/fr/opportunities")) == left[:PAGE_SIZE]
    assert whole(client, "/fr/opportunities") == left
    assert whole(web(), "/fr/opportunities") == everything
    words = "/fr/opportunities?words=formation"
    assert whole(client, words) == [id_ for id_ in whole(web(), words) if id_ not in gone]


def test_only_who_is_signed_in_can_follow_what_is_searched(web: Browser, house: Any) -> None:
    [awa] = add_people(house.database)
    path = "/fr/opportunities?words=%C3%A9levage&kind=agr&town=Douala&within=20"
    assert read(web(), path).css("form[method=post]") == []
    form = read(web(person(awa)), path).css_first("main form[method=post]")
    assert form.attributes["action"] == "/fr/me/searches"
    sent = [(one.attributes["name"], one.attributes["value"]) for one in form.css("[type=hidden]")]
    assert sent == [("words", "élevage"), ("kind", "agr"), ("town", "Douala"), ("within", "20")]
    assert "checked" not in form.css_first("[name=alerts]").attributes
