"""Names that belong together."""

import pytest
from training_made import EN, FR, table

from oim.features.titles.training.name_groups import ALIASES, TOLD, groups, skills
from oim.features.titles.training.names import Names, Part, Source

TRADE, SKILL, ROME = Source.OCCUPATION, Source.SKILL, Source.ROME
LEARN = Part.LEARN


@pytest.fixture
def names() -> Names:
    return table(
        [
            ("couturier", 0, FR, TRADE, LEARN),
            ("tailleur", 0, FR, TRADE, LEARN),
            ("tailor", 0, EN, TRADE, LEARN),
            ("dressmaker", 0, EN, TRADE, Part.TRY_NAME),
            ("soudeur", 1, FR, TRADE, LEARN),
            ("baker", 2, EN, TRADE, Part.TRY_THING),
            ("bread maker", 2, EN, TRADE, Part.TRY_THING),
            ("coudre", 3, FR, SKILL, LEARN),
            ("sew", 3, EN, SKILL, LEARN),
            ("Couturiers", 4, FR, ROME, LEARN),
            ("Retoucheur", 4, FR, ROME, LEARN),
            ("Fleuriste", 5, FR, ROME, LEARN),
        ],
        {0: frozenset({3}), 1: frozenset({3})},
    )


def test_only_names_to_learn_of_things_that_have_two(names: Names) -> None:
    found = groups(names, TRADE)
    assert found.keys() == {0}
    assert found[0].asked == found[0].rows == [0, 1, 2]
    assert found[0].named == ([0, 1], [2])
    assert not found[0].skills


def test_skills(names: Names) -> None:
    found = groups(names, SKILL)
    assert {thing: group.named for thing, group in found.items()} == {3: ([7], [8])}
    assert found[3].skills


def test_a_code_takes_in_the_names_of_occupations_of_which_it_holds_a_title(names: Names) -> None:
    found = groups(names, ROME)
    assert found.keys() == {4}
    assert found[4].named == ([9, 10, 0, 1], [2])
    assert not found[4].skills


def test_a_code_takes_in_no_more_than_a_few() -> None:
    rows = [
        (f"titre {thing}" if at == 0 else f"nom {thing} {at}", thing, FR, TRADE, LEARN)
        for thing in range(ALIASES + 3)
        for at in range(TOLD + 2)
    ]
    rows += [(f"titre {thing}", 99, FR, ROME, LEARN) for thing in range(ALIASES + 3)]
    found = groups(table(rows), ROME)[99]
    assert len(found.rows) == ALIASES + 3 + ALIASES * TOLD


def test_an_occupation_is_answered_by_its_skills(names: Names) -> None:
    found = skills(names, groups(names, TRADE))
    assert found.keys() == {0}
    assert found[0].asked == [0, 1, 2]
    assert found[0].named == ([7], [8])
    assert found[0].skills
