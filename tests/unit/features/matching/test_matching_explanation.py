"""Explaining: every reason states a fact of the offer and the person, never a false one."""

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from math import acos, cos, radians, sin
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matching_factory import COSINES, DAY, NOW, cards, eligible, hits, offer, profiles, ranked

from oim.features import places
from oim.features.matching.answer import Reason, ReasonCode, Recommendation
from oim.features.matching.bm25 import stem_text, stem_word
from oim.features.matching.explanation import FILLER_CODES, explain
from oim.features.matching.index import Card
from oim.features.matching.profile import Profile
from oim.features.matching.ranking import RankedOffer
from oim.features.matching.understanding import Understanding
from oim.features.opportunities import Gender, Kind, Status

ASKED = {
    Kind.AGR: {"prêt", "loan", "crédit"},
    Kind.TRAINING: {"formation", "training"},
    Kind.EMPLOYMENT: {"emploi", "boulot"},
}


def around(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Kilometres by the law of cosines: another way than that of the code."""
    a, b = radians(lat1), radians(lat2)
    return 6371 * acos(min(1.0, sin(a) * sin(b) + cos(a) * cos(b) * cos(radians(lon2 - lon1))))


def home(profile: Profile) -> places.Place | None:
    code = profile.commune or profile.department or profile.region
    return places.get(code) if code else None


def words_are_in_the_offer(values: dict[str, Any], profile: Profile, one: RankedOffer) -> bool:
    held = set(one.hit.card.stems)
    return bool(values["words"]) and all(
        {stem_word(w, "fr"), stem_word(w, "en")} & held for w in values["words"]
    )


def meaning_is_near(_: dict[str, Any], profile: Profile, one: RankedOffer) -> bool:
    cosine = one.hit.cosine
    return cosine is not None and (cosine - COSINES[0]) / (COSINES[1] - COSINES[0]) >= 1 / 3


def trade_is_the_offers(values: dict[str, Any], profile: Profile, one: RankedOffer) -> bool:
    stated = set(profile.occupations) - {"9999"}
    return values["code"] in one.hit.card.occupations and (not stated or values["code"] in stated)


def is_in(level: str) -> Callable[[dict[str, Any], Profile, RankedOffer], bool]:
    def check(values: dict[str, Any], profile: Profile, one: RankedOffer) -> bool:
        place = home(profile)
        own = {p.level: p.code for p in places.lineage(place.code)} if place else {}
        silent = places.find(profile.text) is None
        return silent and values["place"] == own.get(level) == getattr(one.hit.card, level)

    return check


def distance_is_right(values: dict[str, Any], profile: Profile, one: RankedOffer) -> bool:
    named, card = places.find(profile.text), one.hit.card
    place = named or home(profile)
    if bool(named) != ("of" in values) or (named and values["of"] not in profile.text):
        return False
    if place is None or place.level == "region" or card.latitude is None or card.longitude is None:
        return False
    km = around(place.latitude, place.longitude, card.latitude, card.longitude)
    return values["km"] == pytest.approx(km, abs=1) and km <= 151


def age_is_within(values: dict[str, Any], profile: Profile, one: RankedOffer) -> bool:
    card, age = one.hit.card, NOW.year - (profile.birth_year or 0)
    told = (values["age_min"], values["age_max"])
    return told == (card.age_min, card.age_max) != (None, None) and (card.age_min or 0) <= age <= (
        card.age_max or 200
    )


def kind_was_asked_for(values: dict[str, Any], profile: Profile, one: RankedOffer) -> bool:
    kind = one.hit.card.kind
    told = kind in profile.kinds if profile.kinds else bool(ASKED[kind] & set(profile.text.split()))
    return values["kind"] == kind.value and told


def day(seconds: float) -> date:
    return datetime.fromtimestamp(seconds, timezone(timedelta(hours=1))).date()


def days_ago(values: dict[str, Any], _: Profile, one: RankedOffer) -> bool:
    told = timedelta(days=values["days"])
    return day(one.hit.card.published_at) + told == day(NOW.timestamp()) and 0 <= values["days"] <= 90


def trade_is_akin(values: dict[str, Any], profile: Profile, one: RankedOffer) -> bool:
    codes = one.hit.card.occupations
    return values["code"] not in codes and any(code[:2] == values["code"][:2] for code in codes)


def area_is_that_of_the_place_named(values: dict[str, Any], profile: Profile, one: RankedOffer) -> bool:
    named, card = places.find(profile.text), one.hit.card
    return (
        named is not None
        and named.code != values["place"]
        and named.code.startswith(values["place"])
        and values["place"] in (card.region, card.department)
        and values["of"] in profile.text
    )


def unconditional(card: Card) -> bool:
    stated = (card.age_min, card.age_max, card.gender, card.education_min, *card.statuses, *card.regions)
    return all(one is None for one in stated)


def status_is_told(values: dict[str, Any], profile: Profile, one: RankedOffer) -> bool:
    young = profile.birth_year is not None and NOW.year - profile.birth_year <= 36 and bool(profile.statuses)
    told = {*profile.statuses, *([Status.YOUTH] if young else [])}
    return values["status"] in told & {*one.hit.card.statuses}


def place_was_named(values: dict[str, Any], profile: Profile, one: RankedOffer) -> bool:
    card = one.hit.card
    if card.country == "FR":
        return values["place"] == card.locality and "Lyon" in profile.text
    named = places.find(profile.text)
    around = (card.commune, card.department, card.region)
    return named is not None and named.code in around and values["place"] in profile.text


TRUTHS: dict[ReasonCode, Callable[[dict[str, Any], Profile, RankedOffer], bool]] = {
    ReasonCode.WORDS: words_are_in_the_offer,
    ReasonCode.MEANING: meaning_is_near,
    ReasonCode.LIKENESS: lambda v, p, one: one.hit.cosine is not None and one.hit.cosine > COSINES[0],
    ReasonCode.OCCUPATION: trade_is_the_offers,
    ReasonCode.RELATED_OCCUPATION: trade_is_akin,
    ReasonCode.MEANT_OCCUPATION: lambda v, p, one: trade_is_the_offers(v, p, one) or trade_is_akin(v, p, one),
    ReasonCode.SAME_COMMUNE: is_in("commune"),
    ReasonCode.SAME_DEPARTMENT: is_in("department"),
    ReasonCode.SAME_REGION: is_in("region"),
    ReasonCode.DISTANCE: distance_is_right,
    ReasonCode.NAMED_PLACE: place_was_named,
    ReasonCode.AROUND: area_is_that_of_the_place_named,
    ReasonCode.RECENT: days_ago,
    ReasonCode.EARLIER: days_ago,
    ReasonCode.FOUND: days_ago,
    ReasonCode.KIND: kind_was_asked_for,
    ReasonCode.BEGINNERS: lambda v, p, one: one.hit.card.experience_years == 0,
    ReasonCode.NO_EXPERIENCE: lambda v, p, one: one.hit.card.experience_years is None,
    ReasonCode.EXPERIENCE_FITS: lambda v, p, one: (
        v["years"] == one.hit.card.experience_years <= p.experience_years
    ),
    ReasonCode.OPEN_TO_ALL: lambda v, p, one: unconditional(one.hit.card),
    ReasonCode.FOR_STATUS: status_is_told,
    ReasonCode.FOR_REGION: lambda v, p, one: v["place"] in one.hit.card.regions and v["place"] == p.region,
    ReasonCode.FOR_WOMEN: lambda v, p, one: p.gender is one.hit.card.gender is Gender.FEMALE,
    ReasonCode.AGE_FITS: age_is_within,
    ReasonCode.EDUCATION_FITS: lambda v, p, one: v["level"] == one.hit.card.education_min <= p.education,
}


def test_every_reason_is_checked() -> None:
    assert set(TRUTHS) == set(ReasonCode)


@given(
    profiles(), st.lists(cards(), min_size=1, max_size=4), st.lists(st.floats(-1, 1), min_size=4, max_size=4)
)
@settings(max_examples=150, deadline=None)
def test_every_reason_is_true(profile: Profile, held: list[Card], cosines: list[float]) -> None:
    found = [card for card in held if eligible(profile, card)]
    understanding, candidates = ranked(profile, hits(found, cosines))
    for rank, one in enumerate(candidates, start=1):
        told = explain(understanding, one, rank)
        for reason in told.reasons:
            assert TRUTHS[reason.code](reason.values, profile, one), (reason, one.hit.card)
        is_sound(told, one, rank)


def is_sound(told: Recommendation, one: RankedOffer, rank: int) -> None:
    assert (told.id, told.rank, told.card) == (one.hit.id, rank, one.hit.card)
    assert told.score == pytest.approx(one.score, abs=1e-4)
    assert told.score == pytest.approx(sum(told.parts.values()), abs=1e-3)
    vague = FILLER_CODES | {ReasonCode.MEANING}
    order = [(reason.code in vague, -reason.weight) for reason in told.reasons]
    assert order == sorted(order)
    assert all(reason.weight > 0 for reason in told.reasons)
    assert sum(reason.weight for reason in told.reasons) <= one.score + 1e-6
    codes = [reason.code for reason in told.reasons]
    assert len(codes) == len(set(codes)) <= 4


def reasons(profile: Profile, card: Card, cosine: float = 0.3) -> dict[ReasonCode, Reason]:
    """The reasons of the only candidate; it is old unless the test tells its date."""
    understanding, [one] = ranked(profile, hits([card], [cosine]))
    return {reason.code: reason for reason in told(understanding, one) if reason.code not in FILLER_CODES}


def told(understanding: Understanding, one: RankedOffer) -> tuple[Reason, ...]:
    return explain(understanding, one, 1).reasons


OLD = {"published_at": NOW.timestamp() - 200 * DAY}


def test_words_are_the_persons_own_as_they_wrote_them() -> None:
    card = offer(stems=tuple(stem_text("Couturiers pour un atelier", "fr")), **OLD)
    found = reasons(Profile(text="Couturière, atelier, cuisine"), card)
    assert found[ReasonCode.WORDS].values == {"words": ["couturière", "atelier"]}


def test_a_place_told_is_no_word_of_the_offer() -> None:
    card = offer(stems=tuple(stem_text("soudeur Bafoussam", "fr")), **OLD)
    found = reasons(Profile(text="soudeur à Bafoussam"), card)
    assert found[ReasonCode.WORDS].values == {"words": ["soudeur"]}


@pytest.mark.parametrize(
    ("code", "same"), [("7112", True), ("7115", False), ("7111", False), ("2221", False)]
)
def test_an_occupation_matches_only_when_it_is_the_same(code: str, same: bool) -> None:
    """A carpenter is no mason, though ISCO-08 puts both in one minor group."""
    assert (
        ReasonCode.OCCUPATION in reasons(Profile(text="maçon"), offer(occupations=(code,), **OLD), 0.7)
    ) == same


@pytest.mark.parametrize(("years", "welcome"), [(0, True), (1, False), (None, False)])
def test_beginners_are_welcome_only_where_no_experience_is_asked(years: int | None, welcome: bool) -> None:
    found = reasons(Profile(experience_years=0), offer(experience_years=years, **OLD))
    assert (ReasonCode.BEGINNERS in found) == welcome
    assert ReasonCode.BEGINNERS not in reasons(Profile(), offer(experience_years=0, **OLD))


def test_the_nearest_level_of_a_place_is_told_and_only_that() -> None:
    here = {"region": "CM-LT", "department": "CM-LT-01", "commune": "CM-LT-0101"}
    profile = Profile(commune="CM-LT-0101")
    expected = (ReasonCode.SAME_REGION, ReasonCode.SAME_DEPARTMENT, ReasonCode.SAME_COMMUNE)
    for depth, code in enumerate(expected, start=1):
        found = reasons(profile, offer(**dict(list(here.items())[:depth]), **OLD))
        assert {one for one in found if one in expected} == {code}
    assert not set(expected) & set(reasons(profile, offer(region="CM-OU", **OLD)))


def test_status_and_gender_are_told_only_of_offers_meant_for_them() -> None:
    person = Profile(gender=Gender.FEMALE, statuses=(Status.YOUTH, Status.RETURNEE))
    meant = offer(gender=Gender.FEMALE, statuses=(Status.DISPLACED, Status.RETURNEE), **OLD)
    found = reasons(person, meant)
    assert found[ReasonCode.FOR_STATUS].values == {"status": "returnee"}
    assert ReasonCode.FOR_WOMEN in found
    assert reasons(person, offer(**OLD)) == {}
    assert ReasonCode.FOR_WOMEN not in reasons(Profile(), meant)


def test_conditions_that_an_offer_does_not_state_are_no_reasons() -> None:
    known = Profile(birth_year=1996, education=5, gender=Gender.MALE)
    assert reasons(known, offer(**OLD)) == {}


def test_what_added_most_to_the_score_is_told_first() -> None:
    card = offer(
        title="Formation couturière",
        kind=Kind.TRAINING,
        occupations=("7531",),
        region="CM-OU",
        age_min=18,
        stems=tuple(stem_text("formation couturière", "fr")),
    )
    understanding, [one] = ranked(
        Profile(text="formation couturière", region="CM-OU", birth_year=2000), hits([card], [0.8])
    )
    codes = [reason.code for reason in told(understanding, one)]
    assert (codes[0], codes[-1]) == (ReasonCode.WORDS, ReasonCode.MEANING)
    assert {ReasonCode.OCCUPATION, ReasonCode.SAME_REGION} < set(codes)


def test_a_fitting_offer_has_two_reasons_though_the_person_told_only_their_trade() -> None:
    card = offer(occupations=("7531",), stems=tuple(stem_text("couturière", "fr")), **OLD)
    assert len(reasons(Profile(text="couturière"), card)) >= 2


def test_the_persons_words_are_compared_by_stem_not_by_letters() -> None:
    card = offer(stems=tuple(stem_text("soudeur", "fr")), **OLD)
    found = reasons(Profile(text="Soudeuse"), card)
    assert found[ReasonCode.WORDS].values == {"words": ["soudeuse"]}
