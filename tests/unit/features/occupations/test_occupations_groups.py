"""The table of ISCO-08 groups is complete, its hierarchy is whole, and every group has both names."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from oim.features.occupations import load_isco_groups


def test_every_level_has_as_many_groups_as_isco_08() -> None:
    assert Counter(map(len, load_isco_groups())) == {1: 10, 2: 43, 3: 130, 4: 436}


def test_every_group_has_its_parent_in_the_table() -> None:
    assert [code for code in load_isco_groups() if code[:-1] and code[:-1] not in load_isco_groups()] == []


def test_every_group_has_a_french_and_an_english_name() -> None:
    assert all(group.name_fr.strip() and group.name_en.strip() for group in load_isco_groups().values())


@pytest.mark.shared_data
@pytest.mark.parametrize(("language", "min_share"), [("fr", 0.7), ("en", 0.95)])
def test_codes_and_most_names_match_the_official_list(
    shared_data: Path, language: str, min_share: float
) -> None:
    """Codes match exactly; a name may be another translation."""
    with (shared_data / "esco" / f"ISCOGroups_{language}.csv").open(
        encoding="utf-8-sig", newline=""
    ) as lines:
        official = {line["code"]: line["preferredLabel"] for line in csv.DictReader(lines)}
    assert set(load_isco_groups()) == set(official)
    ours = {code: getattr(group, f"name_{language}") for code, group in load_isco_groups().items()}
    same = sum(_normalise(ours[code]) == _normalise(name) for code, name in official.items())
    assert same / len(official) > min_share


def _normalise(name: str) -> str:
    return name.casefold().replace("’", "'").strip()
