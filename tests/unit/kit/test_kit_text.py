"""Folding: comparison must not depend on how a text was typed."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oim.kit.text import fold


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("  Éleveur\tde  poulets\n", "eleveur de poulets"),
        ("Œuvres sociales, cœur, ŒUFS", "oeuvres sociales, coeur, oeufs"),
        ("l’atelier d'Aïcha", "l'atelier d'aicha"),
        ("Straße", "strasse"),
        ("ﬁlière ½", "filiere 1⁄2"),
        ("\u00a0N° 5\u202f000", "n° 5 000"),
        ("", ""),
    ],
)
def test_texts_are_folded(written: str, folded: str) -> None:
    assert fold(written) == folded


@given(st.text())
def test_folding_again_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_a_rare_letter_that_unfolds_to_a_ligature_is_folded_at_once() -> None:
    assert fold("\ua7f9") == "oe"


@given(st.text(alphabet=st.characters(codec="latin-1")))
def test_case_and_the_encoding_of_accents_do_not_matter(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(text)
    assert fold(text.upper()) == fold(text)


@given(st.text())
def test_folded_words_are_separated_by_one_space(text: str) -> None:
    assert " ".join(fold(text).split()) == fold(text)
