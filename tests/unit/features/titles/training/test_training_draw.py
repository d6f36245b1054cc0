"""What a step of learning compares."""

import numpy as np
import pytest
from training_made import EN, FR, bags, table

from oim.features.titles.training.batch_sampler import Drawer, Drawn
from oim.features.titles.training.names import Names, Part, Source

SHARES = (0.4, 0.2, 0.2, 0.2)


def _names() -> Names:
    """Thirty occupations, thirty skills, ten codes; pairs of occupations share a name."""
    rows = []
    for thing in range(30):
        for language, words in ((FR, ("nom", "titre")), (EN, ("name", "title"))):
            rows += [(f"{word} {thing}", thing, language, Source.OCCUPATION, Part.LEARN) for word in words]
        rows.append((f"commun {thing // 2}", thing, FR, Source.OCCUPATION, Part.LEARN))
    for thing in range(30, 60):
        rows.append((f"savoir {thing}", thing, FR, Source.SKILL, Part.LEARN))
        rows.append((f"skill {thing}", thing, EN, Source.SKILL, Part.LEARN))
    for thing in range(60, 70):
        rows.append((f"appellation {thing}", thing, FR, Source.ROME, Part.LEARN))
        rows.append((f"nom {thing - 60}", thing, FR, Source.ROME, Part.LEARN))
    return table(rows, {thing: frozenset({thing + 30, (thing + 1) % 30 + 30}) for thing in range(30)})


NAMES = _names()


def _draw(met: bool, seed: int = 3) -> Drawn:
    drawer = Drawer(NAMES, 40, SHARES, np.random.default_rng(seed))
    if met:
        vectors = bags(NAMES.texts)
        drawer.meet(lambda ids: vectors[ids])
    return drawer.draw()


@pytest.fixture(params=[False, True], ids=["unmet", "met"])
def drawn(request: pytest.FixtureRequest) -> Drawn:
    return _draw(request.param)


def test_shapes(drawn: Drawn) -> None:
    assert len(drawn.asked) == 16 + 8 + 8 + 8
    assert drawn.right.shape == drawn.allowed.shape == (len(drawn.asked), len(drawn.offered))
    assert len(set(drawn.offered.tolist())) == len(drawn.offered)


def test_every_name_asked_has_a_right_answer_and_wrong_ones(drawn: Drawn) -> None:
    assert (drawn.right & drawn.allowed).any(axis=1).all()
    assert (~drawn.right & drawn.allowed).any(axis=1).all()


def test_what_is_right_counts_unless_it_is_the_text_asked(drawn: Drawn) -> None:
    texts = np.array(NAMES.texts, object)
    same = texts[drawn.asked][:, None] == texts[drawn.offered][None]
    assert not (drawn.allowed & same).any()
    assert (drawn.allowed | same)[drawn.right].all()


def test_right_answers_are_of_the_thing_of_its_code_or_of_its_skills(drawn: Drawn) -> None:
    for row, column in np.argwhere(drawn.right & drawn.allowed):
        asked, offered = drawn.asked[row], drawn.offered[column]
        thing, other = int(NAMES.things[asked]), int(NAMES.things[offered])
        assert thing == other or other in NAMES.skills.get(thing, ()) or abs(thing - other) == 60


def test_names_compete_in_one_language_and_skills_with_skills(drawn: Drawn) -> None:
    for row in range(len(drawn.asked)):
        offered = drawn.offered[drawn.allowed[row]]
        assert len(set(NAMES.languages[offered].tolist())) == 1
        assert len(set((NAMES.sources[offered] == Source.SKILL).tolist())) == 1


def test_occupations_are_asked_for_themselves_and_for_their_skills(drawn: Drawn) -> None:
    first = drawn.offered[drawn.allowed.argmax(axis=1)]
    of = [(int(a), int(b)) for a, b in zip(NAMES.sources[drawn.asked], NAMES.sources[first], strict=True)]
    assert {(0, 1), (1, 1)} <= set(of)
    assert any(asked == Source.OCCUPATION and offered != Source.SKILL for asked, offered in of)


@pytest.mark.parametrize("met", [False, True])
def test_the_same_seed_draws_the_same(met: bool) -> None:
    first, second, other = _draw(met), _draw(met), _draw(met, seed=4)
    assert first.asked.tolist() == second.asked.tolist()
    assert first.offered.tolist() == second.offered.tolist()
    assert (first.right == second.right).all()
    assert first.asked.tolist() != other.asked.tolist()


def test_nearest_strangers_are_offered_once_met() -> None:
    names = table(
        (f"{word} {thing}", thing, FR, Source.OCCUPATION, Part.LEARN)
        for thing in range(60)
        for word in ("nom", "titre")
    )
    vectors = np.array([[np.cos(thing / 20), np.sin(thing / 20)] for thing in names.things], np.float32)
    drawer = Drawer(names, 1, (1, 0, 0, 0), np.random.default_rng(3))
    drawer.meet(lambda ids: vectors[ids])
    for _ in range(20):
        drawn = drawer.draw()
        apart = np.abs(names.things[drawn.offered] - names.things[drawn.asked])
        assert sorted(apart)[0] == 0
        assert apart.max() <= 12
