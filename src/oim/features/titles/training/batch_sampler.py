"""Which names a step of learning compares: of each thing one is asked, others are offered among strangers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from oim.features.titles.adapter import Vector
from oim.features.titles.training.model import Mask
from oim.features.titles.training.name_groups import Group, groups, skills
from oim.features.titles.training.names import LANGUAGES, Names, Source

RIGHT = 3  # names offered of the thing asked for
STRANGERS = 6  # names offered of what is nearest to it
NEAREST = 24  # strangers these are drawn from
ANYONE = 1024  # names offered as long as no strangers were met
LOOK = 512  # rows compared at a time

Ids = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Drawn:
    """Row numbers of names, and which of those offered are right and which count, (asked, offered)."""

    asked: Ids
    offered: Ids
    right: Mask
    allowed: Mask


@dataclass(frozen=True, slots=True)
class _Ask:
    """A name asked, what counts as its answer, and what is offered for it."""

    row: int
    language: int
    skills: bool  # whether skills are asked for: they compete with skills only
    right: Ids
    offered: list[int]


class Drawer:
    """Draws the names of each step. Names compete with names of the language that is asked for."""

    def __init__(
        self, names: Names, size: int, shares: tuple[float, ...], chance: np.random.Generator
    ) -> None:
        """`shares` are those of occupations, skills, ROME codes, and occupations against their skills."""
        self._names = names
        self._texts = np.unique(np.array(names.texts, object), return_inverse=True)[1]
        self._chance = chance
        self._occupations = groups(names, Source.OCCUPATION)
        self._skills = skills(names, self._occupations)
        held = (self._occupations, groups(names, Source.SKILL), groups(names, Source.ROME), self._skills)
        self._drawn = [
            (found, list(found), int(size * share)) for found, share in zip(held, shares, strict=True)
        ]
        self._labels = np.array([row for group in self._occupations.values() for row in group.rows])
        self._strangers: dict[tuple[int, int], Ids] = {}

    def draw(self) -> Drawn:
        """The names of one step."""
        asks = [
            ask
            for found, things, count in self._drawn
            for at in self._chance.choice(len(things), min(count, len(things)), replace=False)
            if (ask := self._ask(found, things[at]))
        ]
        offered = [row for ask in asks for row in ask.offered]
        if not self._strangers:
            offered += self._chance.choice(self._labels, min(ANYONE, len(self._labels))).tolist()
        return self._masked(asks, np.array(list(dict.fromkeys(offered))))

    def _ask(self, found: Mapping[int, Group], thing: int) -> _Ask | None:
        """One name of a thing is asked; others, in one language, and strangers are offered."""
        group = found[thing]
        row = group.asked[self._chance.integers(len(group.asked))]
        first = int(self._chance.integers(len(LANGUAGES)))
        for language in (first, 1 - first):
            right = np.array([other for other in group.named[language] if other != row], np.int64)
            if len(right):
                offered = self._some(right, RIGHT)
                if found is self._occupations:
                    offered += self._some(self._strangers.get((thing, language)), STRANGERS)
                return _Ask(row, language, group.skills, right, offered)
        return None

    def _some(self, rows: Ids | None, count: int) -> list[int]:
        if rows is None:
            return []
        return [int(row) for row in self._chance.choice(rows, min(count, len(rows)), replace=False)]

    def _masked(self, asks: list[_Ask], offered: Ids) -> Drawn:
        names = self._names
        asked = np.array([ask.row for ask in asks])
        language = np.array([ask.language for ask in asks])
        skill = np.array([ask.skills for ask in asks])
        right = np.zeros((len(asks), len(offered)), bool)
        homonyms = np.zeros_like(right)
        place = np.full(len(names.texts), -1)
        place[offered] = np.arange(len(offered))
        for at, ask in enumerate(asks):
            found = place[ask.right]
            right[at, found[found >= 0]] = True
            said = np.isin(self._texts[offered], self._texts[ask.right])
            homonyms[at] = said & ~right[at]
        allowed = (names.languages[offered][None] == language[:, None]) & (
            (names.sources[offered] == Source.SKILL)[None] == skill[:, None]
        )
        allowed &= ~homonyms
        allowed &= self._texts[asked][:, None] != self._texts[offered][None]
        return Drawn(asked, offered, right, allowed)

    def meet(self, likeness: Callable[[Ids], Vector]) -> None:
        """Find the names of others that are nearest to a name of each occupation as it stands now."""
        picked = np.array(
            [group.rows[self._chance.integers(len(group.rows))] for group in self._occupations.values()]
        )
        asked = likeness(picked)
        for language in range(len(LANGUAGES)):
            offered = self._labels[self._names.languages[self._labels] == language]
            near = _nearest(self._names, picked, offered, asked, likeness(offered))
            self._strangers |= {
                (thing, language): rows for thing, rows in zip(self._occupations, near, strict=True)
            }


def _nearest(names: Names, picked: Ids, offered: Ids, asked: Vector, vectors: Vector) -> list[Ids]:
    found: list[Ids] = []
    for start in range(0, len(picked), LOOK):
        block = slice(start, start + LOOK)
        alike = asked[block] @ vectors.T
        alike[names.things[picked[block]][:, None] == names.things[offered][None]] = -np.inf
        count = min(NEAREST, len(offered) - 1)
        found += list(offered[np.argpartition(-alike, count, axis=1)[:, :count]])
    return found
