"""Cards stored in an index are read back unchanged, and its conditions agree with eligibility."""

import json
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
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
def test_a_card_of_any_text_is_read_back_unchanged(card: Card, texts: list[str], stems: list[str]) -> None:
    written = replace(card, stems=tuple(stems), **dict(zip(TEXTS, texts, strict=True)))
    assert load_card(dump_card(written)) == written
    assert dump_card(load_card(dump_card(written))) == dump_card(written)


def test_a_card_is_read_back_with_the_same_types() -> None:
    card = offer(statuses=(Status.RETURNEE,), gender=Gender.FEMALE, remote=False, age_min=0, latitude=0.0)
    back = load_card(dump_card(card))
    assert back == card
    for field in fields(Card):
        assert type(getattr(back, field.name)) is type(getattr(card, field.name)), field.name
    assert isinstance(back.statuses[0], Status)


@given(cards())
def test_filter_fields_are_json_values_and_never_null(card: Card) -> None:
    payload = to_filter_fields(card)
    assert set(payload) == {*KEYWORD_FIELDS, *INTEGER_FIELDS, *FLOAT_FIELDS}
    assert json.loads(json.dumps(payload)) == payload
    assert None not in payload.values()


def passes_filters(payload: dict[str, Any], profile: Profile) -> bool:
    """Whether an index lets an offer through the conditions of a profile."""
    for condition in list_conditions(understand(profile, NOW).filters):
        value = payload[condition.key]
        if condition.relation == "one_of":
            assert isinstance(condition.value, tuple)
            if not {*condition.value} & {*(value if isinstance(value, list) else [value])}:
                return False
        elif (value < condition.value) if condition.relation == "at_least" else (value > condition.value):
            return False
    return True


@given(profiles(), cards())
def test_filters_let_through_exactly_the_offers_within_reach(profile: Profile, card: Card) -> None:
    assert passes_filters(to_filter_fields(card), profile) == within_reach(profile, card)


@pytest.mark.parametrize(
    "home", [{"region": "CM-LT"}, {"department": "CM-LT-01"}, {"commune": "CM-LT-0101"}], ids=str
)
def test_an_offer_reserved_for_other_regions_is_left_out_by_region_department_or_commune(
    home: dict[str, str],
) -> None:
    assert not passes_filters(to_filter_fields(offer(regions=("CM-OU",))), Profile(**home))
    assert passes_filters(to_filter_fields(offer(regions=("CM-OU", "CM-LT"))), Profile(**home))


def test_a_place_named_in_the_text_is_not_where_the_person_lives() -> None:
    assert passes_filters(to_filter_fields(offer(regions=("CM-OU",))), Profile(text="soudeur à Douala"))


def test_the_age_limits_are_inclusive() -> None:
    card = offer(age_min=18, age_max=35)
    ages = [
        age
        for age in range(16, 38)
        if passes_filters(to_filter_fields(card), Profile(birth_year=NOW.year - age))
    ]
    assert ages == list(range(17, 37))  # at 17 one is nearly there; at 36 by the year, one may still be 35


def test_an_offer_is_open_up_to_its_deadline() -> None:
    at = NOW.timestamp()
    assert passes_filters(to_filter_fields(offer(valid_through=at)), Profile())
    assert not passes_filters(to_filter_fields(offer(valid_through=at - 1)), Profile())


def test_kinds_named_in_the_text_do_not_exclude_others() -> None:
    assert passes_filters(to_filter_fields(offer(kind=Kind.EMPLOYMENT)), Profile(text="formation en couture"))
    assert not passes_filters(
        to_filter_fields(offer(kind=Kind.EMPLOYMENT)), Profile(text="couture", kinds=(Kind.TRAINING,))
    )
