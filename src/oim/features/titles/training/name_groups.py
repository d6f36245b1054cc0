"""Names that belong together: of an occupation, of a skill, of a ROME code; and an occupation's skills."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from oim.features.titles.training.names import LANGUAGES, Names, Source, Split, comparison_key

MAX_ALIASES = 6  # occupations that a ROME code stands for, at most
NAMES_PER_ALIAS = 4  # names of each of them and language that join the code's titles


@dataclass(frozen=True, slots=True)
class NameGroup:
    """Row numbers of names: those that are asked, and by language those that answer."""

    query_rows: list[int]
    target_rows: tuple[list[int], ...]
    targets_skills: bool

    @property
    def all_target_rows(self) -> list[int]:
        """All that answer."""
        return [row for language in self.target_rows for row in language]


def group_names(names: Names, source: Source) -> dict[int, NameGroup]:
    """Names to learn from, of each thing that has two or more.

    A ROME code also answers by the names of the ESCO occupations of which it holds a title.
    """
    found: dict[int, tuple[list[int], ...]] = defaultdict(lambda: tuple([] for _ in LANGUAGES))
    for row in np.flatnonzero((names.sources == source) & (names.splits == Split.TRAIN)):
        found[int(names.concepts[row])][names.languages[row]].append(int(row))
    if source is Source.ROME:
        _add_aliases(names, found)
    return {
        thing: NameGroup([row for language in named for row in language], named, source is Source.SKILL)
        for thing, named in found.items()
        if sum(map(len, named)) > 1
    }


def _add_aliases(names: Names, codes: Mapping[int, tuple[list[int], ...]]) -> None:
    """Add the names of occupations to the codes that hold one of their names."""
    occupations = group_names(names, Source.OCCUPATION)
    called: dict[str, set[int]] = defaultdict(set)
    for thing, group in occupations.items():
        for row in group.all_target_rows:
            called[comparison_key(names.texts[row])].add(thing)
    for named in codes.values():
        titles = [row for language in named for row in language]
        held = Counter(
            thing for row in titles for thing in sorted(called.get(comparison_key(names.texts[row]), ()))
        )
        for thing, _ in held.most_common(MAX_ALIASES):
            for rows, more in zip(named, occupations[thing].target_rows, strict=True):
                rows.extend(more[:NAMES_PER_ALIAS])


def group_needed_skills(names: Names, occupations: Mapping[int, NameGroup]) -> dict[int, NameGroup]:
    """Names of occupations, answered by the names of the skills they need."""
    of_skill = group_names(names, Source.SKILL)
    return {
        thing: NameGroup(
            group.all_target_rows,
            tuple(
                [
                    row
                    for skill in sorted(names.essential_skills[thing])
                    if skill in of_skill
                    for row in of_skill[skill].target_rows[at]
                ]
                for at in range(len(LANGUAGES))
            ),
            targets_skills=True,
        )
        for thing, group in occupations.items()
        if names.essential_skills.get(thing)
    }
