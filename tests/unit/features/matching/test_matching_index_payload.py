"""Cards in the index: they come back whole, and filters read them as a person would."""

import json
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matching_factory import NOW, cards, offer, profiles, within_reach

from oim.features.matching.index import Card
from oim.features.matching.index_payload import (
    FLOAT_FIELDS,
    INTEGER_FIELDS,
    KEYWORD_FIELDS,
    dump_card,
    list_conditions,
    load_card,
    to_filter_fields,
)
from oim.features.matching.profile import Profile
from oim.features.matching.understanding import understand
from oim.features.opportunities import Gender, Kind, Status

TEXTS = ("title", "organisation", "country", "locality", "language")


@given(cards(), st.lists(st.text(), min_size=5, max_size=5), st.lists(st.text(), max_size=4))
@settings(deadline=None)
def test_a_card_survives_the_index_whatever_its_words(card: Card, texts: list[str], stems: list[str]) -> None:
    written = replace(card, stems=tuple(stems), **dict(zip(TEXTS, texts, strict=True)))
    assert load_card(dump_card(written)) == written
    assert dump_card(load_card(dump_card(written))) == dump_card(written)


def test_a_card_is_of_the_same_types_when_it_comes_back() -> None:
    card = offer(statuses=(Status.RETURNEE,), gender=Gender.FEMALE, remote=False, age_min=0, latitude=0.0)
    back = load_card(dump_card(card))
    assert back == card
    for field in fields(Card):
        assert type(getattr(back, field.name)) is type(getattr(card, field.name)), field.name
    assert isinstance(back.statuses[0], Status)


@given(cards())
def test_keys_are_what_an_index_can_hold(card: Card) -> None:
    held = to_filter_fields(card)
    assert set(held) == {*KEYWORD_FIELDS, *INTEGER_FIELDS, *FLOAT_FIELDS}
    assert json.loads(json.dumps(held)) == held
    assert None not in held.values()


def met(held: dict[str, Any], profile: Profile) -> bool:
    """What an index does with the conditions of a profile."""
    for condition in list_conditions(understand(profile, NOW).filters):
        value = held[condition.key]
        if condition.relation == "one_of":
            assert isinstance(condition.value, tuple)
            if not {*condition.value} & {*(value if isinstance(value, list) else [value])}:
                return False
        elif (value < condition.value) if condition.relation == "at_least" else (value > condition.value):
            return False
    return True


@given(profiles(), cards())
@settings(max_examples=150, deadline=None)
def test_filters_let_through_what_is_within_reach_and_nothing_else(profile: Profile, card: Card) -> None:
    assert met(to_filter_fields(card), profile) == within_reach(profile, card)


@pytest.mark.parametrize(
    "home", [{"region": "CM-LT"}, {"department": "CM-LT-01"}, {"commune": "CM-LT-0101"}], ids=str
)
def test_an_offer_reserved_to_other_regions_is_left_out_however_home_was_told(home: dict[str, str]) -> None:
    assert not met(to_filter_fields(offer(regions=("CM-OU",))), Profile(**home))
    assert met(to_filter_fields(offer(regions=("CM-OU", "CM-LT"))), Profile(**home))


def test_wanting_work_in_a_place_is_not_living_there() -> None:
    assert met(to_filter_fields(offer(regions=("CM-OU",))), Profile(text="soudeur à Douala"))


def test_the_limits_of_an_age_are_within() -> None:
    card = offer(age_min=18, age_max=35)
    ages = [age for age in range(16, 38) if met(to_filter_fields(card), Profile(birth_year=NOW.year - age))]
    assert ages == list(range(17, 37))  # at 17 one is nearly there; at 36 by the year, one may still be 35


def test_a_deadline_holds_until_it_has_passed() -> None:
    at = NOW.timestamp()
    assert met(to_filter_fields(offer(valid_through=at)), Profile())
    assert not met(to_filter_fields(offer(valid_through=at - 1)), Profile())


def test_kinds_told_by_words_do_not_exclude() -> None:
    assert met(to_filter_fields(offer(kind=Kind.EMPLOYMENT)), Profile(text="formation en couture"))
    assert not met(
        to_filter_fields(offer(kind=Kind.EMPLOYMENT)), Profile(text="couture", kinds=(Kind.TRAINING,))
    )
