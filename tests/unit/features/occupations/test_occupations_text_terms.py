"""Texts as terms."""

from __future__ import annotations

from collections import Counter
from importlib import resources

import pytest

from oim.features.occupations.text_terms import extract_terms


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("couturière", "couturiers"),
        ("vendeuses", "vente"),
        ("agricultrice", "Agriculteur"),
        ("électricienne", "electricien"),
        ("développeur/euse", "développeur"),
        ("Développeur / Développeuse web (H/F)", "développeur web"),
        ("Assistant(e) comptable", "assistante comptable"),
        ("œufs", "eggs"),
        ("vendre les tomates", "I di sell tomatoes"),
    ],
)
def test_what_means_one_thing_is_one(one: str, other: str) -> None:
    assert extract_terms(one) == extract_terms(other)


@pytest.mark.parametrize(
    ("trade", "common"),
    [
        ("joiner", "join"),
        ("maintenance", "maintenant"),
        ("taxi", "tax"),
        ("commis", "comme"),
        ("packer", "pack"),
    ],
)
def test_a_trade_is_not_the_common_word_of_its_stem(trade: str, common: str) -> None:
    assert not set(extract_terms(trade)[0] + extract_terms(trade)[1]) & set(
        extract_terms(common)[0] + extract_terms(common)[1]
    )


def test_a_word_said_twice_stays_twice() -> None:
    assert len(extract_terms("pousse-pousse")[0]) == 2


def test_no_word_is_in_two_families() -> None:
    text = (resources.files("oim.features.occupations") / "families.txt").read_text(encoding="utf-8")
    assert [word for word, count in Counter(text.split()).items() if count > 1] == []
