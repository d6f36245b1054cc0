"""Searching the sample: each filter finds the offers that a plain loop in Python finds, page by page."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text, update
from superuser_factory import Tamper

from oim.features import places
from oim.features.following import find_offers
from oim.features.ingestion import ingest_offers, sample_drafts
from oim.features.matching import WordHits
from oim.features.occupations import Sector, sector_of
from oim.features.opportunities import (
    AgrDetails,
    Contract,
    Draft,
    EmploymentDetails,
    Kind,
    Location,
    Opportunity,
    PayPeriod,
    Search,
    TrainingDetails,
    count_open_offers,
    get_many,
    list_newest,
    search_offers,
)
from oim.features.opportunities.models import OpportunityRow
from oim.kit.clock import CAMEROON, end_of_day, now, start_of_day
from oim.kit.crypto import Vault
from oim.kit.db import Base, Database
from oim.kit.errors import BadInputError

TODAY = now().astimezone(CAMEROON).date()
DOUALA = Location(
    country="CM", region="CM-LT", department="CM-LT-01", locality="Douala", latitude=4.048, longitude=9.704
)
JOB, COURSE, BUSINESS = Kind.EMPLOYMENT, Kind.TRAINING, Kind.AGR


def job(name: str, *, place: Location = DOUALA, ends: datetime | None = None, **details: Any) -> Draft:
    """A job of which nothing but this is stated."""
    return Draft(
        kind=JOB,
        external_id=name,
        title=name,
        location=place,
        details=EmploymentDetails(**details),
        valid_through=ends,
    )


# What the sample lacks: other periods of pay, amounts beyond any, places unknown or abroad, calls to come.
SPECIAL = [
    job("by the hour", pay_min=400, pay_max=500, pay_period=PayPeriod.HOUR),
    job("by the year", pay_min=1_200_000, pay_period=PayPeriod.YEAR),
    job("by nothing", pay_max=90_000),
    job("somewhere in the Littoral", place=Location(country="CM", region="CM-LT")),
    job("somewhere in the West", place=Location(country="CM", region="CM-OU")),
    job("nowhere", place=Location()),
    job("abroad", place=Location(country="FR", locality="Paris")),
    job("closed", ends=now() - timedelta(days=1)),
    job("closing tonight", ends=end_of_day(TODAY)),
    Draft(kind=BUSINESS, external_id="huge", title="huge", details=AgrDetails(amount_max=10**30)),
    Draft(kind=BUSINESS, external_id="low", title="low", details=AgrDetails(amount_min=75_000)),
    Draft(
        kind=BUSINESS,
        external_id="later",
        title="later",
        location=DOUALA,
        details=AgrDetails(opens_on=TODAY + timedelta(days=20)),
    ),
    Draft(kind=COURSE, external_id="paid", title="paid", details=TrainingDetails(allowance=30_000, cost=0)),
]


@dataclass(frozen=True)
class Catalogue:
    """The database, and the offers in it that may be shown."""

    database: Database
    offers: dict[UUID, Opportunity]

    def find_by_loop(self, search: Search) -> list[UUID]:
        """Find offers by a plain loop, the newest first."""
        at = now()
        matches = [offer for offer in self.offers.values() if meets(offer, search, at)]
        return [
            offer.id
            for offer in sorted(matches, key=lambda offer: (published(offer), offer.id), reverse=True)
        ]

    def find_in_database(self, search: Search, **options: Any) -> list[UUID]:
        """Find offers with the database, all on one page."""
        with self.database.read() as session:
            page = search_offers(session, search, limit=1000, **options)
        assert page.next is None
        return [offer.id for offer in page.items]

    def find_special(self, search: Search) -> set[str]:
        """Find the names of the special offers that meet a search."""
        special = {draft.external_id for draft in SPECIAL}
        return {self.offers[id_].draft.external_id for id_ in self.find_in_database(search)} & special


@pytest.fixture(scope="module")
def catalogue(postgres: str, vault: Vault, tamper: Tamper) -> Iterator[Catalogue]:
    """The sample and the special offers, which no test in this file changes."""
    database = Database(postgres, vault)
    tamper("TRUNCATE " + ", ".join(Base.metadata.tables) + " RESTART IDENTITY CASCADE")
    sample = list(sample_drafts(TODAY))
    ingest_offers(database, sample, source="sample", origin="test", format_name="test")
    ingest_offers(database, SPECIAL, source="test", origin="test", format_name="test")
    with database.write() as session:  # whatever the screening says: this is about searching
        session.execute(update(OpportunityRow).values(held_at=None))
        ids = session.scalars(select(OpportunityRow.id)).all()
        offers = get_many(session, ids)
    yield Catalogue(database, offers)
    database.close()


def published(offer: Opportunity) -> datetime:
    return offer.draft.published_at or offer.first_seen_at


def amounts(offer: Opportunity) -> Iterator[float]:
    """What an offer pays or grants at most, in XAF; pay and allowances per month."""
    match offer.draft.details:
        case EmploymentDetails(pay_min=low, pay_max=high, pay_period=period):
            factors = {PayPeriod.HOUR: 520 / 3, PayPeriod.DAY: 26, PayPeriod.YEAR: 1 / 12}
            yield (high if high is not None else low or 0) * factors.get(period or PayPeriod.MONTH, 1)
        case TrainingDetails(allowance=allowance):
            yield allowance or 0
        case AgrDetails(amount_min=low, amount_max=high):
            yield high if high is not None else low or 0


def is_near(offer: Opportunity, code: str, km: int | None) -> bool:
    place, where = places.get(code), offer.draft.location
    assert place is not None
    if km is None:
        return code in (where.region, where.department, where.commune)
    if where.latitude is None or where.longitude is None:
        return where.region == code[:5]
    return places.distance_km(place.latitude, place.longitude, where.latitude, where.longitude) <= km


def opens(offer: Opportunity, day: date) -> bool:
    draft = offer.draft
    call = draft.details.opens_on if isinstance(draft.details, AgrDetails) else None
    ends = draft.valid_through
    return (ends is None or ends >= start_of_day(day)) and (call is None or call <= day)


def sector(offer: Opportunity) -> Sector | None:
    stated = offer.draft.details.sector if isinstance(offer.draft.details, AgrDetails) else None
    return sector_of(offer.draft.occupations, stated)


def detail(offer: Opportunity, name: str) -> Any:
    return getattr(offer.draft.details, name, None)


def meets(offer: Opportunity, search: Search, at: datetime) -> bool:
    """Tell whether an offer meets a search, by the same conditions in Python."""
    draft, required_level = offer.draft, offer.draft.eligibility.education_min
    ends = draft.valid_through
    tests: Sequence[tuple[bool, Callable[[], bool]]] = (
        (True, lambda: ends is None or ends >= at),
        (bool(search.kinds), lambda: draft.kind in search.kinds),
        (search.region is not None, lambda: draft.location.region == search.region),
        (search.near is not None, lambda: is_near(offer, str(search.near), search.within_km)),
        (bool(search.sectors), lambda: sector(offer) in search.sectors),
        (
            search.education is not None,
            lambda: required_level is None or required_level <= (search.education or 0),
        ),
        (bool(search.contracts), lambda: detail(offer, "contract") in search.contracts),
        (search.amount_min is not None, lambda: max(amounts(offer)) >= (search.amount_min or 0)),
        (search.language is not None, lambda: draft.language == search.language),
        (search.free_only, lambda: detail(offer, "cost") == 0),
        (
            search.closing_before is not None,
            lambda: ends is not None and ends <= end_of_day(search.closing_before or TODAY),
        ),
        (search.open_on is not None, lambda: opens(offer, search.open_on or TODAY)),
        (
            search.posted_since is not None,
            lambda: published(offer) >= start_of_day(search.posted_since or TODAY),
        ),
    )
    return all(test() for stated, test in tests if stated)


CODES = ["CM-LT", "CM-OU", "CM-NW", "CM-LT-01", "CM-OU-01", "CM-CE-07", "CM-OU-0307"]
DAYS = st.integers(-60, 120).map(lambda days: TODAY + timedelta(days=days))


def some(values: Sequence[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=3).map(tuple)


FILTERS: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "kinds": some(list(Kind)).map(lambda kinds: {"kinds": kinds}),
    "region": st.sampled_from(places.regions()).map(lambda region: {"region": region.code}),
    "place": st.sampled_from(CODES).map(lambda code: {"near": code}),
    "near": st.tuples(st.sampled_from(CODES), st.integers(1, 1000)).map(
        lambda pair: {"near": pair[0], "within_km": pair[1]}
    ),
    "sectors": some(list(Sector)).map(lambda sectors: {"sectors": sectors}),
    "education": st.integers(0, 8).map(lambda level: {"education": level}),
    "contracts": some(list(Contract)).map(lambda contracts: {"contracts": contracts}),
    "amount": st.one_of(st.integers(1, 200_000), st.integers(1, 10**9)).map(lambda xaf: {"amount_min": xaf}),
    "language": st.sampled_from(["fr", "en"]).map(lambda language: {"language": language}),
    "free": st.just({"free_only": True}),
    "closing": DAYS.map(lambda day: {"closing_before": day}),
    "open": DAYS.map(lambda day: {"open_on": day}),
    "posted": DAYS.map(lambda day: {"posted_since": day}),
}
ONE = st.one_of(*FILTERS.values()).map(lambda criteria: Search(**criteria))
TWO = st.tuples(st.one_of(*FILTERS.values()), st.one_of(*FILTERS.values())).map(
    lambda pair: Search(**({**pair[0], **pair[1]}))
)


@given(search=ONE)
def test_one_filter_finds_what_a_loop_finds(catalogue: Catalogue, search: Search) -> None:
    assert catalogue.find_in_database(search) == catalogue.find_by_loop(search)


@given(search=TWO)
def test_two_filters_find_what_a_loop_finds(catalogue: Catalogue, search: Search) -> None:
    assert catalogue.find_in_database(search) == catalogue.find_by_loop(search)


def test_each_filter_finds_some_offers_and_excludes_some(catalogue: Catalogue) -> None:
    week = TODAY + timedelta(days=30)
    every = len(catalogue.find_by_loop(Search()))
    assert catalogue.find_in_database(Search()) == catalogue.find_by_loop(Search())
    for search in (
        Search(kinds=(BUSINESS, COURSE)),
        Search(region="CM-OU"),
        Search(near="CM-LT-01"),
        Search(near="CM-LT-01", within_km=30),
        Search(sectors=(Sector.AGRICULTURE_LIVESTOCK,)),
        Search(education=1),
        Search(contracts=(Contract.PERMANENT, Contract.DAY_LABOUR)),
        Search(amount_min=100_000),
        Search(free_only=True),
        Search(language="en"),
        Search(closing_before=week),
        Search(open_on=week),
        Search(posted_since=TODAY - timedelta(days=15)),
    ):
        assert 0 < len(catalogue.find_in_database(search)) < every, search
        assert catalogue.find_in_database(search) == catalogue.find_by_loop(search)


def test_pay_is_compared_per_month(catalogue: Catalogue) -> None:
    stated = {"by the hour", "by the year", "by nothing", "huge", "low", "paid"}
    assert catalogue.find_special(Search(amount_min=1)) == stated
    assert catalogue.find_special(Search(amount_min=75_000)) == stated - {"paid"}
    assert catalogue.find_special(Search(amount_min=86_666)) == {
        "by the hour",
        "by the year",
        "by nothing",
        "huge",
    }
    assert catalogue.find_special(Search(amount_min=86_667)) == {"by the year", "by nothing", "huge"}
    assert catalogue.find_special(Search(amount_min=100_000)) == {"by the year", "huge"}
    assert catalogue.find_special(Search(amount_min=100_001, kinds=(JOB,))) == set()


def test_an_offer_somewhere_in_the_region_counts_as_near(catalogue: Catalogue) -> None:
    near = catalogue.find_special(Search(near="CM-LT-01", within_km=5))
    assert {"somewhere in the Littoral", "by the hour"} <= near
    assert not {"somewhere in the West", "nowhere", "abroad"} & near
    assert "somewhere in the Littoral" not in catalogue.find_special(Search(near="CM-LT-01"))
    assert "somewhere in the Littoral" in catalogue.find_special(Search(near="CM-LT"))


def test_a_day_counts_until_its_end(catalogue: Catalogue) -> None:
    assert "closing tonight" in catalogue.find_special(Search(open_on=TODAY))
    assert "closing tonight" not in catalogue.find_special(Search(open_on=TODAY + timedelta(days=1)))
    assert "closing tonight" in catalogue.find_special(Search(closing_before=TODAY))
    assert "closing tonight" not in catalogue.find_special(Search(closing_before=TODAY - timedelta(days=1)))
    assert "later" not in catalogue.find_special(Search(open_on=TODAY + timedelta(days=19)))
    assert "later" in catalogue.find_special(Search(open_on=TODAY + timedelta(days=20)))
    assert "closed" not in catalogue.find_special(Search())


@pytest.mark.parametrize("day", [date.min, date(1970, 1, 1), date.max])
def test_dates_far_away_are_no_error(catalogue: Catalogue, day: date) -> None:
    for search in (Search(closing_before=day), Search(open_on=day), Search(posted_since=day)):
        assert catalogue.find_in_database(search) == catalogue.find_by_loop(search)


@pytest.mark.parametrize("limit", [1, 7, 50])
def test_pages_are_disjoint_and_complete(catalogue: Catalogue, limit: int) -> None:
    search = Search(kinds=(JOB,), posted_since=TODAY - timedelta(days=40))
    expected = catalogue.find_by_loop(search)
    ids = [*expected[::3], UUID(int=5), *expected[1::3]]  # one of them is nobody's
    for search_ids, order in ((None, expected), (ids, [id_ for id_ in ids if id_.int != 5])):
        ids_found, after = [], None
        with catalogue.database.read() as session:
            while True:
                page = search_offers(session, search, ids=search_ids, after=after, limit=limit)
                ids_found += [offer.id for offer in page.items]
                after = page.next
                if after is None:
                    break
                assert len(page.items) == limit
        assert ids_found == order


def test_found_ids_are_filtered_in_their_order(catalogue: Catalogue) -> None:
    ids = sorted(catalogue.offers)
    assert catalogue.find_in_database(Search(), ids=[]) == []
    ids_found = catalogue.find_in_database(Search(kinds=(COURSE,)), ids=ids)
    assert ids_found == [id_ for id_ in ids if id_ in set(catalogue.find_by_loop(Search(kinds=(COURSE,))))]


@pytest.mark.parametrize("after", ["x", "-1", "1.5", "٣", "9" * 30, "1~00000000-0000-0000-0000-000000000000"])
def test_an_invalid_cursor_is_bad_input(catalogue: Catalogue, after: str) -> None:
    with catalogue.database.read() as session:
        with pytest.raises(BadInputError) as caught:
            search_offers(session, Search(), ids=list(catalogue.offers), after=after)
        assert caught.value.field == "after"
        with pytest.raises(BadInputError):
            search_offers(session, Search(), after="20")


def test_the_newest_offers_are_those_of_an_empty_search(catalogue: Catalogue) -> None:
    with catalogue.database.read() as session:
        assert list_newest(session, limit=50) == search_offers(session, Search(), limit=50)


def test_counts_agree_with_the_offers_found(catalogue: Catalogue) -> None:
    search = Search(kinds=(BUSINESS,))
    with catalogue.database.read() as session:
        assert count_open_offers(session, search) == len(catalogue.find_by_loop(search))
        assert count_open_offers(session, search, now()) == 0
        assert count_open_offers(session, search, datetime(2020, 1, 1, tzinfo=UTC)) == len(
            catalogue.find_by_loop(search)
        )
        assert count_open_offers(session, search, ids=catalogue.find_by_loop(search)[:3]) == 3


class FixedEngine:
    """A stand-in for the engine that finds the same offers for any words."""

    def __init__(self, ids: list[UUID]) -> None:
        self.ids = ids
        self.queries: list[str] = []

    def find_by_words(self, text: str, limit: int, **_: bool) -> WordHits:
        self.queries.append(text)
        return WordHits(tuple(self.ids[:limit]), words_only=False)


def test_the_engine_finds_by_words_and_the_database_applies_conditions(catalogue: Catalogue) -> None:
    engine: Any = FixedEngine(list(reversed(catalogue.find_by_loop(Search()))))
    page = find_offers(catalogue.database, engine, Search(words="couture", kinds=(COURSE,)), None, 5)
    assert [offer.id for offer in page.items] == [
        id_ for id_ in engine.ids[:200] if catalogue.offers[id_].kind is COURSE
    ][:5]
    assert find_offers(catalogue.database, engine, Search(words="  "), None, 5) == find_offers(
        catalogue.database, engine, Search(), None, 5
    )
    assert engine.queries == ["couture"]


def test_the_migration_sets_the_sector_of_existing_offers(catalogue: Catalogue) -> None:
    migration = importlib.import_module("oim.migrations.versions.0008_following")
    sectors = select(OpportunityRow.id, OpportunityRow.sector)
    with catalogue.database.write() as session:
        before = dict(session.execute(sectors).all())
        session.execute(text("UPDATE opportunities SET sector = NULL"))
        migration._fill_sectors(session.connection())
        assert dict(session.execute(sectors).all()) == before
    assert sum(name is not None for name in before.values()) > 250
