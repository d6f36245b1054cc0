"""Everyday skills, and those that a text names or implies."""

from __future__ import annotations

from collections import Counter

import pytest

from oim.features.occupations import link_text, load_isco_groups
from oim.features.occupations.tables import load_skill_entries
from oim.features.occupations.text_terms import extract_terms


def able(text: str) -> list[str]:
    """The ids of the skills a text leads to, surest first."""
    return [found.skill.id for found in link_text(text).skills]


@pytest.mark.parametrize(
    ("text", "skill"),
    [
        ("je sais coudre", "sewing"),
        ("I sabi sew", "sewing"),
        ("Excel et Word", "spreadsheets"),
        ("bilingue français anglais", "english"),
        ("faire les tresses", "hair-braiding"),
        ("permis B", "car-driving"),
        ("tontine du quartier", "savings-group-management"),
        ("speak pidgin", "pidgin"),
        ("soins infirmiers", "nursing-care"),
        ("gestion de stock", "stock-keeping"),
        ("mind pikin", "child-care"),
    ],
)
def test_skills_that_people_name(text: str, skill: str) -> None:
    assert skill in able(text)


@pytest.mark.parametrize(
    ("text", "skill"), [("plombier", "plumbing"), ("plonbier", "plumbing"), ("couturière", "sewing")]
)
def test_a_trade_implies_its_skills(text: str, skill: str) -> None:
    linked = link_text(text)
    assert able(text) == [skill]
    assert linked.skills[0].score < linked.occupations[0].score


def test_no_more_than_asked() -> None:
    assert len(link_text("couture, cuisine, conduite, permis B, excel, word, anglais", limit=2).skills) == 2


def test_ids_and_labels_are_used_once() -> None:
    for said in (
        [ability.skill.id for ability in load_skill_entries()],
        [ability.skill.label("fr") for ability in load_skill_entries()],
        [ability.skill.label("en") for ability in load_skill_entries()],
    ):
        assert [name for name, count in Counter(said).items() if count > 1] == []


def test_every_phrase_has_words_and_every_code_is_a_unit_group() -> None:
    for ability in load_skill_entries():
        assert all(extract_terms(phrase)[0] for phrase in ability.phrases), ability
        assert {code for code in ability.isco_groups if len(code) == 4 and code in load_isco_groups()} == set(
            ability.isco_groups
        )
