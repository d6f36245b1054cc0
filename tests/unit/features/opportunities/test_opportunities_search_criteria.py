"""A search says at once what in it makes no sense, and comes back from JSON as it was."""

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
    ("given", "field"),
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
def test_what_makes_no_sense_names_its_field(given: dict[str, Any], field: str) -> None:
    with pytest.raises(BadInputError) as caught:
        Search(**given)
    assert caught.value.field == field
    assert str(caught.value) == caught.value.message % caught.value.values


@pytest.mark.parametrize(
    "given",
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
def test_what_makes_sense_is_taken(given: dict[str, Any]) -> None:
    Search(**given)


@pytest.mark.parametrize("wanted", [Search(), WHOLE])
def test_a_search_comes_back_from_json(wanted: Search) -> None:
    adapter = TypeAdapter(Search)
    assert adapter.validate_json(adapter.dump_json(wanted)) == wanted
    assert adapter.validate_json(adapter.dump_json(wanted, exclude_defaults=True)) == wanted


def test_every_sector_has_its_words() -> None:
    assert list(SECTORS) == list(Sector)
    assert len(set(SECTORS.values())) == len(Sector)
