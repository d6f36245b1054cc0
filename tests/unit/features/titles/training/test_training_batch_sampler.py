"""What a step of learning compares."""

import numpy as np
import pytest
from training_factory import EN, FR, bags, table

from oim.features.titles.training.batch_sampler import BatchSampler, SampledBatch
from oim.features.titles.training.names import Names, Source, Split

SHARES = (0.4, 0.2, 0.2, 0.2)


def _names() -> Names:
    """Thirty occupations, thirty skills, ten codes; pairs of occupations share a name."""
    rows = []
    for thing in range(30):
        for language, words in ((FR, ("nom", "titre")), (EN, ("name", "title"))):
            rows += [(f"{word} {thing}", thing, language, Source.OCCUPATION, Split.TRAIN) for word in words]
        rows.append((f"commun {thing // 2}", thing, FR, Source.OCCUPATION, Split.TRAIN))
    for thing in range(30, 60):
        rows.append((f"savoir {thing}", thing, FR, Source.SKILL, Split.TRAIN))
        rows.append((f"skill {thing}", thing, EN, Source.SKILL, Split.TRAIN))
    for thing in range(60, 70):
        rows.append((f"appellation {thing}", thing, FR, Source.ROME, Split.TRAIN))
        rows.append((f"nom {thing - 60}", thing, FR, Source.ROME, Split.TRAIN))
    return table(rows, {thing: frozenset({thing + 30, (thing + 1) % 30 + 30}) for thing in range(30)})


NAMES = _names()


def _draw(met: bool, seed: int = 3) -> SampledBatch:
    drawer = BatchSampler(NAMES, 40, SHARES, np.random.default_rng(seed))
    if met:
        vectors = bags(NAMES.texts)
        drawer.mine_hard_negatives(lambda ids: vectors[ids])
    return drawer.sample_batch()


@pytest.fixture(params=[False, True], ids=["unmet", "met"])
def drawn(request: pytest.FixtureRequest) -> SampledBatch:
    return _draw(request.param)


def test_shapes(drawn: SampledBatch) -> None:
    assert len(drawn.queries) == 16 + 8 + 8 + 8
    assert (
        drawn.positive_mask.shape == drawn.candidate_mask.shape == (len(drawn.queries), len(drawn.candidates))
    )
    assert len(set(drawn.candidates.tolist())) == len(drawn.candidates)


def test_every_name_asked_has_a_right_answer_and_wrong_ones(drawn: SampledBatch) -> None:
    assert (drawn.positive_mask & drawn.candidate_mask).any(axis=1).all()
    assert (~drawn.positive_mask & drawn.candidate_mask).any(axis=1).all()


def test_what_is_right_counts_unless_it_is_the_text_asked(drawn: SampledBatch) -> None:
    texts = np.array(NAMES.texts, object)
    same = texts[drawn.queries][:, None] == texts[drawn.candidates][None]
    assert not (drawn.candidate_mask & same).any()
    assert (drawn.candidate_mask | same)[drawn.positive_mask].all()


def test_right_answers_are_of_the_thing_of_its_code_or_of_its_skills(drawn: SampledBatch) -> None:
    for row, column in np.argwhere(drawn.positive_mask & drawn.candidate_mask):
        asked, offered = drawn.queries[row], drawn.candidates[column]
        thing, other = int(NAMES.concepts[asked]), int(NAMES.concepts[offered])
        assert thing == other or other in NAMES.essential_skills.get(thing, ()) or abs(thing - other) == 60


def test_names_compete_in_one_language_and_skills_with_skills(drawn: SampledBatch) -> None:
    for row in range(len(drawn.queries)):
        offered = drawn.candidates[drawn.candidate_mask[row]]
        assert len(set(NAMES.languages[offered].tolist())) == 1
        assert len(set((NAMES.sources[offered] == Source.SKILL).tolist())) == 1


def test_occupations_are_asked_for_themselves_and_for_their_skills(drawn: SampledBatch) -> None:
    first = drawn.candidates[drawn.candidate_mask.argmax(axis=1)]
    of = [(int(a), int(b)) for a, b in zip(NAMES.sources[drawn.queries], NAMES.sources[first], strict=True)]
    assert {(0, 1), (1, 1)} <= set(of)
    assert any(asked == Source.OCCUPATION and offered != Source.SKILL for asked, offered in of)


@pytest.mark.parametrize("met", [False, True])
def test_the_same_seed_draws_the_same(met: bool) -> None:
    first, second, other = _draw(met), _draw(met), _draw(met, seed=4)
    assert first.queries.tolist() == second.queries.tolist()
    assert first.candidates.tolist() == second.candidates.tolist()
    assert (first.positive_mask == second.positive_mask).all()
    assert first.queries.tolist() != other.queries.tolist()


def test_nearest_strangers_are_offered_once_met() -> None:
    names = table(
        (f"{word} {thing}", thing, FR, Source.OCCUPATION, Split.TRAIN)
        for thing in range(60)
        for word in ("nom", "titre")
    )
    vectors = np.array([[np.cos(thing / 20), np.sin(thing / 20)] for thing in names.concepts], np.float32)
    drawer = BatchSampler(names, 1, (1, 0, 0, 0), np.random.default_rng(3))
    drawer.mine_hard_negatives(lambda ids: vectors[ids])
    for _ in range(20):
        drawn = drawer.sample_batch()
        apart = np.abs(names.concepts[drawn.candidates] - names.concepts[drawn.queries])
        assert sorted(apart)[0] == 0
        assert apart.max() <= 12
