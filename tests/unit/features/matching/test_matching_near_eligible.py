"""Near-eligible offers come last and take few places; questions are those that decide most offers."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from matching_factory import NOW, hits, offer

from oim.features.matching.answer import MissingInfo
from oim.features.matching.near_eligible import (
    Verdicts,
    list_missing_info,
    select_eligible_and_near,
    select_near_eligible_last,
)
from oim.features.matching.profile import Profile
from oim.features.matching.ranking import RankedOffer
from oim.features.matching.understanding import understand
from oim.features.matching.verdict import Verdict
from oim.features.opportunities import Gender, Kind, Status

KNOWN = Profile(text="x", region="CM-OU", memberships=(), gender=Gender.MALE, education=1)


def candidates(*specs: tuple[float, bool]) -> tuple[list[RankedOffer], Verdicts]:
    """Ranked candidates by score and whether they are near-eligible, with their verdicts."""
    ordered = sorted(specs, key=lambda spec: -spec[0])
    offers = hits([offer(membership="MC2" if is_near else None) for _, is_near in ordered])
    ranked = [
        RankedOffer(hit, score, {}, (), False, None) for hit, (score, _) in zip(offers, ordered, strict=True)
    ]
    return ranked, select_eligible_and_near(understand(KNOWN, NOW), offers)


def select_best(ranked: list[RankedOffer], limit: int) -> list[RankedOffer]:
    return ranked[:limit]


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=40), st.integers(1, 20))
def test_near_eligible_offers_come_last_and_take_few_places(
    specs: list[tuple[float, bool]], limit: int
) -> None:
    ranked, verdicts = candidates(*specs)
    chosen = select_near_eligible_last(ranked, verdicts, limit, select_best)
    near = [verdicts[candidate.hit.id].is_near_eligible for candidate in chosen]
    able = [candidate for candidate in ranked if not verdicts[candidate.hit.id].is_near_eligible]
    assert near == sorted(near)
    assert len({candidate.hit.id for candidate in chosen}) == len(chosen) == min(limit, len(ranked))
    assert sum(near) <= max(limit // 5, limit - len(able))
    assert near.count(False) >= min(len(able), limit - limit // 5)


def test_a_near_eligible_offer_displaces_only_a_worse_one() -> None:
    eligible = [(0.9 - n / 100, False) for n in range(10)]
    for score, displaced in ((0.1, 0), (0.95, 1)):
        ranked, verdicts = candidates(*eligible, (score, True))
        chosen = select_near_eligible_last(ranked, verdicts, 10, select_best)
        assert sum(verdicts[candidate.hit.id].is_near_eligible for candidate in chosen) == displaced


def test_offers_that_exclude_the_person_are_not_candidates() -> None:
    cards = [
        offer(gender=Gender.FEMALE),
        offer(education_min=6),
        offer(regions=("CM-LT",)),
        offer(education_min=2),
        offer(statuses=(Status.YOUTH,)),
        offer(),
    ]
    assert set(select_eligible_and_near(understand(KNOWN, NOW), hits(cards))) == {
        UUID(int=n) for n in (3, 4, 5)
    }


def list_questions(profile: Profile, *cards: dict[str, object]) -> tuple[MissingInfo, ...]:
    understanding = understand(profile, NOW)
    verdicts: list[Verdict] = list(
        select_eligible_and_near(understanding, hits([offer(**card) for card in cards])).values()
    )
    return list_missing_info(understanding, verdicts)


def test_the_question_that_decides_most_offers_comes_first_and_papers_last() -> None:
    here = Profile(text="soudeur", region="CM-OU")
    women, adults = {"gender": Gender.FEMALE}, {"age_min": 18}
    paper = {"documents": ("CNI",)}
    assert list_questions(here, women, adults, adults) == (MissingInfo.AGE, MissingInfo.GENDER)
    assert list_questions(here, women, women, adults) == (MissingInfo.GENDER, MissingInfo.AGE)
    assert list_questions(here, paper, paper, paper, women) == (MissingInfo.GENDER, MissingInfo.DOCUMENTS)
    assert list_questions(here, {"kind": Kind.AGR}) == ()


def test_text_and_place_are_asked_first_and_at_most_four_questions() -> None:
    everything = {
        "age_min": 18,
        "gender": Gender.FEMALE,
        "education_min": 2,
        "membership": "MC2",
        "regions": ("CM-OU",),
    }
    assert list_questions(Profile(), everything) == (
        MissingInfo.TEXT,
        MissingInfo.PLACE,
        MissingInfo.AGE,
        MissingInfo.GENDER,
    )
    assert list_questions(Profile(text="soudeur à Douala"), {"regions": ("CM-OU",)}) == (MissingInfo.PLACE,)
