"""A batch has right and wrong candidates for every query, and hard negatives once they are mined."""

import numpy as np
import pytest
from training_factory import EN, FR, bags, table

from oim.features.titles.training.batch_sampler import BatchSampler, SampledBatch
from oim.features.titles.training.names import Names, Source, Split

SHARES = (0.4, 0.2, 0.2, 0.2)


def _names() -> Names:
    """Thirty occupations, thirty skills, ten codes; pairs of occupations share a name."""
    rows = []
    for number in range(30):
        for language, words in ((FR, ("nom", "titre")), (EN, ("name", "title"))):
            rows += [(f"{word} {number}", number, language, Source.OCCUPATION, Split.TRAIN) for word in words]
        rows.append((f"commun {number // 2}", number, FR, Source.OCCUPATION, Split.TRAIN))
    for number in range(30, 60):
        rows.append((f"savoir {number}", number, FR, Source.SKILL, Split.TRAIN))
        rows.append((f"skill {number}", number, EN, Source.SKILL, Split.TRAIN))
    for number in range(60, 70):
        rows.append((f"appellation {number}", number, FR, Source.ROME, Split.TRAIN))
        rows.append((f"nom {number - 60}", number, FR, Source.ROME, Split.TRAIN))
    return table(rows, {number: frozenset({number + 30, (number + 1) % 30 + 30}) for number in range(30)})


NAMES = _names()


def _sample(mined: bool, seed: int = 3) -> SampledBatch:
    sampler = BatchSampler(NAMES, 40, SHARES, np.random.default_rng(seed))
    if mined:
        vectors = bags(NAMES.texts)
        sampler.mine_hard_negatives(lambda ids: vectors[ids])
    return sampler.sample_batch()


@pytest.fixture(params=[False, True], ids=["unmet", "met"])
def batch(request: pytest.FixtureRequest) -> SampledBatch:
    return _sample(request.param)


def test_masks_have_a_row_for_each_query_and_a_column_for_each_candidate(batch: SampledBatch) -> None:
    assert len(batch.queries) == 16 + 8 + 8 + 8
    assert (
        batch.positive_mask.shape == batch.candidate_mask.shape == (len(batch.queries), len(batch.candidates))
    )
    assert len(set(batch.candidates.tolist())) == len(batch.candidates)


def test_every_query_has_a_positive_and_a_negative(batch: SampledBatch) -> None:
    assert (batch.positive_mask & batch.candidate_mask).any(axis=1).all()
    assert (~batch.positive_mask & batch.candidate_mask).any(axis=1).all()


def test_every_positive_counts_unless_it_has_the_text_of_the_query(batch: SampledBatch) -> None:
    texts = np.array(NAMES.texts, object)
    same = texts[batch.queries][:, None] == texts[batch.candidates][None]
    assert not (batch.candidate_mask & same).any()
    assert (batch.candidate_mask | same)[batch.positive_mask].all()


def test_positives_are_names_of_the_concept_of_its_code_or_of_its_skills(batch: SampledBatch) -> None:
    for row, column in np.argwhere(batch.positive_mask & batch.candidate_mask):
        query, positive = batch.queries[row], batch.candidates[column]
        concept, other = int(NAMES.concepts[query]), int(NAMES.concepts[positive])
        assert (
            concept == other or other in NAMES.essential_skills.get(concept, ()) or abs(concept - other) == 60
        )


def test_candidates_have_one_language_and_are_all_skills_or_none(batch: SampledBatch) -> None:
    for row in range(len(batch.queries)):
        candidates = batch.candidates[batch.candidate_mask[row]]
        assert len(set(NAMES.languages[candidates].tolist())) == 1
        assert len(set((NAMES.sources[candidates] == Source.SKILL).tolist())) == 1


def test_occupations_are_queries_for_their_names_and_for_their_skills(batch: SampledBatch) -> None:
    first = batch.candidates[batch.candidate_mask.argmax(axis=1)]
    sources = [
        (int(a), int(b)) for a, b in zip(NAMES.sources[batch.queries], NAMES.sources[first], strict=True)
    ]
    assert {(0, 1), (1, 1)} <= set(sources)
    assert any(query == Source.OCCUPATION and answer != Source.SKILL for query, answer in sources)


@pytest.mark.parametrize("mined", [False, True])
def test_the_same_seed_samples_the_same_batch(mined: bool) -> None:
    first, second, other = _sample(mined), _sample(mined), _sample(mined, seed=4)
    assert first.queries.tolist() == second.queries.tolist()
    assert first.candidates.tolist() == second.candidates.tolist()
    assert (first.positive_mask == second.positive_mask).all()
    assert first.queries.tolist() != other.queries.tolist()


def test_the_nearest_other_names_are_candidates_once_they_are_mined() -> None:
    names = table(
        (f"{word} {number}", number, FR, Source.OCCUPATION, Split.TRAIN)
        for number in range(60)
        for word in ("nom", "titre")
    )
    vectors = np.array([[np.cos(number / 20), np.sin(number / 20)] for number in names.concepts], np.float32)
    sampler = BatchSampler(names, 1, (1, 0, 0, 0), np.random.default_rng(3))
    sampler.mine_hard_negatives(lambda ids: vectors[ids])
    for _ in range(20):
        batch = sampler.sample_batch()
        distances = np.abs(names.concepts[batch.candidates] - names.concepts[batch.queries])
        assert sorted(distances)[0] == 0
        assert distances.max() <= 12
