"""The table of trades: real codes, no phrase for two trades, and how alike codes are."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from oim.features.occupations import get, similarity
from oim.features.occupations.trades import trades
from oim.features.occupations.words import terms

SHARED = Path(__file__).resolve().parents[5] / "shared" / "data"


@pytest.mark.shared_data
def test_every_code_is_a_unit_group_of_isco_08() -> None:
    groups = SHARED / "esco" / "ISCOGroups_en.csv"
    if not groups.exists():
        pytest.skip("the real ISCO groups are not beside the checkout")
    with groups.open(encoding="utf-8", newline="") as lines:
        known = {line["code"] for line in csv.DictReader(lines) if len(line["code"]) == 4}
    assert {trade.occupation.isco for trade in trades()} <= known


def test_the_table_is_of_a_size_that_people_can_keep() -> None:
    assert 220 <= len(trades()) <= 300


def test_every_trade_has_both_labels_and_phrases_of_words() -> None:
    for trade in trades():
        assert trade.occupation.label_fr
        assert trade.occupation.label_en
        assert all(terms(phrase)[0] for phrase in trade.phrases), trade


def test_no_label_is_used_twice() -> None:
    for language in ("fr", "en"):
        counts = Counter(trade.occupation.label(language) for trade in trades())
        assert [label for label, count in counts.items() if count > 1] == []


def test_no_phrase_names_two_unit_groups() -> None:
    owners: dict[tuple[str, ...], set[str]] = {}
    for trade in trades():
        for phrase in trade.phrases:
            owners.setdefault(tuple(sorted(terms(phrase)[0])), set()).add(trade.occupation.isco)
    assert {phrase: codes for phrase, codes in owners.items() if len(codes) > 1} == {}


def test_the_first_trade_stands_for_its_unit_group() -> None:
    tailor = get("7531")
    assert tailor is not None
    assert (tailor.label("fr"), tailor.label("en")) == ("Couturier", "Tailor")
    assert get("0000") is None


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("7531", "7531", 1.0),
        ("7531", "7533", 0.7),
        ("7531", "7522", 0.4),
        ("7531", "7112", 0.1),
        ("7531", "2512", 0.0),
        ("", "7531", 0.0),
    ],
)
def test_codes_are_as_alike_as_the_digits_they_share(a: str, b: str, expected: float) -> None:
    assert similarity(a, b) == similarity(b, a) == expected
