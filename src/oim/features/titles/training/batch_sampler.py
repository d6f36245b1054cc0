"""Which names a step of learning compares: of each thing one is asked, others are offered among strangers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from oim.features.titles.adapter import Vector
from oim.features.titles.training.model import Mask
from oim.features.titles.training.name_groups import NameGroup, group_names, group_needed_skills
from oim.features.titles.training.names import LANGUAGES, Names, Source

POSITIVES_PER_QUERY = 3  # names offered of the thing asked for
HARD_NEGATIVES_PER_QUERY = 6  # names offered of what is nearest to it
HARD_NEGATIVE_POOL = 24  # strangers these are drawn from
RANDOM_NEGATIVES = 1024  # names offered as long as no strangers were met
BLOCK_ROWS = 512  # rows compared at a time

RowIds = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class SampledBatch:
    """Row numbers of names, and which of those offered are right and which count, (asked, offered)."""

    queries: RowIds
    candidates: RowIds
    positive_mask: Mask
    candidate_mask: Mask


@dataclass(frozen=True, slots=True)
class _Query:
    """A name asked, what counts as its answer, and what is offered for it."""

    row: int
    language: int
    targets_skills: bool  # whether skills are asked for: they compete with skills only
    positives: RowIds
    candidates: list[int]


class BatchSampler:
    """Draws the names of each step. Names compete with names of the language that is asked for."""

    def __init__(self, names: Names, size: int, shares: tuple[float, ...], rng: np.random.Generator) -> None:
        """`shares` are those of occupations, skills, ROME codes, and occupations against their skills."""
        self._names = names
        self._text_numbers = np.unique(np.array(names.texts, object), return_inverse=True)[1]
        self._rng = rng
        self._occupations = group_names(names, Source.OCCUPATION)
        self._skills = group_needed_skills(names, self._occupations)
        held = (
            self._occupations,
            group_names(names, Source.SKILL),
            group_names(names, Source.ROME),
            self._skills,
        )
        self._sampled_groups = [
            (found, list(found), int(size * share)) for found, share in zip(held, shares, strict=True)
        ]
        self._occupation_rows = np.array(
            [row for group in self._occupations.values() for row in group.all_target_rows]
        )
        self._hard_negatives: dict[tuple[int, int], RowIds] = {}

    def sample_batch(self) -> SampledBatch:
        """The names of one step."""
        asks = [
            ask
            for found, things, count in self._sampled_groups
            for at in self._rng.choice(len(things), min(count, len(things)), replace=False)
            if (ask := self._draw_query(found, things[at]))
        ]
        offered = [row for ask in asks for row in ask.candidates]
        if not self._hard_negatives:
            offered += self._rng.choice(
                self._occupation_rows, min(RANDOM_NEGATIVES, len(self._occupation_rows))
            ).tolist()
        return self._build_masks(asks, np.array(list(dict.fromkeys(offered))))

    def _draw_query(self, groups: Mapping[int, NameGroup], concept: int) -> _Query | None:
        """One name of a thing is asked; others, in one language, and strangers are offered."""
        group = groups[concept]
        row = group.query_rows[self._rng.integers(len(group.query_rows))]
        first = int(self._rng.integers(len(LANGUAGES)))
        for language in (first, 1 - first):
            right = np.array([other for other in group.target_rows[language] if other != row], np.int64)
            if len(right):
                offered = self._sample_rows(right, POSITIVES_PER_QUERY)
                if groups is self._occupations:
                    offered += self._sample_rows(
                        self._hard_negatives.get((concept, language)), HARD_NEGATIVES_PER_QUERY
                    )
                return _Query(row, language, group.targets_skills, right, offered)
        return None

    def _sample_rows(self, rows: RowIds | None, count: int) -> list[int]:
        if rows is None:
            return []
        return [int(row) for row in self._rng.choice(rows, min(count, len(rows)), replace=False)]

    def _build_masks(self, drawn_queries: list[_Query], candidates: RowIds) -> SampledBatch:
        names = self._names
        asked = np.array([ask.row for ask in drawn_queries])
        language = np.array([ask.language for ask in drawn_queries])
        skill = np.array([ask.targets_skills for ask in drawn_queries])
        right = np.zeros((len(drawn_queries), len(candidates)), bool)
        homonyms = np.zeros_like(right)
        place = np.full(len(names.texts), -1)
        place[candidates] = np.arange(len(candidates))
        for at, ask in enumerate(drawn_queries):
            found = place[ask.positives]
            right[at, found[found >= 0]] = True
            said = np.isin(self._text_numbers[candidates], self._text_numbers[ask.positives])
            homonyms[at] = said & ~right[at]
        allowed = (names.languages[candidates][None] == language[:, None]) & (
            (names.sources[candidates] == Source.SKILL)[None] == skill[:, None]
        )
        allowed &= ~homonyms
        allowed &= self._text_numbers[asked][:, None] != self._text_numbers[candidates][None]
        return SampledBatch(asked, candidates, right, allowed)

    def mine_hard_negatives(self, embed: Callable[[RowIds], Vector]) -> None:
        """Find the names of others that are nearest to a name of each occupation as it stands now."""
        picked = np.array(
            [
                group.all_target_rows[self._rng.integers(len(group.all_target_rows))]
                for group in self._occupations.values()
            ]
        )
        asked = embed(picked)
        for language in range(len(LANGUAGES)):
            offered = self._occupation_rows[self._names.languages[self._occupation_rows] == language]
            near = _find_nearest(self._names, picked, offered, asked, embed(offered))
            self._hard_negatives |= {
                (thing, language): rows for thing, rows in zip(self._occupations, near, strict=True)
            }


def _find_nearest(
    names: Names, query_rows: RowIds, candidate_rows: RowIds, query_vectors: Vector, candidate_vectors: Vector
) -> list[RowIds]:
    found: list[RowIds] = []
    for start in range(0, len(query_rows), BLOCK_ROWS):
        block = slice(start, start + BLOCK_ROWS)
        alike = query_vectors[block] @ candidate_vectors.T
        alike[names.concepts[query_rows[block]][:, None] == names.concepts[candidate_rows][None]] = -np.inf
        count = min(HARD_NEGATIVE_POOL, len(candidate_rows) - 1)
        found += list(candidate_rows[np.argpartition(-alike, count, axis=1)[:, :count]])
    return found
