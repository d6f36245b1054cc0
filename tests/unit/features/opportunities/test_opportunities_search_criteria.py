"""A search refuses invalid criteria when it is created, and survives a round trip through JSON."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import TypeAdapter

from oim.channels.wording import SECTORS
from oim.features.occupations import Sector
from oim.features.opportunities import Contract, Kind, Search
from oim.kit.errors import BadInputError

WHOLE = Search(
    words="couture à la main",
    kinds=(Kind.EMPLOYMENT, Kind.AGR),
    region="CM-OU",
    near="CM-OU-0307",
    within_km=25,
    sectors=(Sector.CRAFTS_REPAIR,),
    education=0,
    contracts=(Contract.DAY_LABOUR,),
    amount_min=50_000,
    free_only=True,
    closing_before=date(2027, 1, 31),
    open_on=date(2026, 12, 1),
    posted_since=date(2026, 11, 1),
)


@pytest.mark.parametrize(
    ("criteria", "field"),
    [
        ({"words": "x" * 201}, "words"),
        ({"region": "CM-XX"}, "region"),
        ({"region": ""}, "region"),
        ({"region": "CM-OU-03"}, "region"),  # a department
        ({"near": "nowhere"}, "near"),
        ({"within_km": 10}, "near"),
        ({"near": "CM-OU", "within_km": 0}, "within_km"),
        ({"near": "CM-OU", "within_km": 1001}, "within_km"),
        ({"education": 9}, "education"),
        ({"education": -1}, "education"),
        ({"amount_min": 0}, "amount_min"),
        ({"amount_min": -5}, "amount_min"),
        ({"amount_min": 10**10}, "amount_min"),
    ],
)
def test_an_invalid_criterion_is_refused_with_the_name_of_its_field(
    criteria: dict[str, Any], field: str
) -> None:
    with pytest.raises(BadInputError) as raised:
        Search(**criteria)
    assert raised.value.field == field
    assert str(raised.value) == raised.value.message % raised.value.values


@pytest.mark.parametrize(
    "criteria",
    [
        {},
        {"words": "x" * 200},
        {"near": "CM-OU"},
        {"near": "CM-OU-0307", "within_km": 1000},
        {"education": 8},
        {"amount_min": 1},
        {"closing_before": date.min, "open_on": date.max},
    ],
)
def test_valid_criteria_are_accepted(criteria: dict[str, Any]) -> None:
    Search(**criteria)


@pytest.mark.parametrize("search", [Search(), WHOLE])
def test_a_search_survives_the_round_trip_through_json(search: Search) -> None:
    adapter = TypeAdapter(Search)
    assert adapter.validate_json(adapter.dump_json(search)) == search
    assert adapter.validate_json(adapter.dump_json(search, exclude_defaults=True)) == search


def test_every_sector_has_its_own_text() -> None:
    assert list(SECTORS) == list(Sector)
    assert len(set(SECTORS.values())) == len(Sector)
