"""The groups of ISCO-08: all of them, each part of one that is there, with both names."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from oim.features.occupations import load_isco_groups


def test_there_are_as_many_of_each_level_as_the_ilo_has() -> None:
    assert Counter(map(len, load_isco_groups())) == {1: 10, 2: 43, 3: 130, 4: 436}


def test_every_group_is_part_of_one_that_is_there() -> None:
    assert [code for code in load_isco_groups() if code[:-1] and code[:-1] not in load_isco_groups()] == []


def test_every_group_has_both_names() -> None:
    assert all(group.name_fr.strip() and group.name_en.strip() for group in load_isco_groups().values())


@pytest.mark.shared_data
@pytest.mark.parametrize(("language", "alike"), [("fr", 0.7), ("en", 0.95)])
def test_codes_are_those_of_the_official_list(shared_data: Path, language: str, alike: float) -> None:
    """Codes exactly; names may differ as translations do, though most do not."""
    with (shared_data / "esco" / f"ISCOGroups_{language}.csv").open(
        encoding="utf-8-sig", newline=""
    ) as lines:
        official = {line["code"]: line["preferredLabel"] for line in csv.DictReader(lines)}
    assert set(load_isco_groups()) == set(official)
    ours = {code: getattr(group, f"name_{language}") for code, group in load_isco_groups().items()}
    same = sum(_plain(ours[code]) == _plain(name) for code, name in official.items())
    assert same / len(official) > alike


def _plain(name: str) -> str:
    return name.casefold().replace("’", "'").strip()
