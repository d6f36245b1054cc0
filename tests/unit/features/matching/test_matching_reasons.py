"""Faithfulness: take away what a reason names, from the offer or from the person, and the score falls."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matching_factory import COSINES, DAY, NOW, cards, hits, offer, profiles

from oim.features.ingestion import sample_drafts
from oim.features.matching.answer import MissingInfo, Reason, ReasonCode
from oim.features.matching.bm25 import stem_text
from oim.features.matching.documents import build_document
from oim.features.matching.explanation import FILLER_CODES, MIN_REASON_WEIGHT, explain
from oim.features.matching.index import Card, Hit
from oim.features.matching.profile import Profile
from oim.features.matching.ranking import RankedOffer, rank
from oim.features.matching.understanding import Understanding, understand
from oim.features.opportunities import Draft, Gender, Kind, Opportunity, Status

Case = tuple[Understanding, Hit]
NOWHERE = {
    "country": None,
    "region": None,
    "department": None,
    "commune": None,
    "locality": None,
    "latitude": None,
    "longitude": None,
}


def _card(case: Case, **values: object) -> Case:
    return case[0], replace(case[1], card=replace(case[1].card, **values))  # type: ignore[arg-type]


def _untold(case: Case, **values: object) -> Case:
    """The person as if they had not told one thing."""
    understanding, hit = case
    return replace(understanding, filters=replace(understanding.filters, **values)), hit  # type: ignore[arg-type]


def _wordless(reason: Reason, case: Case) -> Case:
    named = set(reason.values["words"])
    gone = {stem for stem, word in case[0].stems.items() if word in named}
    return _card(case, stems=tuple(stem for stem in case[1].card.stems if stem not in gone))


def _unlike(_: Reason, case: Case) -> Case:
    return case[0], replace(case[1], cosine=None)


def _nowhere(_: Reason, case: Case) -> Case:
    return _card(case, **NOWHERE)


def _old(_: Reason, case: Case) -> Case:
    return _card(case, published_at=NOW.timestamp() - 1000 * DAY)


def _tradeless(_: Reason, case: Case) -> Case:
    return _card(case, occupations=())


def _asking(_: Reason, case: Case) -> Case:
    return _card(case, experience_years=(case[0].experience_years or 0) + 9)


def _of_another_kind(_: Reason, case: Case) -> Case:
    other = [kind for kind in Kind if kind not in case[0].kinds]
    return _card(case, kind=other[0]) if other else _unasked(case)


def _unasked(case: Case) -> Case:
    """Who asks for all kinds is not asking."""
    return replace(case[0], kinds=frozenset(list(Kind)) - {case[1].card.kind}), case[1]


def _conditional(_: Reason, case: Case) -> Case:
    understanding, hit = _untold(case, gender=None)
    return _card((understanding, hit), gender=Gender.FEMALE)


REMOVED: dict[ReasonCode, Callable[[Reason, Case], Case]] = {
    ReasonCode.WORDS: _wordless,
    ReasonCode.MEANING: _unlike,
    ReasonCode.LIKENESS: _unlike,
    ReasonCode.OCCUPATION: _tradeless,
    ReasonCode.RELATED_OCCUPATION: _tradeless,
    ReasonCode.MEANT_OCCUPATION: _tradeless,
    ReasonCode.SAME_COMMUNE: _nowhere,
    ReasonCode.SAME_DEPARTMENT: _nowhere,
    ReasonCode.SAME_REGION: _nowhere,
    ReasonCode.DISTANCE: _nowhere,
    ReasonCode.NAMED_PLACE: _nowhere,
    ReasonCode.AROUND: _nowhere,
    ReasonCode.RECENT: _old,
    ReasonCode.EARLIER: _old,
    ReasonCode.FOUND: _old,
    ReasonCode.KIND: _of_another_kind,
    ReasonCode.BEGINNERS: _asking,
    ReasonCode.NO_EXPERIENCE: _asking,
    ReasonCode.EXPERIENCE_FITS: _asking,
    ReasonCode.OPEN_TO_ALL: _conditional,
    ReasonCode.FOR_STATUS: lambda _, case: _untold(case, statuses=None),
    ReasonCode.FOR_WOMEN: lambda _, case: _untold(case, gender=None),
    ReasonCode.FOR_REGION: lambda _, case: _untold(case, region=None),
    ReasonCode.AGE_FITS: lambda _, case: _untold(case, age=None),
    ReasonCode.EDUCATION_FITS: lambda _, case: _untold(case, education=None),
}


def _score(case: Case, others: list[Hit]) -> float:
    """The score of one candidate among the others; nothing where it no longer fits what was said."""
    understanding, hit = case
    found = rank(understanding, [hit, *(one for one in others if one.id != hit.id)], COSINES)
    return next((one.score for one in found if one.hit.id == hit.id), 0.0)


def _is_faithful(understanding: Understanding, one: RankedOffer, held: list[Hit]) -> set[ReasonCode]:
    reasons = explain(understanding, one, 1).reasons
    for reason in reasons:
        without = REMOVED[reason.code](reason, (understanding, one.hit))
        assert _score(without, held) < one.score - 1e-9, (reason, one.hit.card, understanding.profile)
    return {reason.code for reason in reasons}


@given(
    profiles(), st.lists(cards(), min_size=1, max_size=4), st.lists(st.floats(-1, 1), min_size=4, max_size=4)
)
@settings(max_examples=60, deadline=None)
def test_without_what_a_reason_names_the_score_falls(
    profile: Profile, made: list[Card], cosines: list[float]
) -> None:
    understanding, held = understand(profile, NOW), hits(made, cosines)
    for one in rank(understanding, held, COSINES):
        _is_faithful(understanding, one, held)


@cache
def _sample() -> list[Card]:
    drafts = [item for item in sample_drafts(date(2026, 11, 20)) if isinstance(item, Draft)]
    offers = [
        Opportunity(id=UUID(int=number), source="sample", draft=draft, first_seen_at=NOW, changed_at=NOW)
        for number, draft in enumerate(drafts)
    ]
    return [build_document(one, np.zeros(1, np.float32)).card for one in offers[::4]]


PEOPLE = [
    Profile(),
    Profile(text="couturière à Bafoussam", birth_year=1995, gender=Gender.FEMALE, experience_years=3),
    Profile(text="je fais le bendskin, débutant", region="CM-LT", education=2, birth_year=2001),
    Profile(text="I want a loan to raise chickens", region="CM-NW", statuses=(Status.DISPLACED,)),
    Profile(text="formation en maçonnerie à Douala", statuses=(Status.RETURNEE,), birth_year=2000),
    Profile(text="soudeur près de Foumban", kinds=(Kind.EMPLOYMENT, Kind.AGR), education=3),
    Profile(commune="CM-EN-0101", education=1, experience_years=0),
    Profile(occupations=("7531", "5223"), region="CM-CE"),
]


@pytest.mark.parametrize("profile", PEOPLE, ids=lambda profile: profile.text[:20] or str(profile.region))
def test_it_holds_on_the_sample_and_each_offer_has_two_reasons_where_two_things_moved_it(
    profile: Profile,
) -> None:
    understanding = understand(profile, NOW)
    words = set(stem_text(profile.text, "fr"))
    held = hits(_sample(), [0.6 if words & set(card.stems) else 0.45 for card in _sample()])
    if not understanding.query_text:
        held = [replace(hit, cosine=None) for hit in held]
    for one in rank(understanding, held, COSINES)[:40]:
        told = _is_faithful(understanding, one, held)
        assert len(told) <= 4
        moved = [part for part in one.parts.values() if part >= MIN_REASON_WEIGHT]
        assert len(told) >= min(2, len(moved)) or _silent(understanding, one)


def _silent(understanding: Understanding, one: RankedOffer) -> bool:
    """Where a part of the score has nothing in it that is worth saying: a place far off, a date long past."""
    age = (NOW.timestamp() - one.hit.card.published_at) / DAY
    return (
        age > 90
        or bool(one.distance_km and one.distance_km > 150)
        or one.parts.get("occupation", 0.0) > 0
        or age < 0
    )


def test_every_reason_can_be_taken_away() -> None:
    assert set(REMOVED) == set(ReasonCode)


def test_fillers_are_told_only_where_there_is_little_else() -> None:
    understanding = understand(Profile(), NOW)
    [one] = rank(understanding, hits([offer()]), COSINES)
    assert [r.code for r in explain(understanding, one, 1).reasons] == [
        ReasonCode.RECENT,
        ReasonCode.OPEN_TO_ALL,
    ]
    rich = understand(Profile(text="soudeur", region="CM-OU", experience_years=0), NOW)
    card = offer(title="soudeur", stems=("soudeur",), occupations=("7212",), region="CM-OU")
    [one] = rank(rich, hits([card], [0.7]), COSINES)
    assert not {r.code for r in explain(rich, one, 1).reasons} & FILLER_CODES


@pytest.mark.parametrize(
    ("profile", "card", "told", "improve"),
    [
        (Profile(), offer(occupations=("5414",)), Profile(text="gardien"), MissingInfo.TEXT),
        (
            Profile(text="gardien"),
            offer(region="CM-OU"),
            Profile(text="gardien", region="CM-OU"),
            MissingInfo.PLACE,
        ),
        (
            Profile(text="gardien"),
            offer(experience_years=2),
            Profile(text="gardien", experience_years=4),
            MissingInfo.EXPERIENCE,
        ),
        (Profile(text="gardien"), offer(), None, None),
    ],
)
def test_what_would_improve_a_match_can(
    profile: Profile, card: Card, told: Profile | None, improve: MissingInfo | None
) -> None:
    card = replace(card, stems=("gardien",), title="gardien")
    before, [one] = understand(profile, NOW), hits([card], [0.7])
    [ranked] = rank(before, [one], COSINES)
    assert explain(before, ranked, 1).improve is improve
    if told:
        [after] = rank(understand(told, NOW), [one], COSINES)
        assert after.score > ranked.score
