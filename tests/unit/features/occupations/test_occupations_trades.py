"""The table of trades: real codes, no phrase for two trades, and how alike codes are."""

from __future__ import annotations

from collections import Counter

import pytest

from oim.features.occupations import get, load_isco_groups, similarity
from oim.features.occupations.tables import load_trades
from oim.features.occupations.text_terms import extract_terms


def test_every_code_is_a_unit_group_of_isco_08() -> None:
    assert {trade.occupation.isco for trade in load_trades()} <= {
        code for code in load_isco_groups() if len(code) == 4
    }


def test_the_table_is_of_a_size_that_people_can_keep() -> None:
    assert 400 <= len(load_trades()) <= 500


def test_every_trade_has_both_labels_and_phrases_of_words() -> None:
    for trade in load_trades():
        assert trade.occupation.label_fr
        assert trade.occupation.label_en
        assert all(extract_terms(phrase)[0] for phrase in trade.phrases), trade


def test_no_label_is_used_twice() -> None:
    for language in ("fr", "en"):
        counts = Counter(trade.occupation.label(language) for trade in load_trades())
        assert [label for label, count in counts.items() if count > 1] == []


def test_no_phrase_names_two_unit_groups() -> None:
    owners: dict[tuple[str, ...], set[str]] = {}
    for trade in load_trades():
        for phrase in trade.phrases:
            owners.setdefault(tuple(sorted(extract_terms(phrase)[0])), set()).add(trade.occupation.isco)
    assert {phrase: codes for phrase, codes in owners.items() if len(codes) > 1} == {}


def test_the_first_trade_stands_for_its_unit_group() -> None:
    tailor = get("7531")
    assert tailor is not None
    assert (tailor.label("fr"), tailor.label("en")) == ("Couturier", "Tailor")


def test_a_unit_group_without_a_trade_stands_for_itself() -> None:
    judge = get("2612")
    assert judge is not None
    assert (judge.label("fr"), judge.label("en")) == ("Magistrats", "Judges")


@pytest.mark.parametrize("code", ["0000", "75", "", "xxxx"])
def test_what_is_no_unit_group_is_no_occupation(code: str) -> None:
    assert get(code) is None


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
