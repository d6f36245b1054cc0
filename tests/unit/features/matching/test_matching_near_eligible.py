"""The almost eligible come last and take few places; what to ask is what most offers hang on."""

from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st
from matching_factory import NOW, hits, offer

from oim.features.matching.answer import MissingInfo
from oim.features.matching.near_eligible import (
    Verdicts,
    assess_candidates,
    list_missing_info,
    select_near_eligible_last,
)
from oim.features.matching.profile import Profile
from oim.features.matching.ranking import RankedOffer
from oim.features.matching.understanding import understand
from oim.features.matching.verdict import Verdict
from oim.features.opportunities import Gender, Kind, Status

KNOWN = Profile(text="x", region="CM-OU", memberships=(), gender=Gender.MALE, education=1)


def candidates(*made: tuple[float, bool]) -> tuple[list[RankedOffer], Verdicts]:
    """Ranked candidates of a score each, almost eligible or eligible, with their verdicts."""
    ordered = sorted(made, key=lambda one: -one[0])
    found = hits([offer(membership="MC2" if almost else None) for _, almost in ordered])
    ranked = [
        RankedOffer(one, score, {}, (), False, None) for one, (score, _) in zip(found, ordered, strict=True)
    ]
    return ranked, assess_candidates(understand(KNOWN, NOW), found)


def take(ranked: list[RankedOffer], most: int) -> list[RankedOffer]:
    return ranked[:most]


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=40), st.integers(1, 20))
@settings(max_examples=80, deadline=None)
def test_the_almost_eligible_come_last_and_take_few_places(
    made: list[tuple[float, bool]], limit: int
) -> None:
    ranked, found = candidates(*made)
    chosen = select_near_eligible_last(ranked, found, limit, take)
    almost = [found[one.hit.id].is_near_eligible for one in chosen]
    able = [one for one in ranked if not found[one.hit.id].is_near_eligible]
    assert almost == sorted(almost)
    assert len({one.hit.id for one in chosen}) == len(chosen) == min(limit, len(ranked))
    assert sum(almost) <= max(limit // 5, limit - len(able))
    assert almost.count(False) >= min(len(able), limit - limit // 5)


def test_a_place_is_given_up_only_to_a_better_offer() -> None:
    eligible = [(0.9 - n / 100, False) for n in range(10)]
    for score, taken in ((0.1, 0), (0.95, 1)):
        ranked, found = candidates(*eligible, (score, True))
        chosen = select_near_eligible_last(ranked, found, 10, take)
        assert sum(found[one.hit.id].is_near_eligible for one in chosen) == taken


def test_who_is_barred_hears_nothing_of_the_offer() -> None:
    cards = [
        offer(gender=Gender.FEMALE),
        offer(education_min=6),
        offer(regions=("CM-LT",)),
        offer(education_min=2),
        offer(statuses=(Status.YOUTH,)),
        offer(),
    ]
    assert set(assess_candidates(understand(KNOWN, NOW), hits(cards))) == {UUID(int=n) for n in (3, 4, 5)}


def asked(profile: Profile, *cards: dict[str, object]) -> tuple[MissingInfo, ...]:
    understanding = understand(profile, NOW)
    found: list[Verdict] = list(
        assess_candidates(understanding, hits([offer(**card) for card in cards])).values()
    )
    return list_missing_info(understanding, found)


def test_the_question_that_most_offers_hang_on_comes_first_and_papers_last() -> None:
    here = Profile(text="soudeur", region="CM-OU")
    women, adults = {"gender": Gender.FEMALE}, {"age_min": 18}
    paper = {"documents": ("CNI",)}
    assert asked(here, women, adults, adults) == (MissingInfo.AGE, MissingInfo.GENDER)
    assert asked(here, women, women, adults) == (MissingInfo.GENDER, MissingInfo.AGE)
    assert asked(here, paper, paper, paper, women) == (MissingInfo.GENDER, MissingInfo.DOCUMENTS)
    assert asked(here, {"kind": Kind.AGR}) == ()


def test_what_tells_offers_apart_is_asked_before_all_and_no_more_than_four_are() -> None:
    everything = {
        "age_min": 18,
        "gender": Gender.FEMALE,
        "education_min": 2,
        "membership": "MC2",
        "regions": ("CM-OU",),
    }
    assert asked(Profile(), everything) == (
        MissingInfo.TEXT,
        MissingInfo.PLACE,
        MissingInfo.AGE,
        MissingInfo.GENDER,
    )
    assert asked(Profile(text="soudeur à Douala"), {"regions": ("CM-OU",)}) == (MissingInfo.PLACE,)
