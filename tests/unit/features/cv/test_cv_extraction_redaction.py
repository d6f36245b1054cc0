"""A proposal never tells who somebody is or where they are reached; odd texts harm nothing."""

import re
from datetime import date

import cv_examples
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oim.features.cv.extraction import extract_proposal
from oim.features.cv.types import PROPOSAL, Text
from oim.kit.text import fold

TODAY = date(2026, 11, 25)
WHO = (
    "ngono",
    "atangana",
    "abena",
    "jean-paul",
    "fatimata",
    "hamadou",
    "tabe",
    "ayuk",
    "mohamadou",
    "mballa",
)
OTHERS = ("essomba", "enow", "solange", "emmanuel")
WHERE = ("677", "699", "655", "675", "@", "carrefour", "poumpoumre", "molyko", "bp 1234")
WHEN = ("1994", "1988", "1985", "1990-04", "celibataire", "married")
SIGNS = st.characters(blacklist_categories=["Cs"])
SAID = """Expériences Formation Langues : ; – - | ( ) 2015 2018 mars présent depuis Caissière chez Société BTS
Licence français courant C1 tel 677001122 Compétences Word, • Nom né le 12/03/1990"""
WORDS = st.sampled_from(SAID.split())
LINES = st.lists(
    st.one_of(st.text(SIGNS, max_size=60), st.lists(WORDS, max_size=12).map(" ".join)), max_size=25
)


def _told(lines: tuple[str, ...]) -> str:
    return fold(PROPOSAL.dump_json(extract_proposal(Text("text", False, lines), TODAY)).decode())


@pytest.mark.parametrize("cv", cv_examples.CVS)
def test_nobody_is_told_from_a_proposal(cv: str) -> None:
    told = _told(tuple(cv.splitlines()))
    assert [word for word in (*WHO, *OTHERS, *WHERE, *WHEN) if word in told] == []


@settings(max_examples=60, deadline=None)
@given(LINES, st.integers(0, 24))
def test_no_text_stops_it_and_no_number_or_address_comes_through(lines: list[str], place: int) -> None:
    secret = "Tél : +237 6 91 22 33 44, awa.bello@example.cm"
    told = _told((*lines[:place], secret, *lines[place:]))
    assert "bello" not in told
    assert not re.search(r"91.?22.?33|677001122", told)


@settings(max_examples=60, deadline=None)
@given(LINES)
def test_the_same_text_gives_the_same_proposal(lines: list[str]) -> None:
    text = Text("text", False, tuple(lines))
    found = extract_proposal(text, TODAY)
    assert found == extract_proposal(text, TODAY)
    assert PROPOSAL.validate_json(PROPOSAL.dump_json(found)) == found
