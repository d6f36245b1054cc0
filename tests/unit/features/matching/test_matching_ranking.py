"""Ranking: scores are sums of explainable parts, and candidates unrelated to the words are left out."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matching_factory import COSINES, DAY, NOW, cards, hit, hits, offer, profiles, ranked

from oim.features import places
from oim.features.matching.bm25 import stem_text
from oim.features.matching.index import Card
from oim.features.matching.profile import Profile
from oim.features.opportunities import Kind

CANDIDATES = st.lists(cards(), min_size=1, max_size=4)
CLOSE, FAR = COSINES[1], COSINES[0]


def order(profile: Profile, *offers: Card, cosine: float = 0.7) -> list[int]:
    """Numbers of the candidates, best first."""
    return [
        candidate.hit.id.int for candidate in ranked(profile, hits(list(offers), [cosine] * len(offers)))[1]
    ]


def scores(profile: Profile, *offers: Card, cosine: float = 0.7) -> dict[int, float]:
    return {
        candidate.hit.id.int: candidate.score
        for candidate in ranked(profile, hits(list(offers), [cosine] * len(offers)))[1]
    }


@given(profiles(), CANDIDATES, st.lists(st.floats(-1, 1), min_size=4, max_size=4))
def test_a_score_is_the_sum_of_its_parts_and_within_bounds(
    profile: Profile, offers: list[Card], cosines: list[float]
) -> None:
    for candidate in ranked(profile, hits(offers, cosines))[1]:
        assert 0 <= candidate.score <= 1 + 1e-9
        assert candidate.score == pytest.approx(sum(candidate.parts.values()))
        assert all(part >= 0 for part in candidate.parts.values())


@given(profiles(), CANDIDATES, st.randoms(use_true_random=False))
def test_scores_fall_along_the_list_and_do_not_depend_on_the_order_of_the_index(
    profile: Profile, offers: list[Card], generator: random.Random
) -> None:
    candidates = hits(offers, [0.75] * len(offers))
    shuffled = candidates[:]
    generator.shuffle(shuffled)
    first, second = ranked(profile, candidates)[1], ranked(profile, shuffled)[1]
    assert [candidate.hit.id for candidate in first] == [candidate.hit.id for candidate in second]
    assert [candidate.score for candidate in first] == sorted(
        (candidate.score for candidate in first), reverse=True
    )


@given(profiles(), CANDIDATES)
def test_an_incomplete_profile_is_not_penalised_for_what_it_lacks(
    profile: Profile, offers: list[Card]
) -> None:
    """Every candidate is scored by the same features, and none is left out for a profile without words."""
    understanding, candidates = ranked(profile, hits(offers))
    assert len({frozenset(candidate.parts) for candidate in candidates}) <= 1
    assert understanding.stems or len(candidates) == len(offers)


def test_equal_offers_are_ordered_newer_first_then_by_a_fixed_order() -> None:
    older = offer(published_at=NOW.timestamp() - 20 * DAY)
    assert order(Profile(), older, offer(), offer()) == [1, 2, 0]
    assert order(Profile(), offer(), offer(), older) == [0, 1, 2]


def test_offers_unrelated_to_the_words_are_left_out() -> None:
    pigs = offer(title="Porcher", stems=tuple(stem_text("porcher ferme", "fr")))
    sewing = offer(title="Couture", stems=tuple(stem_text("couturière atelier", "fr")))
    assert order(Profile(text="couturière"), pigs, sewing, cosine=FAR) == [1]
    assert order(Profile(text="astrophysique"), pigs, sewing, cosine=FAR) == []


def test_an_offer_of_the_same_meaning_or_trade_fits_without_a_common_word() -> None:
    english = offer(title="Dressmaker", occupations=("7531",))
    assert order(Profile(text="couturière"), english, cosine=FAR) == [0]
    assert order(Profile(text="rédaction"), english, cosine=CLOSE) == [0]
    assert order(Profile(text="rédaction"), english, cosine=FAR) == []


def test_a_common_word_alone_does_not_make_an_offer_fit() -> None:
    unrelated = [offer(stems=("entrepris", "menuisi"))] * 20
    accountant = offer(stems=("comptabl", "entrepris"))
    assert order(Profile(text="comptable en entreprise"), *unrelated, accountant, cosine=FAR) == [20]


def test_more_shared_words_and_a_closer_meaning_rank_higher() -> None:
    both, single = offer(stems=("soudeur", "metall")), offer(stems=("soudeur",))
    assert order(Profile(text="soudeur métallique"), single, both) == [1, 0]
    _, candidates = ranked(Profile(text="soudeur"), [hit(0, single, 0.5), hit(1, single, 0.7)])
    assert [candidate.hit.id.int for candidate in candidates] == [1, 0]


def test_a_word_in_the_title_ranks_higher_than_one_in_the_description() -> None:
    stems = tuple(stem_text("soudeur chantier", "fr"))
    site, welder = offer(title="Chantier", stems=stems), offer(title="Soudeur", stems=stems)
    assert order(Profile(text="soudeur"), site, welder) == [1, 0]


def test_a_title_matches_words_misspelt_or_in_the_other_language() -> None:
    welder, sewing = offer(title="Welder"), offer(title="Dressmaker")
    assert order(Profile(text="soudeur"), sewing, welder, cosine=CLOSE) == [1, 0]
    plumber, mason = offer(title="Plombier"), offer(title="Maçon")
    assert order(Profile(text="plonbier"), mason, plumber, cosine=CLOSE) == [1, 0]


def test_nearer_trades_rank_higher() -> None:
    same, related, other = (offer(occupations=(code,)) for code in ("7531", "7533", "2221"))
    assert order(Profile(occupations=("7531",)), other, related, same)[:2] == [2, 1]


def test_nearer_places_rank_higher() -> None:
    commune = places.get("CM-LT-0101")
    assert commune is not None
    here = {"region": "CM-LT", "department": "CM-LT-01", "commune": "CM-LT-0101"}
    offers = [
        offer(region="CM-EN"),
        offer(region="CM-LT"),
        offer(region="CM-LT", department="CM-LT-01"),
        offer(**here),
    ]
    assert order(Profile(commune="CM-LT-0101"), *offers) == [3, 2, 1, 0]
    near = offer(region="CM-SW", latitude=commune.latitude, longitude=commune.longitude - 0.3)
    away = offer(region="CM-SW", latitude=commune.latitude, longitude=commune.longitude - 1.5)
    assert order(Profile(commune="CM-LT-0101"), away, near) == [1, 0]


def test_a_distance_is_measured_only_from_a_place_smaller_than_a_region() -> None:
    bafoussam = offer(region="CM-OU", latitude=5.48, longitude=10.42)
    for profile, measured in ((Profile(region="CM-LT"), False), (Profile(department="CM-LT-01"), True)):
        assert (ranked(profile, hits([bafoussam]))[1][0].distance_km is not None) == measured
    assert ranked(Profile(department="CM-LT-01"), hits([offer(region="CM-OU")]))[1][0].distance_km is None


def test_the_kind_that_the_words_ask_for_ranks_higher_and_other_kinds_stay() -> None:
    course, job = offer(kind=Kind.TRAINING, stems=("coutur",)), offer(stems=("coutur",))
    assert order(Profile(text="formation couture"), job, course) == [1, 0]


def test_a_beginner_sees_offers_for_beginners_first() -> None:
    expert, silent, beginners = offer(experience_years=5), offer(), offer(experience_years=0)
    assert order(Profile(experience_years=0), expert, silent, beginners) == [2, 1, 0]
    by_number = scores(Profile(experience_years=10), expert, beginners)
    assert by_number[0] == by_number[1]


def test_a_fresh_offer_ranks_higher_and_age_never_makes_a_score_negative() -> None:
    ages = (0, 30, 300, 100_000)
    by_number = scores(Profile(), *(offer(published_at=NOW.timestamp() - age * DAY) for age in ages))
    assert list(by_number) == [0, 1, 2, 3]
    assert by_number[3] >= 0


def test_an_offer_dated_tomorrow_is_not_worth_more_than_one_of_today() -> None:
    by_number = scores(
        Profile(), offer(published_at=NOW.timestamp()), offer(published_at=NOW.timestamp() + DAY)
    )
    assert by_number[0] == by_number[1]
