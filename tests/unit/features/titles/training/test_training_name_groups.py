"""Names are grouped by concept; ROME codes take in names of occupations, occupations names of skills."""

import pytest
from training_factory import EN, FR, table

from oim.features.titles.training.name_groups import (
    MAX_ALIASES,
    NAMES_PER_ALIAS,
    group_names,
    group_needed_skills,
)
from oim.features.titles.training.names import Names, Source, Split

TRADE, SKILL, ROME = Source.OCCUPATION, Source.SKILL, Source.ROME
TRAIN = Split.TRAIN


@pytest.fixture
def names() -> Names:
    return table(
        [
            ("couturier", 0, FR, TRADE, TRAIN),
            ("tailleur", 0, FR, TRADE, TRAIN),
            ("tailor", 0, EN, TRADE, TRAIN),
            ("dressmaker", 0, EN, TRADE, Split.TRY_NAME),
            ("soudeur", 1, FR, TRADE, TRAIN),
            ("baker", 2, EN, TRADE, Split.TRY_THING),
            ("bread maker", 2, EN, TRADE, Split.TRY_THING),
            ("coudre", 3, FR, SKILL, TRAIN),
            ("sew", 3, EN, SKILL, TRAIN),
            ("Couturiers", 4, FR, ROME, TRAIN),
            ("Retoucheur", 4, FR, ROME, TRAIN),
            ("Fleuriste", 5, FR, ROME, TRAIN),
        ],
        {0: frozenset({3}), 1: frozenset({3})},
    )


def test_only_concepts_with_two_training_names_form_a_group(names: Names) -> None:
    groups = group_names(names, TRADE)
    assert groups.keys() == {0}
    assert groups[0].query_rows == groups[0].all_target_rows == [0, 1, 2]
    assert groups[0].target_rows == ([0, 1], [2])
    assert not groups[0].targets_skills


def test_names_of_a_skill_form_a_group_that_targets_skills(names: Names) -> None:
    groups = group_names(names, SKILL)
    assert {skill: group.target_rows for skill, group in groups.items()} == {3: ([7], [8])}
    assert groups[3].targets_skills


def test_a_rome_code_takes_in_names_of_the_occupations_that_share_a_title(names: Names) -> None:
    groups = group_names(names, ROME)
    assert groups.keys() == {4}
    assert groups[4].target_rows == ([9, 10, 0, 1], [2])
    assert not groups[4].targets_skills


def test_a_rome_code_takes_in_a_limited_number_of_names() -> None:
    rows = [
        (f"titre {occupation}" if at == 0 else f"nom {occupation} {at}", occupation, FR, TRADE, TRAIN)
        for occupation in range(MAX_ALIASES + 3)
        for at in range(NAMES_PER_ALIAS + 2)
    ]
    rows += [(f"titre {occupation}", 99, FR, ROME, TRAIN) for occupation in range(MAX_ALIASES + 3)]
    group = group_names(table(rows), ROME)[99]
    assert len(group.all_target_rows) == MAX_ALIASES + 3 + MAX_ALIASES * NAMES_PER_ALIAS


def test_an_occupation_is_answered_by_its_essential_skills(names: Names) -> None:
    groups = group_needed_skills(names, group_names(names, TRADE))
    assert groups.keys() == {0}
    assert groups[0].query_rows == [0, 1, 2]
    assert groups[0].target_rows == ([7], [8])
    assert groups[0].targets_skills
