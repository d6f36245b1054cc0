"""Names that belong together."""

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
LEARN = Split.TRAIN


@pytest.fixture
def names() -> Names:
    return table(
        [
            ("couturier", 0, FR, TRADE, LEARN),
            ("tailleur", 0, FR, TRADE, LEARN),
            ("tailor", 0, EN, TRADE, LEARN),
            ("dressmaker", 0, EN, TRADE, Split.TRY_NAME),
            ("soudeur", 1, FR, TRADE, LEARN),
            ("baker", 2, EN, TRADE, Split.TRY_THING),
            ("bread maker", 2, EN, TRADE, Split.TRY_THING),
            ("coudre", 3, FR, SKILL, LEARN),
            ("sew", 3, EN, SKILL, LEARN),
            ("Couturiers", 4, FR, ROME, LEARN),
            ("Retoucheur", 4, FR, ROME, LEARN),
            ("Fleuriste", 5, FR, ROME, LEARN),
        ],
        {0: frozenset({3}), 1: frozenset({3})},
    )


def test_only_names_to_learn_of_things_that_have_two(names: Names) -> None:
    found = group_names(names, TRADE)
    assert found.keys() == {0}
    assert found[0].query_rows == found[0].all_target_rows == [0, 1, 2]
    assert found[0].target_rows == ([0, 1], [2])
    assert not found[0].targets_skills


def test_skills(names: Names) -> None:
    found = group_names(names, SKILL)
    assert {thing: group.target_rows for thing, group in found.items()} == {3: ([7], [8])}
    assert found[3].targets_skills


def test_a_code_takes_in_the_names_of_occupations_of_which_it_holds_a_title(names: Names) -> None:
    found = group_names(names, ROME)
    assert found.keys() == {4}
    assert found[4].target_rows == ([9, 10, 0, 1], [2])
    assert not found[4].targets_skills


def test_a_code_takes_in_no_more_than_a_few() -> None:
    rows = [
        (f"titre {thing}" if at == 0 else f"nom {thing} {at}", thing, FR, TRADE, LEARN)
        for thing in range(MAX_ALIASES + 3)
        for at in range(NAMES_PER_ALIAS + 2)
    ]
    rows += [(f"titre {thing}", 99, FR, ROME, LEARN) for thing in range(MAX_ALIASES + 3)]
    found = group_names(table(rows), ROME)[99]
    assert len(found.all_target_rows) == MAX_ALIASES + 3 + MAX_ALIASES * NAMES_PER_ALIAS


def test_an_occupation_is_answered_by_its_skills(names: Names) -> None:
    found = group_needed_skills(names, group_names(names, TRADE))
    assert found.keys() == {0}
    assert found[0].query_rows == [0, 1, 2]
    assert found[0].target_rows == ([7], [8])
    assert found[0].targets_skills
