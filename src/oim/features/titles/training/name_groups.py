"""Group names that belong together: names of one concept, and names of the skills an occupation needs."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from oim.features.titles.training.names import LANGUAGES, Names, Source, Split, comparison_key

MAX_ALIASES = 6  # ESCO occupations whose names join a ROME code, at most
NAMES_PER_ALIAS = 4  # names that join from each of them, in each language


@dataclass(frozen=True, slots=True)
class NameGroup:
    """Row numbers of names: those that serve as queries, and those that are right answers to them."""

    query_rows: list[int]
    target_rows: tuple[list[int], ...]  # by language, in the order of LANGUAGES
    targets_skills: bool

    @property
    def all_target_rows(self) -> list[int]:
        """The right answers in all languages."""
        return [row for language in self.target_rows for row in language]


def group_names(names: Names, source: Source) -> dict[int, NameGroup]:
    """Return the training names of each concept of a source, by concept, where it has two names or more.

    A ROME code also takes in names of the ESCO occupations that share a title with it.
    """
    rows_by_concept: dict[int, tuple[list[int], ...]] = defaultdict(lambda: tuple([] for _ in LANGUAGES))
    for row in np.flatnonzero((names.sources == source) & (names.splits == Split.TRAIN)):
        rows_by_concept[int(names.concepts[row])][names.languages[row]].append(int(row))
    if source is Source.ROME:
        _add_aliases(names, rows_by_concept)
    # A single name has nothing to be compared with.
    return {
        concept: NameGroup([row for language in rows for row in language], rows, source is Source.SKILL)
        for concept, rows in rows_by_concept.items()
        if sum(map(len, rows)) > 1
    }


def _add_aliases(names: Names, codes: Mapping[int, tuple[list[int], ...]]) -> None:
    """Add names of occupations to the ROME codes that have a title in common with them, in place."""
    occupations = group_names(names, Source.OCCUPATION)
    occupations_by_key: dict[str, set[int]] = defaultdict(set)
    for occupation, group in occupations.items():
        for row in group.all_target_rows:
            occupations_by_key[comparison_key(names.texts[row])].add(occupation)
    for code_rows in codes.values():
        titles = [row for language in code_rows for row in language]
        # Sorted: `most_common` keeps equal counts in the order met, and the order of a set is not repeatable.
        shared_titles = Counter(
            occupation
            for row in titles
            for occupation in sorted(occupations_by_key.get(comparison_key(names.texts[row]), ()))
        )
        for occupation, _ in shared_titles.most_common(MAX_ALIASES):
            for rows, alias_rows in zip(code_rows, occupations[occupation].target_rows, strict=True):
                rows.extend(alias_rows[:NAMES_PER_ALIAS])


def group_needed_skills(names: Names, occupations: Mapping[int, NameGroup]) -> dict[int, NameGroup]:
    """Return groups whose queries are names of an occupation and whose answers are its essential skills."""
    skills = group_names(names, Source.SKILL)
    return {
        occupation: NameGroup(
            group.all_target_rows,
            tuple(
                [
                    row
                    for skill in sorted(names.essential_skills[occupation])
                    if skill in skills
                    for row in skills[skill].target_rows[language]
                ]
                for language in range(len(LANGUAGES))
            ),
            targets_skills=True,
        )
        for occupation, group in occupations.items()
        if names.essential_skills.get(occupation)
    }
