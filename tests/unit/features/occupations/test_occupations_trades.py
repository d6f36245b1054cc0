"""The table of trades has real codes and no phrase for two trades; and codes are compared by their digits."""

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


def test_the_table_is_small_enough_to_maintain_by_hand() -> None:
    assert 400 <= len(load_trades()) <= 500


def test_every_trade_has_both_labels_and_no_phrase_is_empty() -> None:
    for trade in load_trades():
        assert trade.occupation.label_fr
        assert trade.occupation.label_en
        assert all(extract_terms(phrase)[0] for phrase in trade.phrases), trade


def test_no_label_is_used_twice() -> None:
    for language in ("fr", "en"):
        counts = Counter(trade.occupation.label(language) for trade in load_trades())
        assert [label for label, count in counts.items() if count > 1] == []


def test_no_phrase_names_two_unit_groups() -> None:
    codes_by_phrase: dict[tuple[str, ...], set[str]] = {}
    for trade in load_trades():
        for phrase in trade.phrases:
            codes_by_phrase.setdefault(tuple(sorted(extract_terms(phrase)[0])), set()).add(
                trade.occupation.isco
            )
    assert {phrase: codes for phrase, codes in codes_by_phrase.items() if len(codes) > 1} == {}


def test_a_unit_group_is_labelled_as_its_first_trade() -> None:
    tailor = get("7531")
    assert tailor is not None
    assert (tailor.label("fr"), tailor.label("en")) == ("Couturier", "Tailor")


def test_a_unit_group_without_a_trade_is_labelled_as_the_group() -> None:
    judge = get("2612")
    assert judge is not None
    assert (judge.label("fr"), judge.label("en")) == ("Magistrats", "Judges")


@pytest.mark.parametrize("code", ["0000", "75", "", "xxxx"])
def test_a_code_that_is_no_unit_group_has_no_occupation(code: str) -> None:
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
def test_similarity_grows_with_the_leading_digits_two_codes_share(a: str, b: str, expected: float) -> None:
    assert similarity(a, b) == similarity(b, a) == expected
