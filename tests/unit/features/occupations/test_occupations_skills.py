"""Texts are linked to the everyday skills that they name or imply; the table of skills is consistent."""

from __future__ import annotations

from collections import Counter

import pytest

from oim.features.occupations import link_text, load_isco_groups
from oim.features.occupations.tables import load_skill_entries
from oim.features.occupations.text_terms import extract_terms


def skill_ids(text: str) -> list[str]:
    """The ids of the skills a text is linked to, surest first."""
    return [link.skill.id for link in link_text(text).skills]


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
def test_a_skill_in_the_text_is_linked(text: str, skill: str) -> None:
    assert skill in skill_ids(text)


@pytest.mark.parametrize(
    ("text", "skill"), [("plombier", "plumbing"), ("plonbier", "plumbing"), ("couturière", "sewing")]
)
def test_a_trade_implies_its_skills(text: str, skill: str) -> None:
    linked = link_text(text)
    assert skill_ids(text) == [skill]
    assert linked.skills[0].score < linked.occupations[0].score


def test_no_more_skills_than_the_limit_are_linked() -> None:
    assert len(link_text("couture, cuisine, conduite, permis B, excel, word, anglais", limit=2).skills) == 2


def test_no_id_or_label_is_used_twice() -> None:
    for names in (
        [entry.skill.id for entry in load_skill_entries()],
        [entry.skill.label("fr") for entry in load_skill_entries()],
        [entry.skill.label("en") for entry in load_skill_entries()],
    ):
        assert [name for name, count in Counter(names).items() if count > 1] == []


def test_every_phrase_has_words_and_every_code_is_a_unit_group() -> None:
    for entry in load_skill_entries():
        assert all(extract_terms(phrase)[0] for phrase in entry.phrases), entry
        assert {code for code in entry.isco_groups if len(code) == 4 and code in load_isco_groups()} == set(
            entry.isco_groups
        )
