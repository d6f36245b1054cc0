"""Texts for any phone: converted to the alphabet of GSM 03.38, measured in it, truncated between words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oim.channels.wording.gsm import gsm_length, to_gsm, truncate_gsm

# The default alphabet as 3GPP TS 23.038 prints it, row by row.
ALPHABET = set(
    "@ΔSP0¡P¿p£_!1AQaq$Φ\"2BRbr¥Γ#3CScsèΛ¤4DTdtéΩ%5EUeuùΠ&6FVfvìΨ'7GWgwòΣ(8HXhxÇΘ)9IYiyΞ*:JZjz"
    "Ø+;KÄkäøÆ,<LÖlöæ-=MÑmñÅß.>NÜnüåÉ/?O§oà "
)
EXTENSION = set("^{}[~]|€\\")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Couturière à Bafoussam", "Couturière à Bafoussam"),
        ("bientôt prêt, français, naïf, août", "bientot pret, francais, naif, aout"),
        ("À l’Ouest : « œuvre »…", 'A l\'Ouest : "oeuvre"...'),
        ("150 000 FCFA", "150 000 FCFA"),
        ("ŋgɔ́ 🙂", "?g? ?"),
        ("une\nligne", "une ligne"),
    ],
)
def test_characters_outside_the_alphabet_are_replaced(text: str, shown: str) -> None:
    assert to_gsm(text) == shown


def test_characters_of_the_extension_table_count_twice() -> None:
    assert (gsm_length("[CV]"), gsm_length("10 €"), gsm_length("abc")) == (6, 5, 3)


@given(st.text())
def test_any_text_is_converted_to_the_alphabet(text: str) -> None:
    shown = to_gsm(text)
    assert set(shown) <= ALPHABET | EXTENSION
    assert to_gsm(shown) == shown


@given(st.lists(st.text("abcé€", min_size=1, max_size=12), min_size=1).map(" ".join))
def test_a_text_is_truncated_between_words(text: str) -> None:
    shown = truncate_gsm(text, 60)
    assert gsm_length(shown) <= 60
    assert shown == text or (shown.endswith("...") and text.startswith(f"{shown[:-3]} "))


def test_a_word_longer_than_the_limit_is_truncated_inside() -> None:
    assert truncate_gsm("x" * 80, 60) == "x" * 57 + "..."


def test_a_truncated_text_has_no_open_parenthesis() -> None:
    assert truncate_gsm("Le niveau (baccalauréat, A Level)", 25) == "Le niveau..."
