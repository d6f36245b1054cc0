"""Texts become terms: genders, languages and forms of one word are one term; other words are not."""

from __future__ import annotations

from collections import Counter
from importlib import resources

import pytest

from oim.features.occupations.text_terms import MAX_CORRECTED_WORDS, analyse_text, extract_terms


@pytest.mark.parametrize(
    ("text", "other"),
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
def test_forms_of_one_word_have_the_same_terms(text: str, other: str) -> None:
    assert extract_terms(text) == extract_terms(other)


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
def test_a_trade_is_not_mixed_up_with_a_common_word_of_its_stem(trade: str, common: str) -> None:
    assert not set(extract_terms(trade)[0] + extract_terms(trade)[1]) & set(
        extract_terms(common)[0] + extract_terms(common)[1]
    )


def test_a_word_written_twice_gives_two_terms() -> None:
    assert len(extract_terms("pousse-pousse")[0]) == 2


def test_no_word_belongs_to_two_families() -> None:
    text = (resources.files("oim.features.occupations") / "families.txt").read_text(encoding="utf-8")
    assert [word for word, count in Counter(text.split()).items() if count > 1] == []


def test_the_first_words_of_a_text_alone_are_corrected() -> None:
    """Correcting 600 words of nonsense would take most of the time of an answer."""
    asked: list[str] = []

    def correct(word: str) -> str:
        asked.append(word)
        return "maçon"

    terms = analyse_text(" ".join(f"mot{number}" for number in range(3 * MAX_CORRECTED_WORDS)), correct)
    assert asked == [f"mot{number}" for number in range(MAX_CORRECTED_WORDS)]
    assert not any(terms.corrected_flags[-2 * MAX_CORRECTED_WORDS :])
