"""Ranking: scores are the sum of what is told, candidates that have nothing to do with it are left out."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matching_factory import COSINES, DAY, NOW, cards, hit, hits, offer, profiles, ranked

from oim.features import places
from oim.features.matching.bm25 import stem_text
from oim.features.matching.index import Card
from oim.features.matching.profile import Profile
from oim.features.opportunities import Kind

CANDIDATES = st.lists(cards(), min_size=1, max_size=4)
CLOSE, FAR = COSINES[1], COSINES[0]


def order(profile: Profile, *held: Card, cosine: float = 0.7) -> list[int]:
    """Numbers of the candidates, best first."""
    return [one.hit.id.int for one in ranked(profile, hits(list(held), [cosine] * len(held)))[1]]


def scores(profile: Profile, *held: Card, cosine: float = 0.7) -> dict[int, float]:
    return {one.hit.id.int: one.score for one in ranked(profile, hits(list(held), [cosine] * len(held)))[1]}


@given(profiles(), CANDIDATES, st.lists(st.floats(-1, 1), min_size=4, max_size=4))
@settings(max_examples=80, deadline=None)
def test_a_score_is_the_sum_of_its_parts_and_within_bounds(
    profile: Profile, held: list[Card], cosines: list[float]
) -> None:
    for one in ranked(profile, hits(held, cosines))[1]:
        assert 0 <= one.score <= 1 + 1e-9
        assert one.score == pytest.approx(sum(one.parts.values()))
        assert all(part >= 0 for part in one.parts.values())


@given(profiles(), CANDIDATES, st.randoms(use_true_random=False))
@settings(max_examples=50, deadline=None)
def test_the_order_falls_and_does_not_depend_on_the_index(
    profile: Profile, held: list[Card], dice: random.Random
) -> None:
    given_ = hits(held, [0.75] * len(held))
    shuffled = given_[:]
    dice.shuffle(shuffled)
    first, second = ranked(profile, given_)[1], ranked(profile, shuffled)[1]
    assert [one.hit.id for one in first] == [one.hit.id for one in second]
    assert [one.score for one in first] == sorted((one.score for one in first), reverse=True)


@given(profiles(), CANDIDATES)
@settings(max_examples=50, deadline=None)
def test_a_poor_profile_is_not_judged_by_what_it_lacks(profile: Profile, held: list[Card]) -> None:
    """Every candidate is measured by the same features, and nobody is left out when nothing was said."""
    understanding, found = ranked(profile, hits(held))
    assert len({frozenset(one.parts) for one in found}) <= 1
    assert understanding.stems or len(found) == len(held)


def test_twins_stand_the_newer_first_then_in_a_fixed_order() -> None:
    older = offer(published_at=NOW.timestamp() - 20 * DAY)
    assert order(Profile(), older, offer(), offer()) == [1, 2, 0]
    assert order(Profile(), offer(), offer(), older) == [0, 1, 2]


def test_what_has_nothing_to_do_with_the_words_is_left_out() -> None:
    pigs = offer(title="Porcher", stems=tuple(stem_text("porcher ferme", "fr")))
    sewing = offer(title="Couture", stems=tuple(stem_text("couturière atelier", "fr")))
    assert order(Profile(text="couturière"), pigs, sewing, cosine=FAR) == [1]
    assert order(Profile(text="astrophysique"), pigs, sewing, cosine=FAR) == []


def test_the_same_meaning_or_the_same_trade_fits_without_a_common_word() -> None:
    english = offer(title="Dressmaker", occupations=("7531",))
    assert order(Profile(text="couturière"), english, cosine=FAR) == [0]
    assert order(Profile(text="rédaction"), english, cosine=CLOSE) == [0]
    assert order(Profile(text="rédaction"), english, cosine=FAR) == []


def test_a_common_word_alone_does_not_make_an_offer_fit() -> None:
    others = [offer(stems=("entrepris", "menuisi"))] * 20
    accountant = offer(stems=("comptabl", "entrepris"))
    assert order(Profile(text="comptable en entreprise"), *others, accountant, cosine=FAR) == [20]


def test_more_of_the_words_and_nearer_meaning_rank_higher() -> None:
    both, one = offer(stems=("soudeur", "metall")), offer(stems=("soudeur",))
    assert order(Profile(text="soudeur métallique"), one, both) == [1, 0]
    _, found = ranked(Profile(text="soudeur"), [hit(0, one, 0.5), hit(1, one, 0.7)])
    assert [candidate.hit.id.int for candidate in found] == [1, 0]


def test_what_the_title_says_ranks_higher_than_what_the_description_says() -> None:
    told = tuple(stem_text("soudeur chantier", "fr"))
    site, welder = offer(title="Chantier", stems=told), offer(title="Soudeur", stems=told)
    assert order(Profile(text="soudeur"), site, welder) == [1, 0]


def test_a_title_misspelt_or_in_the_other_language_is_like_what_was_said() -> None:
    welder, sewing = offer(title="Welder"), offer(title="Dressmaker")
    assert order(Profile(text="soudeur"), sewing, welder, cosine=CLOSE) == [1, 0]
    plumber, mason = offer(title="Plombier"), offer(title="Maçon")
    assert order(Profile(text="plonbier"), mason, plumber, cosine=CLOSE) == [1, 0]


def test_nearer_trades_rank_higher() -> None:
    same, akin, other = (offer(occupations=(code,)) for code in ("7531", "7533", "2221"))
    assert order(Profile(occupations=("7531",)), other, akin, same)[:2] == [2, 1]


def test_nearer_places_rank_higher() -> None:
    commune = places.get("CM-LT-0101")
    assert commune is not None
    here = {"region": "CM-LT", "department": "CM-LT-01", "commune": "CM-LT-0101"}
    held = [
        offer(region="CM-EN"),
        offer(region="CM-LT"),
        offer(region="CM-LT", department="CM-LT-01"),
        offer(**here),
    ]
    assert order(Profile(commune="CM-LT-0101"), *held) == [3, 2, 1, 0]
    near = offer(region="CM-SW", latitude=commune.latitude, longitude=commune.longitude - 0.3)
    away = offer(region="CM-SW", latitude=commune.latitude, longitude=commune.longitude - 1.5)
    assert order(Profile(commune="CM-LT-0101"), away, near) == [1, 0]


def test_a_distance_is_measured_only_from_a_place_smaller_than_a_region() -> None:
    held = offer(region="CM-OU", latitude=5.48, longitude=10.42)
    for profile, measured in ((Profile(region="CM-LT"), False), (Profile(department="CM-LT-01"), True)):
        assert (ranked(profile, hits([held]))[1][0].distance_km is not None) == measured
    assert ranked(Profile(department="CM-LT-01"), hits([offer(region="CM-OU")]))[1][0].distance_km is None


def test_the_kind_told_by_the_words_ranks_higher_and_the_others_stay() -> None:
    course, job = offer(kind=Kind.TRAINING, stems=("coutur",)), offer(stems=("coutur",))
    assert order(Profile(text="formation couture"), job, course) == [1, 0]


def test_a_beginner_sees_first_what_takes_beginners() -> None:
    expert, silent, beginners = offer(experience_years=5), offer(), offer(experience_years=0)
    assert order(Profile(experience_years=0), expert, silent, beginners) == [2, 1, 0]
    told = scores(Profile(experience_years=10), expert, beginners)
    assert told[0] == told[1]


def test_a_fresh_offer_ranks_higher_and_age_never_makes_a_score_negative() -> None:
    ages = (0, 30, 300, 100_000)
    told = scores(Profile(), *(offer(published_at=NOW.timestamp() - age * DAY) for age in ages))
    assert list(told) == [0, 1, 2, 3]
    assert told[3] >= 0


def test_an_offer_dated_tomorrow_is_not_worth_more_than_one_of_today() -> None:
    told = scores(Profile(), offer(published_at=NOW.timestamp()), offer(published_at=NOW.timestamp() + DAY))
    assert told[0] == told[1]
