"""A proposal never holds names, addresses or numbers of its owner; no text breaks the extraction."""

import re
from datetime import date

import cv_examples
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oim.features.cv.extraction import extract_proposal
from oim.features.cv.types import PROPOSAL, Text
from oim.kit.text import fold

TODAY = date(2026, 11, 25)
OWNER_NAMES = (
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
OTHER_NAMES = ("essomba", "enow", "solange", "emmanuel")
CONTACTS = ("677", "699", "655", "675", "@", "carrefour", "poumpoumre", "molyko", "bp 1234")
BIRTHS = ("1994", "1988", "1985", "1990-04", "celibataire", "married")
SIGNS = st.characters(blacklist_categories=["Cs"])
SAMPLE = """Expériences Formation Langues : ; – - | ( ) 2015 2018 mars présent depuis Caissière chez Société
BTS Licence français courant C1 tel 677001122 Compétences Word, • Nom né le 12/03/1990"""
WORDS = st.sampled_from(SAMPLE.split())
LINES = st.lists(
    st.one_of(st.text(SIGNS, max_size=60), st.lists(WORDS, max_size=12).map(" ".join)), max_size=25
)


def _extract_json(lines: tuple[str, ...]) -> str:
    """The proposal of a CV as folded JSON."""
    return fold(PROPOSAL.dump_json(extract_proposal(Text("text", False, lines), TODAY)).decode())


@pytest.mark.parametrize("cv", cv_examples.CVS)
def test_a_proposal_holds_nothing_personal(cv: str) -> None:
    proposal = _extract_json(tuple(cv.splitlines()))
    assert [word for word in (*OWNER_NAMES, *OTHER_NAMES, *CONTACTS, *BIRTHS) if word in proposal] == []


@given(LINES, st.integers(0, 24))
def test_any_text_is_extracted_without_its_numbers_and_mail_addresses(lines: list[str], index: int) -> None:
    secret = "Tél : +237 6 91 22 33 44, awa.bello@example.cm"
    proposal = _extract_json((*lines[:index], secret, *lines[index:]))
    assert "bello" not in proposal
    assert not re.search(r"91.?22.?33|677001122", proposal)


@given(LINES)
def test_the_same_text_gives_the_same_proposal(lines: list[str]) -> None:
    text = Text("text", False, tuple(lines))
    proposal = extract_proposal(text, TODAY)
    assert proposal == extract_proposal(text, TODAY)
    assert PROPOSAL.validate_json(PROPOSAL.dump_json(proposal)) == proposal
