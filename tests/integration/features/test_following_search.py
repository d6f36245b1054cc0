"""Searching the sample: each filter keeps what a plain loop over the offers keeps, page by page."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text, update

from oim.features import places
from oim.features.following import find_offers
from oim.features.ingestion import ingest_offers, sample_drafts
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
    """A job, of which only this is stated."""
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
class Held:
    """What the database holds, and the offers of it that a page may show."""

    database: Database
    offers: dict[UUID, Opportunity]

    def kept(self, wanted: Search) -> list[UUID]:
        """By a plain loop, the newest first."""
        at = now()
        met = [offer for offer in self.offers.values() if keeps(offer, wanted, at)]
        return [offer.id for offer in sorted(met, key=lambda one: (published(one), one.id), reverse=True)]

    def found(self, wanted: Search, **more: Any) -> list[UUID]:
        """By the database, all on one page."""
        with self.database.read() as session:
            page = search_offers(session, wanted, limit=1000, **more)
        assert page.next is None
        return [offer.id for offer in page.items]

    def named(self, wanted: Search) -> set[str]:
        """The special offers found."""
        special = {draft.external_id for draft in SPECIAL}
        return {self.offers[id_].draft.external_id for id_ in self.found(wanted)} & special


@pytest.fixture(scope="module")
def held(postgres: str, vault: Vault) -> Iterator[Held]:
    """The sample and the special offers, which no test of here changes."""
    database = Database(postgres, vault)
    with database.write() as session:
        session.execute(text("TRUNCATE " + ", ".join(Base.metadata.tables) + " RESTART IDENTITY CASCADE"))
    sample = list(sample_drafts(TODAY))
    ingest_offers(database, sample, source="sample", origin="test", format_name="test")
    ingest_offers(database, SPECIAL, source="test", origin="test", format_name="test")
    with database.write() as session:  # whatever in them warns: this is about searching
        session.execute(update(OpportunityRow).values(held_at=None))
        ids = session.scalars(select(OpportunityRow.id)).all()
        offers = get_many(session, ids)
    yield Held(database, offers)
    database.close()


def published(offer: Opportunity) -> datetime:
    return offer.draft.published_at or offer.first_seen_at


def amounts(offer: Opportunity) -> Iterator[float]:
    """What an offer brings at most, in XAF, pay and allowances a month."""
    match offer.draft.details:
        case EmploymentDetails(pay_min=low, pay_max=high, pay_period=period):
            times = {PayPeriod.HOUR: 520 / 3, PayPeriod.DAY: 26, PayPeriod.YEAR: 1 / 12}
            yield (high if high is not None else low or 0) * times.get(period or PayPeriod.MONTH, 1)
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
    told = offer.draft.details.sector if isinstance(offer.draft.details, AgrDetails) else None
    return sector_of(offer.draft.occupations, told)


def detail(offer: Opportunity, name: str) -> Any:
    return getattr(offer.draft.details, name, None)


def keeps(offer: Opportunity, wanted: Search, at: datetime) -> bool:
    """The same conditions, in Python."""
    draft, asked = offer.draft, offer.draft.eligibility.education_min
    ends = draft.valid_through
    tests: Sequence[tuple[bool, Callable[[], bool]]] = (
        (True, lambda: ends is None or ends >= at),
        (bool(wanted.kinds), lambda: draft.kind in wanted.kinds),
        (wanted.region is not None, lambda: draft.location.region == wanted.region),
        (wanted.near is not None, lambda: is_near(offer, str(wanted.near), wanted.within_km)),
        (bool(wanted.sectors), lambda: sector(offer) in wanted.sectors),
        (wanted.education is not None, lambda: asked is None or asked <= (wanted.education or 0)),
        (bool(wanted.contracts), lambda: detail(offer, "contract") in wanted.contracts),
        (wanted.amount_min is not None, lambda: max(amounts(offer)) >= (wanted.amount_min or 0)),
        (wanted.free_only, lambda: detail(offer, "cost") == 0),
        (
            wanted.closing_before is not None,
            lambda: ends is not None and ends <= end_of_day(wanted.closing_before or TODAY),
        ),
        (wanted.open_on is not None, lambda: opens(offer, wanted.open_on or TODAY)),
        (
            wanted.posted_since is not None,
            lambda: published(offer) >= start_of_day(wanted.posted_since or TODAY),
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
    "free": st.just({"free_only": True}),
    "closing": DAYS.map(lambda day: {"closing_before": day}),
    "open": DAYS.map(lambda day: {"open_on": day}),
    "posted": DAYS.map(lambda day: {"posted_since": day}),
}
ONE = st.one_of(*FILTERS.values()).map(lambda given: Search(**given))
TWO = st.tuples(st.one_of(*FILTERS.values()), st.one_of(*FILTERS.values())).map(
    lambda pair: Search(**({**pair[0], **pair[1]}))
)
IN_THE_DATABASE = settings(max_examples=50, deadline=None)


@IN_THE_DATABASE
@given(wanted=ONE)
def test_one_filter_keeps_what_a_loop_keeps(held: Held, wanted: Search) -> None:
    assert held.found(wanted) == held.kept(wanted)


@IN_THE_DATABASE
@given(wanted=TWO)
def test_two_filters_keep_what_a_loop_keeps(held: Held, wanted: Search) -> None:
    assert held.found(wanted) == held.kept(wanted)


def test_each_filter_alone_keeps_some_and_leaves_some(held: Held) -> None:
    week = TODAY + timedelta(days=30)
    every = len(held.kept(Search()))
    assert held.found(Search()) == held.kept(Search())
    for wanted in (
        Search(kinds=(BUSINESS, COURSE)),
        Search(region="CM-OU"),
        Search(near="CM-LT-01"),
        Search(near="CM-LT-01", within_km=30),
        Search(sectors=(Sector.AGRICULTURE_LIVESTOCK,)),
        Search(education=1),
        Search(contracts=(Contract.PERMANENT, Contract.DAY_LABOUR)),
        Search(amount_min=100_000),
        Search(free_only=True),
        Search(closing_before=week),
        Search(open_on=week),
        Search(posted_since=TODAY - timedelta(days=15)),
    ):
        assert 0 < len(held.found(wanted)) < every, wanted
        assert held.found(wanted) == held.kept(wanted)


def test_pay_is_compared_by_the_month(held: Held) -> None:
    stated = {"by the hour", "by the year", "by nothing", "huge", "low", "paid"}
    assert held.named(Search(amount_min=1)) == stated
    assert held.named(Search(amount_min=75_000)) == stated - {"paid"}
    assert held.named(Search(amount_min=86_666)) == {"by the hour", "by the year", "by nothing", "huge"}
    assert held.named(Search(amount_min=86_667)) == {"by the year", "by nothing", "huge"}
    assert held.named(Search(amount_min=100_000)) == {"by the year", "huge"}
    assert held.named(Search(amount_min=100_001, kinds=(JOB,))) == set()


def test_what_lies_somewhere_in_the_region_is_near(held: Held) -> None:
    near = held.named(Search(near="CM-LT-01", within_km=5))
    assert {"somewhere in the Littoral", "by the hour"} <= near
    assert not {"somewhere in the West", "nowhere", "abroad"} & near
    assert "somewhere in the Littoral" not in held.named(Search(near="CM-LT-01"))
    assert "somewhere in the Littoral" in held.named(Search(near="CM-LT"))


def test_a_day_counts_whole(held: Held) -> None:
    assert "closing tonight" in held.named(Search(open_on=TODAY))
    assert "closing tonight" not in held.named(Search(open_on=TODAY + timedelta(days=1)))
    assert "closing tonight" in held.named(Search(closing_before=TODAY))
    assert "closing tonight" not in held.named(Search(closing_before=TODAY - timedelta(days=1)))
    assert "later" not in held.named(Search(open_on=TODAY + timedelta(days=19)))
    assert "later" in held.named(Search(open_on=TODAY + timedelta(days=20)))
    assert "closed" not in held.named(Search())


@pytest.mark.parametrize("day", [date.min, date(1970, 1, 1), date.max])
def test_days_far_away_are_no_error(held: Held, day: date) -> None:
    for wanted in (Search(closing_before=day), Search(open_on=day), Search(posted_since=day)):
        assert held.found(wanted) == held.kept(wanted)


@pytest.mark.parametrize("limit", [1, 7, 50])
def test_pages_are_disjoint_and_complete(held: Held, limit: int) -> None:
    wanted = Search(kinds=(JOB,), posted_since=TODAY - timedelta(days=40))
    expected = held.kept(wanted)
    ids = [*expected[::3], UUID(int=5), *expected[1::3]]  # one of them is nobody's
    for given_ids, order in ((None, expected), (ids, [id_ for id_ in ids if id_.int != 5])):
        seen, after = [], None
        with held.database.read() as session:
            while True:
                page = search_offers(session, wanted, ids=given_ids, after=after, limit=limit)
                seen += [offer.id for offer in page.items]
                after = page.next
                if after is None:
                    break
                assert len(page.items) == limit
        assert seen == order


def test_ids_are_kept_in_their_order_and_filtered(held: Held) -> None:
    ids = sorted(held.offers)
    assert held.found(Search(), ids=[]) == []
    found = held.found(Search(kinds=(COURSE,)), ids=ids)
    assert found == [id_ for id_ in ids if id_ in set(held.kept(Search(kinds=(COURSE,))))]


@pytest.mark.parametrize("after", ["x", "-1", "1.5", "٣", "9" * 30, "1~00000000-0000-0000-0000-000000000000"])
def test_a_cursor_never_given_for_found_offers_is_bad_input(held: Held, after: str) -> None:
    with held.database.read() as session:
        with pytest.raises(BadInputError) as caught:
            search_offers(session, Search(), ids=list(held.offers), after=after)
        assert caught.value.field == "after"
        with pytest.raises(BadInputError):
            search_offers(session, Search(), after="20")


def test_the_newest_are_those_of_a_search_for_anything(held: Held) -> None:
    with held.database.read() as session:
        assert list_newest(session, limit=50) == search_offers(session, Search(), limit=50)


def test_counts_agree_with_what_is_found(held: Held) -> None:
    wanted = Search(kinds=(BUSINESS,))
    with held.database.read() as session:
        assert count_open_offers(session, wanted) == len(held.kept(wanted))
        assert count_open_offers(session, wanted, now()) == 0
        assert count_open_offers(session, wanted, datetime(2020, 1, 1, tzinfo=UTC)) == len(held.kept(wanted))
        assert count_open_offers(session, wanted, ids=held.kept(wanted)[:3]) == 3


class Finding:
    """An engine that finds the same for any words."""

    def __init__(self, ids: list[UUID]) -> None:
        self.ids = ids
        self.asked: list[str] = []

    def find_by_words(self, text: str, limit: int) -> list[UUID]:
        self.asked.append(text)
        return self.ids[:limit]


def test_words_are_sought_by_the_engine_and_conditions_hold_too(held: Held) -> None:
    engine: Any = Finding(list(reversed(held.kept(Search()))))
    page = find_offers(held.database, engine, Search(words="couture", kinds=(COURSE,)), None, 5)
    assert [offer.id for offer in page.items] == [
        id_ for id_ in engine.ids[:200] if held.offers[id_].kind is COURSE
    ][:5]
    assert find_offers(held.database, engine, Search(words="  "), None, 5) == find_offers(
        held.database, engine, Search(), None, 5
    )
    assert engine.asked == ["couture"]


def test_offers_held_before_get_their_sector(held: Held) -> None:
    migration = importlib.import_module("oim.migrations.versions.0008_following")
    sectors = select(OpportunityRow.id, OpportunityRow.sector)
    with held.database.write() as session:
        before = dict(session.execute(sectors).all())
        session.execute(text("UPDATE opportunities SET sector = NULL"))
        migration._tell_sectors(session.connection())
        assert dict(session.execute(sectors).all()) == before
    assert sum(name is not None for name in before.values()) > 250
