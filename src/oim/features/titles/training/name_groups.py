"""Names that belong together: of an occupation, of a skill, of a ROME code; and an occupation's skills."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from oim.features.titles.training.names import LANGUAGES, Names, Part, Source, key

ALIASES = 6  # occupations that a ROME code stands for, at most
TOLD = 4  # names of each of them and language that join the code's titles


@dataclass(frozen=True, slots=True)
class Group:
    """Row numbers of names: those that are asked, and by language those that answer."""

    asked: list[int]
    named: tuple[list[int], ...]
    skills: bool

    @property
    def rows(self) -> list[int]:
        """All that answer."""
        return [row for language in self.named for row in language]


def groups(names: Names, source: Source) -> dict[int, Group]:
    """Names to learn from, of each thing that has two or more.

    A ROME code also answers by the names of the ESCO occupations of which it holds a title.
    """
    found: dict[int, tuple[list[int], ...]] = defaultdict(lambda: tuple([] for _ in LANGUAGES))
    for row in np.flatnonzero((names.sources == source) & (names.parts == Part.LEARN)):
        found[int(names.things[row])][names.languages[row]].append(int(row))
    if source is Source.ROME:
        _alias(names, found)
    return {
        thing: Group([row for language in named for row in language], named, source is Source.SKILL)
        for thing, named in found.items()
        if sum(map(len, named)) > 1
    }


def _alias(names: Names, codes: Mapping[int, tuple[list[int], ...]]) -> None:
    """Add the names of occupations to the codes that hold one of their names."""
    occupations = groups(names, Source.OCCUPATION)
    called: dict[str, set[int]] = defaultdict(set)
    for thing, group in occupations.items():
        for row in group.rows:
            called[key(names.texts[row])].add(thing)
    for named in codes.values():
        titles = [row for language in named for row in language]
        held = Counter(thing for row in titles for thing in sorted(called.get(key(names.texts[row]), ())))
        for thing, _ in held.most_common(ALIASES):
            for rows, more in zip(named, occupations[thing].named, strict=True):
                rows.extend(more[:TOLD])


def skills(names: Names, occupations: Mapping[int, Group]) -> dict[int, Group]:
    """Names of occupations, answered by the names of the skills they need."""
    of_skill = groups(names, Source.SKILL)
    return {
        thing: Group(
            group.rows,
            tuple(
                [
                    row
                    for skill in sorted(names.skills[thing])
                    if skill in of_skill
                    for row in of_skill[skill].named[at]
                ]
                for at in range(len(LANGUAGES))
            ),
            skills=True,
        )
        for thing, group in occupations.items()
        if names.skills.get(thing)
    }
