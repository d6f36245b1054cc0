"""Faithful reasons: remove what a reason names, from the offer or from the person, and the score falls."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given
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
NO_PLACE = {
    "country": None,
    "region": None,
    "department": None,
    "commune": None,
    "locality": None,
    "latitude": None,
    "longitude": None,
}


def _with_card(case: Case, **values: object) -> Case:
    """The case with other values on the offer's card."""
    return case[0], replace(case[1], card=replace(case[1].card, **values))  # type: ignore[arg-type]


def _without_fact(case: Case, **values: object) -> Case:
    """The case as if the person had not stated one thing."""
    understanding, hit = case
    return replace(understanding, filters=replace(understanding.filters, **values)), hit  # type: ignore[arg-type]


def _without_words(reason: Reason, case: Case) -> Case:
    named = set(reason.values["words"])
    removed = {stem for stem, word in case[0].stems.items() if word in named}
    return _with_card(case, stems=tuple(stem for stem in case[1].card.stems if stem not in removed))


def _without_meaning(_: Reason, case: Case) -> Case:
    return case[0], replace(case[1], cosine=None)


def _without_place(_: Reason, case: Case) -> Case:
    return _with_card(case, **NO_PLACE)


def _published_long_ago(_: Reason, case: Case) -> Case:
    return _with_card(case, published_at=NOW.timestamp() - 1000 * DAY)


def _without_occupation(_: Reason, case: Case) -> Case:
    return _with_card(case, occupations=())


def _requiring_experience(_: Reason, case: Case) -> Case:
    return _with_card(case, experience_years=(case[0].experience_years or 0) + 9)


def _of_another_kind(_: Reason, case: Case) -> Case:
    other = [kind for kind in Kind if kind not in case[0].kinds]
    return _with_card(case, kind=other[0]) if other else _with_kind_not_requested(case)


def _with_kind_not_requested(case: Case) -> Case:
    """The case as if the person asked for every kind but the offer's own."""
    return replace(case[0], kinds=frozenset(list(Kind)) - {case[1].card.kind}), case[1]


def _with_unmet_condition(_: Reason, case: Case) -> Case:
    understanding, hit = _without_fact(case, gender=None)
    return _with_card((understanding, hit), gender=Gender.FEMALE)


REMOVALS: dict[ReasonCode, Callable[[Reason, Case], Case]] = {
    ReasonCode.WORDS: _without_words,
    ReasonCode.MEANING: _without_meaning,
    ReasonCode.LIKENESS: _without_meaning,
    ReasonCode.OCCUPATION: _without_occupation,
    ReasonCode.RELATED_OCCUPATION: _without_occupation,
    ReasonCode.MEANT_OCCUPATION: _without_occupation,
    ReasonCode.SAME_COMMUNE: _without_place,
    ReasonCode.SAME_DEPARTMENT: _without_place,
    ReasonCode.SAME_REGION: _without_place,
    ReasonCode.DISTANCE: _without_place,
    ReasonCode.NAMED_PLACE: _without_place,
    ReasonCode.AROUND: _without_place,
    ReasonCode.RECENT: _published_long_ago,
    ReasonCode.EARLIER: _published_long_ago,
    ReasonCode.FIRST_SEEN: _published_long_ago,
    ReasonCode.KIND: _of_another_kind,
    ReasonCode.BEGINNERS: _requiring_experience,
    ReasonCode.NO_EXPERIENCE: _requiring_experience,
    ReasonCode.EXPERIENCE_FITS: _requiring_experience,
    ReasonCode.OPEN_TO_ALL: _with_unmet_condition,
    ReasonCode.FOR_STATUS: lambda _, case: _without_fact(case, statuses=None),
    ReasonCode.FOR_WOMEN: lambda _, case: _without_fact(case, gender=None),
    ReasonCode.FOR_REGION: lambda _, case: _without_fact(case, region=None),
    ReasonCode.AGE_FITS: lambda _, case: _without_fact(case, age=None),
    ReasonCode.EDUCATION_FITS: lambda _, case: _without_fact(case, education=None),
}


def _score(case: Case, candidates: list[Hit]) -> float:
    """The score of one candidate among all; 0 if it is no longer relevant to the words."""
    understanding, hit = case
    other_candidates = [candidate for candidate in candidates if candidate.id != hit.id]
    ranked = rank(understanding, [hit, *other_candidates], COSINES)
    return next((offer.score for offer in ranked if offer.hit.id == hit.id), 0.0)


def _check_reasons(
    understanding: Understanding, candidate: RankedOffer, candidates: list[Hit]
) -> set[ReasonCode]:
    """Assert that the score falls without what each reason names; returns the codes of the reasons."""
    reasons = explain(understanding, candidate, 1).reasons
    for reason in reasons:
        without = REMOVALS[reason.code](reason, (understanding, candidate.hit))
        assert _score(without, candidates) < candidate.score - 1e-9, (
            reason,
            candidate.hit.card,
            understanding.profile,
        )
    return {reason.code for reason in reasons}


@given(
    profiles(), st.lists(cards(), min_size=1, max_size=4), st.lists(st.floats(-1, 1), min_size=4, max_size=4)
)
def test_without_what_a_reason_names_the_score_falls(
    profile: Profile, offers: list[Card], cosines: list[float]
) -> None:
    understanding, candidates = understand(profile, NOW), hits(offers, cosines)
    for candidate in rank(understanding, candidates, COSINES):
        _check_reasons(understanding, candidate, candidates)


@cache
def _load_sample_cards() -> list[Card]:
    drafts = [item for item in sample_drafts(date(2026, 11, 20)) if isinstance(item, Draft)]
    offers = [
        Opportunity(id=UUID(int=number), source="sample", draft=draft, first_seen_at=NOW, changed_at=NOW)
        for number, draft in enumerate(drafts)
    ]
    return [build_document(offer, np.zeros(1, np.float32)).card for offer in offers[::8]]


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
def test_reasons_on_the_sample_are_faithful_and_two_where_two_features_moved_the_score(
    profile: Profile,
) -> None:
    understanding = understand(profile, NOW)
    words = set(stem_text(profile.text, "fr"))
    candidates = hits(
        _load_sample_cards(), [0.6 if words & set(card.stems) else 0.45 for card in _load_sample_cards()]
    )
    if not understanding.query_text:
        candidates = [replace(hit, cosine=None) for hit in candidates]
    for candidate in rank(understanding, candidates, COSINES)[:20]:
        codes = _check_reasons(understanding, candidate, candidates)
        assert len(codes) <= 4
        moved = [part for part in candidate.parts.values() if part >= MIN_REASON_WEIGHT]
        assert len(codes) >= min(2, len(moved)) or _has_unexplained_part(understanding, candidate)


def _has_unexplained_part(understanding: Understanding, candidate: RankedOffer) -> bool:
    """Whether a part of the score has nothing worth naming: a place far away, a date long past."""
    age = (NOW.timestamp() - candidate.hit.card.published_at) / DAY
    return (
        age > 90
        or bool(candidate.distance_km and candidate.distance_km > 150)
        or candidate.parts.get("occupation", 0.0) > 0
        or age < 0
    )


def test_every_reason_code_has_a_removal() -> None:
    assert set(REMOVALS) == set(ReasonCode)


def test_filler_reasons_appear_only_where_there_is_little_else() -> None:
    understanding = understand(Profile(), NOW)
    [candidate] = rank(understanding, hits([offer()]), COSINES)
    assert [r.code for r in explain(understanding, candidate, 1).reasons] == [
        ReasonCode.RECENT,
        ReasonCode.OPEN_TO_ALL,
    ]
    rich = understand(Profile(text="soudeur", region="CM-OU", experience_years=0), NOW)
    card = offer(title="soudeur", stems=("soudeur",), occupations=("7212",), region="CM-OU")
    [candidate] = rank(rich, hits([card], [0.7]), COSINES)
    assert not {r.code for r in explain(rich, candidate, 1).reasons} & FILLER_CODES


@pytest.mark.parametrize(
    ("profile", "card", "improved", "improve"),
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
def test_adding_the_missing_information_raises_the_score(
    profile: Profile, card: Card, improved: Profile | None, improve: MissingInfo | None
) -> None:
    card = replace(card, stems=("gardien",), title="gardien")
    before, [hit] = understand(profile, NOW), hits([card], [0.7])
    [ranked] = rank(before, [hit], COSINES)
    assert explain(before, ranked, 1).improve is improve
    if improved:
        [after] = rank(understand(improved, NOW), [hit], COSINES)
        assert after.score > ranked.score
