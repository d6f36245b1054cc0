"""Explanation: every reason states a true fact of the offer and the person, in the right order."""

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from math import acos, cos, radians, sin
from typing import Any

import pytest
from hypothesis import given
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

KIND_WORDS = {
    Kind.AGR: {"prêt", "loan", "crédit"},
    Kind.TRAINING: {"formation", "training"},
    Kind.EMPLOYMENT: {"emploi", "boulot"},
}


def measure_km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Kilometres by the law of cosines, another formula than that of the code."""
    a, b = radians(lat1), radians(lat2)
    return 6371 * acos(min(1.0, sin(a) * sin(b) + cos(a) * cos(b) * cos(radians(lon2 - lon1))))


def home(profile: Profile) -> places.Place | None:
    code = profile.commune or profile.department or profile.region
    return places.get(code) if code else None


def words_are_in_the_offer(values: dict[str, Any], profile: Profile, candidate: RankedOffer) -> bool:
    stems = set(candidate.hit.card.stems)
    return bool(values["words"]) and all(
        {stem_word(w, "fr"), stem_word(w, "en")} & stems for w in values["words"]
    )


def meaning_is_near(_: dict[str, Any], profile: Profile, candidate: RankedOffer) -> bool:
    cosine = candidate.hit.cosine
    return cosine is not None and (cosine - COSINES[0]) / (COSINES[1] - COSINES[0]) >= 1 / 3


def trade_is_the_offers(values: dict[str, Any], profile: Profile, candidate: RankedOffer) -> bool:
    stated = set(profile.occupations) - {"9999"}
    return values["code"] in candidate.hit.card.occupations and (not stated or values["code"] in stated)


def is_in(level: str) -> Callable[[dict[str, Any], Profile, RankedOffer], bool]:
    def check(values: dict[str, Any], profile: Profile, candidate: RankedOffer) -> bool:
        place = home(profile)
        own = {p.level: p.code for p in places.lineage(place.code)} if place else {}
        names_no_place = places.find(profile.text) is None
        return names_no_place and values["place"] == own.get(level) == getattr(candidate.hit.card, level)

    return check


def distance_is_right(values: dict[str, Any], profile: Profile, candidate: RankedOffer) -> bool:
    named, card = places.find(profile.text), candidate.hit.card
    place = named or home(profile)
    if bool(named) != ("of" in values) or (named and values["of"] not in profile.text):
        return False
    if place is None or place.level == "region" or card.latitude is None or card.longitude is None:
        return False
    km = measure_km(place.latitude, place.longitude, card.latitude, card.longitude)
    return values["km"] == pytest.approx(km, abs=1) and km <= 151


def age_is_within(values: dict[str, Any], profile: Profile, candidate: RankedOffer) -> bool:
    card, age = candidate.hit.card, NOW.year - (profile.birth_year or 0)
    limits = (values["age_min"], values["age_max"])
    return limits == (card.age_min, card.age_max) != (None, None) and (card.age_min or 0) <= age <= (
        card.age_max or 200
    )


def kind_was_asked_for(values: dict[str, Any], profile: Profile, candidate: RankedOffer) -> bool:
    kind = candidate.hit.card.kind
    is_asked_for = (
        kind in profile.kinds if profile.kinds else bool(KIND_WORDS[kind] & set(profile.text.split()))
    )
    return values["kind"] == kind.value and is_asked_for


def day(seconds: float) -> date:
    return datetime.fromtimestamp(seconds, timezone(timedelta(hours=1))).date()


def days_ago(values: dict[str, Any], _: Profile, candidate: RankedOffer) -> bool:
    age = timedelta(days=values["days"])
    return day(candidate.hit.card.published_at) + age == day(NOW.timestamp()) and 0 <= values["days"] <= 90


def trade_is_akin(values: dict[str, Any], profile: Profile, candidate: RankedOffer) -> bool:
    codes = candidate.hit.card.occupations
    return values["code"] not in codes and any(code[:2] == values["code"][:2] for code in codes)


def area_is_that_of_the_place_named(values: dict[str, Any], profile: Profile, candidate: RankedOffer) -> bool:
    named, card = places.find(profile.text), candidate.hit.card
    return (
        named is not None
        and named.code != values["place"]
        and named.code.startswith(values["place"])
        and values["place"] in (card.region, card.department)
        and values["of"] in profile.text
    )


def unconditional(card: Card) -> bool:
    stated = (card.age_min, card.age_max, card.gender, card.education_min, *card.statuses, *card.regions)
    return all(condition is None for condition in stated)


def status_is_stated(values: dict[str, Any], profile: Profile, candidate: RankedOffer) -> bool:
    young = profile.birth_year is not None and NOW.year - profile.birth_year <= 36 and bool(profile.statuses)
    statuses = {*profile.statuses, *([Status.YOUTH] if young else [])}
    return values["status"] in statuses & {*candidate.hit.card.statuses}


def place_was_named(values: dict[str, Any], profile: Profile, candidate: RankedOffer) -> bool:
    card = candidate.hit.card
    if card.country == "FR":
        return values["place"] == card.locality and "Lyon" in profile.text
    named = places.find(profile.text)
    codes = (card.commune, card.department, card.region)
    return named is not None and named.code in codes and values["place"] in profile.text


TRUTHS: dict[ReasonCode, Callable[[dict[str, Any], Profile, RankedOffer], bool]] = {
    ReasonCode.WORDS: words_are_in_the_offer,
    ReasonCode.MEANING: meaning_is_near,
    ReasonCode.LIKENESS: lambda v, p, candidate: (
        candidate.hit.cosine is not None and candidate.hit.cosine > COSINES[0]
    ),
    ReasonCode.OCCUPATION: trade_is_the_offers,
    ReasonCode.RELATED_OCCUPATION: trade_is_akin,
    ReasonCode.MEANT_OCCUPATION: lambda v, p, candidate: (
        trade_is_the_offers(v, p, candidate) or trade_is_akin(v, p, candidate)
    ),
    ReasonCode.SAME_COMMUNE: is_in("commune"),
    ReasonCode.SAME_DEPARTMENT: is_in("department"),
    ReasonCode.SAME_REGION: is_in("region"),
    ReasonCode.DISTANCE: distance_is_right,
    ReasonCode.NAMED_PLACE: place_was_named,
    ReasonCode.AROUND: area_is_that_of_the_place_named,
    ReasonCode.RECENT: days_ago,
    ReasonCode.EARLIER: days_ago,
    ReasonCode.FIRST_SEEN: days_ago,
    ReasonCode.KIND: kind_was_asked_for,
    ReasonCode.BEGINNERS: lambda v, p, candidate: candidate.hit.card.experience_years == 0,
    ReasonCode.NO_EXPERIENCE: lambda v, p, candidate: candidate.hit.card.experience_years is None,
    ReasonCode.EXPERIENCE_FITS: lambda v, p, candidate: (
        v["years"] == candidate.hit.card.experience_years <= p.experience_years
    ),
    ReasonCode.OPEN_TO_ALL: lambda v, p, candidate: unconditional(candidate.hit.card),
    ReasonCode.FOR_STATUS: status_is_stated,
    ReasonCode.FOR_REGION: lambda v, p, candidate: (
        v["place"] in candidate.hit.card.regions and v["place"] == p.region
    ),
    ReasonCode.FOR_WOMEN: lambda v, p, candidate: p.gender is candidate.hit.card.gender is Gender.FEMALE,
    ReasonCode.AGE_FITS: age_is_within,
    ReasonCode.EDUCATION_FITS: lambda v, p, candidate: (
        v["level"] == candidate.hit.card.education_min <= p.education
    ),
}


def test_every_reason_code_has_a_check() -> None:
    assert set(TRUTHS) == set(ReasonCode)


@given(
    profiles(), st.lists(cards(), min_size=1, max_size=4), st.lists(st.floats(-1, 1), min_size=4, max_size=4)
)
def test_every_reason_is_true(profile: Profile, offers: list[Card], cosines: list[float]) -> None:
    allowed = [card for card in offers if eligible(profile, card)]
    understanding, candidates = ranked(profile, hits(allowed, cosines))
    for rank, candidate in enumerate(candidates, start=1):
        recommendation = explain(understanding, candidate, rank)
        for reason in recommendation.reasons:
            assert TRUTHS[reason.code](reason.values, profile, candidate), (reason, candidate.hit.card)
        check_recommendation(recommendation, candidate, rank)


def check_recommendation(recommendation: Recommendation, candidate: RankedOffer, rank: int) -> None:
    assert (recommendation.id, recommendation.rank, recommendation.card) == (
        candidate.hit.id,
        rank,
        candidate.hit.card,
    )
    assert recommendation.score == pytest.approx(candidate.score, abs=1e-4)
    assert recommendation.score == pytest.approx(sum(recommendation.parts.values()), abs=1e-3)
    vague = FILLER_CODES | {ReasonCode.MEANING}
    order = [(reason.code in vague, -reason.weight) for reason in recommendation.reasons]
    assert order == sorted(order)
    assert all(reason.weight > 0 for reason in recommendation.reasons)
    assert sum(reason.weight for reason in recommendation.reasons) <= candidate.score + 1e-6
    codes = [reason.code for reason in recommendation.reasons]
    assert len(codes) == len(set(codes)) <= 4


def reasons(profile: Profile, card: Card, cosine: float = 0.3) -> dict[ReasonCode, Reason]:
    """The reasons of the only candidate by code, without fillers."""
    understanding, [candidate] = ranked(profile, hits([card], [cosine]))
    return {
        reason.code: reason
        for reason in reasons_of(understanding, candidate)
        if reason.code not in FILLER_CODES
    }


def reasons_of(understanding: Understanding, candidate: RankedOffer) -> tuple[Reason, ...]:
    return explain(understanding, candidate, 1).reasons


OLD = {"published_at": NOW.timestamp() - 200 * DAY}


def test_matched_words_are_shown_as_the_person_wrote_them() -> None:
    card = offer(stems=tuple(stem_text("Couturiers pour un atelier", "fr")), **OLD)
    by_code = reasons(Profile(text="Couturière, atelier, cuisine"), card)
    assert by_code[ReasonCode.WORDS].values == {"words": ["couturière", "atelier"]}


def test_a_place_name_is_not_a_matched_word() -> None:
    card = offer(stems=tuple(stem_text("soudeur Bafoussam", "fr")), **OLD)
    by_code = reasons(Profile(text="soudeur à Bafoussam"), card)
    assert by_code[ReasonCode.WORDS].values == {"words": ["soudeur"]}


@pytest.mark.parametrize(
    ("code", "same"), [("7112", True), ("7115", False), ("7111", False), ("2221", False)]
)
def test_an_occupation_is_a_reason_only_when_it_is_the_same(code: str, same: bool) -> None:
    """A carpenter is no mason, though ISCO-08 puts both in one minor group."""
    assert (
        ReasonCode.OCCUPATION in reasons(Profile(text="maçon"), offer(occupations=(code,), **OLD), 0.7)
    ) == same


@pytest.mark.parametrize(("years", "welcome"), [(0, True), (1, False), (None, False)])
def test_beginners_are_welcome_only_where_no_experience_is_asked(years: int | None, welcome: bool) -> None:
    by_code = reasons(Profile(experience_years=0), offer(experience_years=years, **OLD))
    assert (ReasonCode.BEGINNERS in by_code) == welcome
    assert ReasonCode.BEGINNERS not in reasons(Profile(), offer(experience_years=0, **OLD))


def test_only_the_smallest_shared_place_is_a_reason() -> None:
    here = {"region": "CM-LT", "department": "CM-LT-01", "commune": "CM-LT-0101"}
    profile = Profile(commune="CM-LT-0101")
    expected = (ReasonCode.SAME_REGION, ReasonCode.SAME_DEPARTMENT, ReasonCode.SAME_COMMUNE)
    for depth, code in enumerate(expected, start=1):
        by_code = reasons(profile, offer(**dict(list(here.items())[:depth]), **OLD))
        assert {reason_code for reason_code in by_code if reason_code in expected} == {code}
    assert not set(expected) & set(reasons(profile, offer(region="CM-OU", **OLD)))


def test_status_and_gender_are_reasons_only_of_offers_meant_for_them() -> None:
    person = Profile(gender=Gender.FEMALE, statuses=(Status.YOUTH, Status.RETURNEE))
    meant = offer(gender=Gender.FEMALE, statuses=(Status.DISPLACED, Status.RETURNEE), **OLD)
    by_code = reasons(person, meant)
    assert by_code[ReasonCode.FOR_STATUS].values == {"status": "returnee"}
    assert ReasonCode.FOR_WOMEN in by_code
    assert reasons(person, offer(**OLD)) == {}
    assert ReasonCode.FOR_WOMEN not in reasons(Profile(), meant)


def test_conditions_that_an_offer_does_not_state_are_not_reasons() -> None:
    known = Profile(birth_year=1996, education=5, gender=Gender.MALE)
    assert reasons(known, offer(**OLD)) == {}


def test_concrete_reasons_come_first_and_meaning_last() -> None:
    card = offer(
        title="Formation couturière",
        kind=Kind.TRAINING,
        occupations=("7531",),
        region="CM-OU",
        age_min=18,
        stems=tuple(stem_text("formation couturière", "fr")),
    )
    understanding, [candidate] = ranked(
        Profile(text="formation couturière", region="CM-OU", birth_year=2000), hits([card], [0.8])
    )
    codes = [reason.code for reason in reasons_of(understanding, candidate)]
    assert (codes[0], codes[-1]) == (ReasonCode.WORDS, ReasonCode.MEANING)
    assert {ReasonCode.OCCUPATION, ReasonCode.SAME_REGION} < set(codes)


def test_a_fitting_offer_has_two_reasons_though_the_person_stated_only_an_occupation() -> None:
    card = offer(occupations=("7531",), stems=tuple(stem_text("couturière", "fr")), **OLD)
    assert len(reasons(Profile(text="couturière"), card)) >= 2


def test_matched_words_are_compared_by_stem() -> None:
    card = offer(stems=tuple(stem_text("soudeur", "fr")), **OLD)
    by_code = reasons(Profile(text="Soudeuse"), card)
    assert by_code[ReasonCode.WORDS].values == {"words": ["soudeuse"]}
