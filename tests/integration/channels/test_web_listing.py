"""The page that lists open offers: what it shows, how it is searched, and its size."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from house_factory import House
from people_factory import add_people, person, save_profile
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from selectolax.lexbor import LexborNode as Node
from site_factory import replace_services
from sqlalchemy import delete, update
from starlette.types import ASGIApp

from oim.channels.http.services import Services
from oim.channels.web.assets import asset_url
from oim.channels.web.search import PAGE_SIZE
from oim.features import following, opportunities, places
from oim.features.events import OFFER_CHANGED
from oim.features.following import DismissalReason
from oim.features.ingestion import ingest_offers
from oim.features.matching import WordHits
from oim.features.matching.profile import Profile
from oim.features.opportunities import (
    Contract,
    Draft,
    EmploymentDetails,
    Kind,
    Location,
    Opportunity,
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


def add_offers(house: Any, *drafts: Draft) -> list[str]:
    """Ingest these offers beside the sample ones, and return their ids."""
    ingest_offers(house.database, list(drafts), source=SOURCE, origin="test", format_name="test")
    while house.engine.index_pending(100):
        pass
    return [str(make_offer_id(SOURCE, draft.external_id)) for draft in drafts]


@pytest.fixture(autouse=True)
def _delete_offers(house: Any) -> Iterator[None]:
    """Delete the offers of each test after it."""
    yield
    with house.database.write() as session:
        statement = delete(OpportunityRow).where(OpportunityRow.source == SOURCE)
        deleted_ids = session.scalars(statement.returning(OpportunityRow.id)).all()
        emit(session, OFFER_CHANGED, [str(id_) for id_ in deleted_ids])
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


def listed_ids(page: HTMLParser) -> list[str]:
    """The ids of the offers on a page, in order."""
    return [
        str(link.attributes["href"]).rsplit("/", 1)[1].split("?")[0]
        for link in page.css(".card > a:not([rel])")
    ]


def all_listed_ids(client: TestClient, path: str) -> list[str]:
    """The ids of the offers on a page of the listing and on all pages after it."""
    ids: list[str] = []
    while True:
        page = read(client, path)
        ids += listed_ids(page)
        next_link = page.css_first("a[rel=next]")
        if next_link is None:
            return ids
        path = str(next_link.attributes["href"])
        assert len(ids) < 1000, "the pages do not end"


# The page itself


@pytest.mark.parametrize(
    ("language", "other", "heading"), [("fr", "en", "Offres ouvertes"), ("en", "fr", "Open offers")]
)
def test_the_listing_is_shown_in_each_language(web: Browser, language: str, other: str, heading: str) -> None:
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


def test_the_listing_has_no_script_and_loads_nothing_from_elsewhere(web: Browser) -> None:
    page = read(web(), "/fr/opportunities")
    assert page.css("script, style, iframe, img, [style]") == []
    assert all(not name.startswith("on") for node in page.css("*") for name in node.attributes)
    fetched = [node.attributes["href"] for node in page.css("link")]
    assert fetched == [asset_url("style.css"), "/fr/manifest.webmanifest", asset_url("icon.svg")]


def test_a_card_shows_its_facts_in_the_usual_order(web: Browser, house: Any) -> None:
    add_offers(house, TAILOR)
    page = read(web(), "/fr/opportunities?kind=employment")
    [card_text] = [words for card in page.css(".card") if "Akwa" in (words := " ".join(card.text().split()))]
    parts = ["Emploi", "Couturière", "Atelier d’Akwa", "Douala, Littoral", "80 000 à 120 000 FCFA par mois"]
    positions = [card_text.index(part) for part in [*parts, "Jusqu’au", "Voir l’offre"]]
    assert positions == sorted(positions)


def test_markup_in_an_offer_or_an_address_is_shown_as_text(web: Browser, house: Any) -> None:
    values = {"title": HOSTILE, "organisation": HOSTILE, "description": HOSTILE}
    add_offers(house, replace(TAILOR, **values))
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
    first, second = add_offers(house, closed, WELDER)
    with house.database.write() as session:
        hold = update(OpportunityRow).where(OpportunityRow.id == UUID(second)).values(held_at=now())
        session.execute(hold)
    assert not {first, second} & set(all_listed_ids(web(), "/fr/opportunities"))


def test_a_full_page_is_within_its_size_budget(web: Browser, house: Any) -> None:
    drafts = [
        replace(TAILOR, external_id=str(n), title=f"{n} " + " ".join(str(hash((n, w))) for w in range(12)))
        for n in range(PAGE_SIZE)
    ]
    add_offers(house, *drafts)
    query = "words=couture&kind=employment&region=CM-LT&town=Douala&within=50&sector=trade&posted=30"
    for path in ("/fr/opportunities", f"/fr/opportunities?{query}"):
        client = web()
        sizes = [len(gzip.compress(client.get(url).content, 6)) for url in (path, asset_url("style.css"))]
        assert sum(sizes) <= FIRST_VIEW
    assert len(listed_ids(read(web(), "/fr/opportunities"))) == PAGE_SIZE


# Searching


def test_the_pages_together_list_every_offer_once(web: Browser) -> None:
    page = read(web(), "/fr/opportunities")
    first = listed_ids(page)
    assert len(first) == PAGE_SIZE
    ids = all_listed_ids(web(), "/fr/opportunities")
    assert ids[: len(first)] == first
    assert len(ids) == len(set(ids)) > PAGE_SIZE


def test_the_link_to_the_next_page_keeps_every_condition(web: Browser) -> None:
    query = "kind=training&kind=employment&posted=2020-01-01"
    page = read(web(), f"/fr/opportunities?{query}&region=&town=&x=y")
    next_url = urlsplit(str(page.css_first("a[rel=next]").attributes["href"]))
    conditions = parse_qs(next_url.query)
    assert next_url.path == "/fr/opportunities"
    assert conditions.pop("after")
    assert conditions == parse_qs(query)
    second = read(web(), f"{next_url.path}?{next_url.query}")
    chosen = [option.attributes["value"] for option in second.css("option[selected]")]
    assert chosen == ["employment", "training", "2020-01-01"]
    assert "multiple" in second.css_first("#kind").attributes
    assert set(listed_ids(second)).isdisjoint(listed_ids(page))


def test_each_condition_lists_the_offers_that_meet_it(web: Browser, house: Any) -> None:
    tailor, welder = add_offers(house, TAILOR, WELDER)
    expected = {
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
    results = {query: all_listed_ids(web(), f"/fr/opportunities?{query}") for query in expected}
    assert {query: (tailor in ids, welder in ids) for query, ids in results.items()} == expected


def test_words_list_the_best_match_first_among_the_offers_that_meet_the_conditions(
    web: Browser, house: Any
) -> None:
    tailor, welder = add_offers(house, TAILOR, WELDER)
    assert listed_ids(read(web(), "/fr/opportunities?words=couturi%C3%A8re"))[0] == tailor
    assert listed_ids(read(web(), "/fr/opportunities?words=welding+course"))[0] == welder
    assert tailor not in all_listed_ids(web(), "/fr/opportunities?words=couturi%C3%A8re&kind=training")
    page = read(web(), "/fr/opportunities?words=couturi%C3%A8re&kind=employment&town=Douala")
    chips = [link.text().replace("\u00a0", " ") for link in page.css(".understood .chips a")]
    shown = [" ".join(chip.removeprefix("Enlever :").split()) for chip in chips]
    assert shown == ["« couturière »×", "Emploi×", "lieu : Douala×"]


def test_each_condition_is_a_chip_that_leads_to_the_list_without_it(web: Browser) -> None:
    path = "/en/opportunities?kind=agr&region=CM-OU&town=Bafoussam&within=50&sort=closing"
    page = read(web(), path)
    links = [str(link.attributes["href"]) for link in page.css(".understood .chips a")]
    assert [parse_qs(urlsplit(link).query) for link in links] == [
        {"region": ["CM-OU"], "town": ["Bafoussam"], "within": ["50"], "sort": ["closing"]},
        {"kind": ["agr"], "town": ["Bafoussam"], "within": ["50"], "sort": ["closing"]},
        {"kind": ["agr"], "region": ["CM-OU"], "sort": ["closing"]},
    ]
    assert read(web(), "/en/opportunities").css(".understood") == []


def test_the_first_page_says_how_many_offers_there_are(web: Browser, house: Any) -> None:
    [awa] = add_people(house.database)
    ids = all_listed_ids(web(), "/en/opportunities")
    assert text(read(web(), "/en/opportunities"), ".total") == f"{len(ids)} open offers"
    with house.database.write() as session:
        following.dismiss(session, person(awa), awa, UUID(ids[0]), DismissalReason.TOO_FAR)
    assert text(read(web(person(awa)), "/en/opportunities"), ".total") == f"{len(ids) - 1} open offers"
    [tailor] = add_offers(house, TAILOR)
    found = all_listed_ids(web(), "/en/opportunities?words=couturi%C3%A8re")
    assert tailor in found
    page = read(web(), "/en/opportunities?words=couturi%C3%A8re")
    assert text(page, ".total").split()[0] == str(len(found))


def test_offers_are_sorted_by_their_last_day_over_all_pages(web: Browser, house: Any) -> None:
    soon = [
        replace(TAILOR, external_id=f"soon {n}", valid_through=now() + timedelta(hours=n)) for n in (3, 1, 2)
    ]
    three, one, two = add_offers(house, *soon)
    ids = all_listed_ids(web(), "/fr/opportunities?sort=closing")
    assert ids[:3] == [one, two, three]
    assert sorted(ids) == sorted(all_listed_ids(web(), "/fr/opportunities"))
    [last] = add_offers(house, WELDER)
    without = all_listed_ids(web(), "/fr/opportunities?sort=closing&kind=training")
    assert without.index(last) > len(without) // 2
    found = all_listed_ids(web(), "/fr/opportunities?words=couturi%C3%A8re&sort=closing")
    assert found[:3] == [one, two, three]


def test_offers_are_sorted_by_distance_from_the_town_or_from_home(web: Browser, house: Any) -> None:
    add_offers(house, TAILOR, WELDER)
    path = "/en/opportunities?sort=nearest"
    ids = all_listed_ids(web(), f"{path}&town=Buea&within=1000")
    far = [_distance(offer) for offer in _load_offers(house, ids)]
    assert far == sorted(far)
    assert len({*far}) > 3
    [awa] = add_people(house.database)
    page = read(web(person(awa)), path)
    assert page.css_first(".notice a[href='/en/me/profile/place']") is not None
    home = {place.level: place.code for place in places.lineage(places.resolve("CM-SU", "Buea").code)}
    save_profile(house.database, awa, Profile(**home))
    near_home = [_distance(offer) for offer in _load_offers(house, all_listed_ids(web(person(awa)), path))]
    assert near_home == sorted(near_home)
    assert read(web(), path).css_first(".notice a[href='/en/opportunities#search']") is not None


def test_an_offer_leads_back_to_the_list_it_was_opened_from(web: Browser) -> None:
    path = "/fr/opportunities?region=CM-CE&sort=closing"
    page = read(web(), path)
    link = str(page.css_first(".card > a:not([rel])").attributes["href"])
    id_ = urlsplit(link).path.rsplit("/", 1)[1]
    back = read(web(), link).css_first("a.back").attributes["href"]
    assert back == f"{path}#c{id_}"
    assert page.css_first(f"#c{id_}") is not None
    assert (
        read(web(), f"/en/opportunities/{id_}?back=//evil.example/").css_first("a.back").attributes["href"]
        == f"/en/opportunities#c{id_}"
    )


def test_an_unknown_sort_is_the_usual_one(web: Browser) -> None:
    assert listed_ids(read(web(), "/fr/opportunities?sort=x")) == listed_ids(read(web(), "/fr/opportunities"))
    read(web(), "/fr/opportunities?sort=closing&after=x", 400)


def _load_offers(house: Any, ids: list[str]) -> list[Opportunity]:
    with house.database.read() as session:
        offers = opportunities.get_many(session, [UUID(id_) for id_ in ids])
    return [offers[UUID(id_)] for id_ in ids]


def _distance(offer: Opportunity) -> float:
    """Kilometres from Buea; those without coordinates come last."""
    *_, buea = places.lineage(places.resolve("CM-SU", "Buea").code)
    location = offer.draft.location
    if location.latitude is None or location.longitude is None:
        return 1e12
    return round(places.distance_km(buea.latitude, buea.longitude, location.latitude, location.longitude), 3)


def test_the_fold_is_open_when_a_field_in_it_is_filled_in(web: Browser) -> None:
    folded = read(web(), "/fr/opportunities?words=poulet&region=CM-OU").css_first("details")
    assert "open" not in folded.attributes
    opened = read(web(), "/fr/opportunities?town=Bafoussam&within=50&amount=1000").css_first("details")
    assert "open" in opened.attributes
    assert text(opened, "summary") == "Plus de conditions (3)"


def test_a_value_that_cannot_be_read_shows_an_error_at_its_field_and_the_form_stays_filled_in(
    web: Browser,
) -> None:
    query = "words=poulet&kind=wedding&town=Nulle+part&within=20&amount=x&closing=demain&region=CM-OU"
    page = read(web(), f"/fr/opportunities?{query}", 400)
    assert text(page, "title").startswith("Erreur")
    errors = {str(a.attributes["href"]) for a in page.css(".problems a")}
    assert errors == {"#kind", "#town", "#amount", "#closing"}
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
def test_an_invalid_choice_shows_an_error(web: Browser, query: str) -> None:
    page = read(web(), f"/fr/opportunities?{query}", 400)
    assert page.css_first("html").attributes["lang"] == "fr"
    assert len(page.css(".problems a")) == 1


@pytest.mark.parametrize("after", ["x", "nan~x", "1e400~00000000-0000-0000-0000-000000000000", "%00"])
def test_an_invalid_cursor_shows_an_error_with_links_to_other_pages(web: Browser, after: str) -> None:
    page = read(web(), f"/fr/opportunities?after={after}", 400)
    assert {"/fr/", "/fr/opportunities"} <= {a.attributes["href"] for a in page.css("main a")}


@pytest.mark.parametrize(
    "query", ["words=%00", "words=%ff%fe", "words=%F0%9F%99%82", "town=%00&words=%E2%80%AE", "kind=&after="]
)
def test_odd_characters_are_answered_without_failure(web: Browser, query: str) -> None:
    assert web().get(f"/fr/opportunities?{query}").status_code in (200, 400)


def test_a_list_without_results_says_which_conditions_could_be_left_out(web: Browser) -> None:
    query = "words=poulet&kind=agr&town=Kousseri&within=5&amount=999999999"
    page = read(web(), f"/en/opportunities?{query}")
    links = {text(a, "a"): str(a.attributes["href"]) for a in page.css(".empty a")}
    assert list(links) == [
        "Without the words",
        "Every kind of offer",
        "Every town",
        "Every amount",
        "See all open offers",
        "Say what you look for",
    ]
    assert links["Every town"] == "/en/opportunities?words=poulet&kind=agr&amount=999999999"
    assert links["See all open offers"] == "/en/opportunities"
    assert links["Say what you look for"] == "/en/"


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (UnavailableError("The search does not answer. Try again in a moment."), 503),
        (RuntimeError("secret"), 500),
    ],
)
def test_a_failure_of_the_search_shows_a_page_without_details(
    house: Any, web_app: ASGIApp, error: Exception, status: int
) -> None:
    class FailingEngine:
        def find_by_words(self, text: str, limit: int, **_: bool) -> WordHits:
            raise error

    services = Services(house.database, FailingEngine(), house.sign_in, house.blobs)  # type: ignore[arg-type]
    client = TestClient(web_app, raise_server_exceptions=False)
    with replace_services(web_app, services):
        page = read(client, "/fr/opportunities?words=poulet", status)
        assert client.get("/fr/opportunities").status_code == 200
    assert "secret" not in str(page.html)
    assert text(page, "h1") in ("Réessayez dans un instant", "Un problème est survenu chez nous")


@pytest.mark.parametrize(("words_only", "cache"), [(True, "no-store"), (False, "private, max-age=60")])
def test_what_was_found_by_words_alone_says_so_and_is_not_kept(
    house: House, web_app: ASGIApp, api_app: FastAPI, words_only: bool, cache: str
) -> None:
    class BusyEngine:
        def find_by_words(self, text: str, limit: int, *, known: bool, **_: bool) -> WordHits:
            assert not known
            return WordHits((), words_only=words_only)

    services = Services(house.database, BusyEngine(), house.sign_in, house.blobs)  # type: ignore[arg-type]
    with replace_services(web_app, services), replace_services(api_app, services):
        answer = TestClient(web_app).get("/fr/opportunities?words=poulet")
        api = TestClient(api_app).get("/v1/opportunities?words=poulet")
    assert answer.headers["Cache-Control"] == cache
    assert ("seulement par vos mots" in answer.text) is words_only
    assert api.json()["words_only"] is words_only


# For a person who is signed in


def test_dismissed_offers_are_left_out_and_the_page_is_full_all_the_same(web: Browser, house: Any) -> None:
    [awa] = add_people(house.database)
    everything = all_listed_ids(web(), "/fr/opportunities")
    dismissed = everything[1 : PAGE_SIZE + 3]
    with house.database.write() as session:
        for id_ in dismissed:
            following.dismiss(session, person(awa), awa, UUID(id_), DismissalReason.TOO_FAR)
    client = web(person(awa))
    remaining = [id_ for id_ in everything if id_ not in dismissed]
    assert listed_ids(read(client, "/fr/opportunities")) == remaining[:PAGE_SIZE]
    assert all_listed_ids(client, "/fr/opportunities") == remaining
    assert all_listed_ids(web(), "/fr/opportunities") == everything
    words = "/fr/opportunities?words=formation"
    assert all_listed_ids(client, words) == [
        id_ for id_ in all_listed_ids(web(), words) if id_ not in dismissed
    ]


def test_only_a_person_who_is_signed_in_can_follow_a_search(web: Browser, house: Any) -> None:
    [awa] = add_people(house.database)
    path = "/fr/opportunities?words=%C3%A9levage&kind=agr&town=Douala&within=20"
    assert read(web(), path).css("form[method=post]") == []
    form = read(web(person(awa)), path).css_first("main form[method=post]")
    assert form.attributes["action"] == "/fr/me/searches"
    hidden_fields = [
        (field.attributes["name"], field.attributes["value"]) for field in form.css("[type=hidden]")
    ]
    assert hidden_fields == [("words", "élevage"), ("kind", "agr"), ("town", "Douala"), ("within", "20")]
    assert "checked" not in form.css_first("[name=alerts]").attributes
