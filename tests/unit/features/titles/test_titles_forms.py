"""Titles of classifications are rewritten as plain forms; other texts stay as they are."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oim.features.titles import MAX_TITLE_LENGTH, normalise_title, query_forms

MIXED = [
    *("/", " / ", ", ", " (hors ", ")", ", except ", ", All Other", "s", " and ", "’", "de ", "MEN", "\t"),
    *("aaaa", "aaaab", "Cooks", "é", "Œ", "سائق", "\x1b", "0"),
]


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Soudeur", ("soudeur",)),
        ("Maçon / Maçonne en pierre", ("maçon en pierre", "maçonne en pierre")),
        ("Chauffeur / Chauffeuse de taxi (hors moto)", ("chauffeur de taxi", "chauffeuse de taxi")),
        ("Vendeur (sauf en gros) de fruits", ("vendeur de fruits",)),
        ("Agents d’entretien des locaux", ("agents d’entretien des locaux",)),
        ("Welders", ("welder",)),
        ("Waiters and waitresses", ("waiter and waitress",)),
        ("Directors of clinics", ("director of clinic",)),
        ("Secretaries and Fishermen", ("secretary and fisherman",)),
        ("Bus drivers for the blind", ("bus driver for the blind",)),
        ("Teachers, Postsecondary", ("postsecondary teacher",)),
        ("Law Teachers, Postsecondary", ("postsecondary law teacher",)),
        ("Cooks, Fast Food and Cafeteria", ("cook, fast food and cafeteria",)),
        ("Cooks, Short Order, Night", ("cook, short order, night",)),
        ("Managers, All Other", ("manager",)),
        ("Engineers, except computer", ("engineer",)),
        ("Business Analysis", ("business analysis",)),
        ("IT managers", ("IT manager",)),
        ("Technicien SAV / Technicienne SAV", ("technicien SAV", "technicienne SAV")),
        ("Sauces/condiments de table", ("sauces/condiments de table",)),
        ("/", ("/",)),
        ("//a", ("//a",)),
        (" / é", ("/ é",)),
        (", a", (", a",)),
        ("(hors gros)", ("(hors gros)",)),
        ("- except bakers of bread", ("- except baker of bread",)),
        ("", ("",)),
        ("  \n", ("",)),
    ],
)
def test_a_title_is_rewritten_as_its_plain_forms(title: str, expected: tuple[str, ...]) -> None:
    assert query_forms(title) == expected


def test_a_text_too_long_for_a_title_stays_as_it_is_written() -> None:
    document = "Welders, All Other / Soudeuse " * MAX_TITLE_LENGTH
    assert query_forms(document) == (document,)
    assert normalise_title(document) == document


def test_labels_are_in_lower_case_except_for_acronyms() -> None:
    assert normalise_title("  Technicien  SAV À la carte ") == "technicien SAV à la carte"


@settings(max_examples=200)
@given(st.text(max_size=60))
def test_any_text_has_one_or_two_forms(text: str) -> None:
    _check(text)


@given(st.integers(0, 2**32))
def test_any_mixture_of_separators_has_one_or_two_forms(seed: int) -> None:
    rng = Random(seed)
    for _ in range(100):
        _check("".join(rng.choices(MIXED, k=rng.randint(0, 9))))


def _check(text: str) -> None:
    forms = query_forms(text)
    assert 1 <= len(forms) <= 2
    assert len(set(forms)) == len(forms)
    if any(character.isalpha() for character in text):
        assert all(form.strip() for form in forms)
