"""Sample the names that one training step compares: queries, their positives, and negatives.

A query is one name of a concept (an occupation, a skill or a ROME code); its positives are other names of the
same concept, its negatives names of other concepts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from oim.features.titles.adapter import Vector
from oim.features.titles.training.model import Mask
from oim.features.titles.training.name_groups import NameGroup, group_names, group_needed_skills
from oim.features.titles.training.names import LANGUAGES, Names, Source

POSITIVES_PER_QUERY = 3  # names of the query's concept among the candidates, at most
HARD_NEGATIVES_PER_QUERY = 6  # names of the nearest other concepts
HARD_NEGATIVE_POOL = 24  # nearest names that these are drawn from
RANDOM_NEGATIVES = 1024  # names drawn at random for a batch, before hard negatives are mined
BLOCK_ROWS = 512  # queries compared at a time, which bounds the memory for similarities

RowIds = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class SampledBatch:
    """Row numbers of query and candidate names, and two masks of shape (queries, candidates).

    `positive_mask` marks the right answers, `candidate_mask` the candidates that count at all for a query.
    """

    queries: RowIds
    candidates: RowIds
    positive_mask: Mask
    candidate_mask: Mask


@dataclass(frozen=True, slots=True)
class _Query:
    """A sampled name, the names that are right answers to it, and the candidates it adds to the batch."""

    row: int
    language: int  # of its answers
    targets_skills: bool  # whether its answers are skills: these compete with skills only
    positives: RowIds
    candidates: list[int]


class BatchSampler:
    """Samples the names of each training step. Only candidates in the language of the answers compete."""

    def __init__(self, names: Names, size: int, shares: tuple[float, ...], rng: np.random.Generator) -> None:
        """Prepare batches of about `size` queries.

        `shares` of them are occupations, skills, ROME codes, and occupations answered by their skills.
        """
        self._names = names
        # Equal texts get equal numbers, so that homonyms can be compared as integers.
        self._text_numbers = np.unique(np.array(names.texts, object), return_inverse=True)[1]
        self._rng = rng
        self._occupations = group_names(names, Source.OCCUPATION)
        self._skills = group_needed_skills(names, self._occupations)
        all_groups = (
            self._occupations,
            group_names(names, Source.SKILL),
            group_names(names, Source.ROME),
            self._skills,
        )
        self._sampled_groups = [
            (groups, list(groups), int(size * share))
            for groups, share in zip(all_groups, shares, strict=True)
        ]
        self._occupation_rows = np.array(
            [row for group in self._occupations.values() for row in group.all_target_rows]
        )
        self._hard_negatives: dict[tuple[int, int], RowIds] = {}  # by concept and language

    def sample_batch(self) -> SampledBatch:
        """Sample the queries and candidates of one training step."""
        queries = [
            query
            for groups, concepts, count in self._sampled_groups
            for position in self._rng.choice(len(concepts), min(count, len(concepts)), replace=False)
            if (query := self._draw_query(groups, concepts[position]))
        ]
        candidates = [row for query in queries for row in query.candidates]
        # Until hard negatives are mined, names at random stand in for them.
        if not self._hard_negatives:
            candidates += self._rng.choice(
                self._occupation_rows, min(RANDOM_NEGATIVES, len(self._occupation_rows))
            ).tolist()
        return self._build_masks(queries, np.array(list(dict.fromkeys(candidates))))

    def _draw_query(self, groups: Mapping[int, NameGroup], concept: int) -> _Query | None:
        """Sample one name of a concept as a query, with positives and hard negatives in one language.

        Returns None when the concept has no other name in either language.
        """
        group = groups[concept]
        row = group.query_rows[self._rng.integers(len(group.query_rows))]
        first = int(self._rng.integers(len(LANGUAGES)))
        # A language at random, and the other one where the concept has no further name in it.
        for language in (first, 1 - first):
            positives = np.array([other for other in group.target_rows[language] if other != row], np.int64)
            if len(positives):
                candidates = self._sample_rows(positives, POSITIVES_PER_QUERY)
                if groups is self._occupations:
                    candidates += self._sample_rows(
                        self._hard_negatives.get((concept, language)), HARD_NEGATIVES_PER_QUERY
                    )
                return _Query(row, language, group.targets_skills, positives, candidates)
        return None

    def _sample_rows(self, rows: RowIds | None, count: int) -> list[int]:
        """Sample up to `count` different rows; none when hard negatives are not mined yet."""
        if rows is None:
            return []
        return [int(row) for row in self._rng.choice(rows, min(count, len(rows)), replace=False)]

    def _build_masks(self, drawn_queries: list[_Query], candidates: RowIds) -> SampledBatch:
        """Mark, for every query and candidate of a batch, the right answers and the candidates that count."""
        names = self._names
        query_rows = np.array([query.row for query in drawn_queries])
        languages = np.array([query.language for query in drawn_queries])
        targets_skills = np.array([query.targets_skills for query in drawn_queries])
        positive_mask = np.zeros((len(drawn_queries), len(candidates)), bool)
        homonyms = np.zeros_like(positive_mask)
        # The column of each name of the table in the batch, -1 where it is no candidate.
        columns = np.full(len(names.texts), -1)
        columns[candidates] = np.arange(len(candidates))
        for number, query in enumerate(drawn_queries):
            positive_columns = columns[query.positives]
            positive_mask[number, positive_columns[positive_columns >= 0]] = True
            # The text of a right answer under another concept is not wrong either: it does not count.
            same_text = np.isin(self._text_numbers[candidates], self._text_numbers[query.positives])
            homonyms[number] = same_text & ~positive_mask[number]
        candidate_mask = (names.languages[candidates][None] == languages[:, None]) & (
            (names.sources[candidates] == Source.SKILL)[None] == targets_skills[:, None]
        )
        candidate_mask &= ~homonyms
        # A candidate with the text of the query itself teaches nothing, whichever concept it belongs to.
        candidate_mask &= self._text_numbers[query_rows][:, None] != self._text_numbers[candidates][None]
        return SampledBatch(query_rows, candidates, positive_mask, candidate_mask)

    def mine_hard_negatives(self, embed: Callable[[RowIds], Vector]) -> None:
        """Find, for one name of each occupation, the nearest names of other occupations in each language.

        `embed` returns vectors of rows under the weights trained so far: what is hard changes with them.
        """
        query_rows = np.array(
            [
                group.all_target_rows[self._rng.integers(len(group.all_target_rows))]
                for group in self._occupations.values()
            ]
        )
        query_vectors = embed(query_rows)
        for language in range(len(LANGUAGES)):
            candidates = self._occupation_rows[self._names.languages[self._occupation_rows] == language]
            nearest = _find_nearest(self._names, query_rows, candidates, query_vectors, embed(candidates))
            self._hard_negatives |= {
                (concept, language): rows for concept, rows in zip(self._occupations, nearest, strict=True)
            }


def _find_nearest(
    names: Names, query_rows: RowIds, candidate_rows: RowIds, query_vectors: Vector, candidate_vectors: Vector
) -> list[RowIds]:
    """Return the rows of the candidates nearest to each query that name another concept."""
    nearest: list[RowIds] = []
    for start in range(0, len(query_rows), BLOCK_ROWS):
        block = slice(start, start + BLOCK_ROWS)
        similarities = query_vectors[block] @ candidate_vectors.T
        same_concept = names.concepts[query_rows[block]][:, None] == names.concepts[candidate_rows][None]
        similarities[same_concept] = -np.inf
        # Partitioning finds the nearest without sorting the rest; their order is of no use.
        count = min(HARD_NEGATIVE_POOL, len(candidate_rows) - 1)
        nearest += list(candidate_rows[np.argpartition(-similarities, count, axis=1)[:, :count]])
    return nearest
