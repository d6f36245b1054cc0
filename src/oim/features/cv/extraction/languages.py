"""Languages and how well each is known, in the words of CVs in French and English."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from oim.features.cv.extraction.sections import Placed, Section
from oim.features.cv.types import Language, Level

NEAR = 25  # letters between a language and its level, where no heading tells languages
MOST = 12

_WORDS = {
    Level.NATIVE: r"langues? maternelles?|maternelles?|mother tongues?|first language|natif"
    r"|native(?: or bilingual)?",
    Level.C2: r"c2|bilingues?|bilingual|parfaite? maitrise|parfait(?:e|ement)?|perfect(?:ly)?",
    Level.C1: r"c1|full professional(?: proficiency)?|fluent(?:ly)?|fluency|courante?s?|couramment|proficient"
    r"|advanced|avancee?|excellente?s?|tres bien|tres bonn?e?|very good"
    r"|lue?s?, (?:ecrite?s?|parlee?s?)(?:,| et)+ ?(?:parlee?s?|ecrite?s?)",
    Level.B2: r"b2|upper[- ]?intermediate|professional(?: working)?(?: proficiency)?|professionnel(?:le)?"
    r"|full understanding|bonn?e?s?(?: niveau| maitrise)?|bien|good",
    Level.B1: r"b1|limited working(?: proficiency)?|intermediate|intermediaire|moyen(?:ne|nement)?|assez bien"
    r"|assez bonn?e?|acceptable|fair(?:ly)?|average|conversational",
    Level.A2: r"a2|pre[- ]?intermediate|elementary(?: proficiency)?|elementaire|basic|basique|de base|bases"
    r"|scolaire|faible|passable",
    Level.A1: r"a1|beginner|debutante?|notions?|initiation|poor",
}
_LEVELS = tuple(
    (re.compile(rf"(?<![a-z0-9])(?:{words})(?![a-z0-9+])"), level) for level, words in _WORDS.items()
)
_LABEL = re.compile(r"(?<![a-z])(?:languages?|langues?|bilingue|bilingual)(?![a-z])")


@dataclass(frozen=True, slots=True)
class _Named:
    """A language, and where it stands in its line."""

    code: str
    at: int
    to: int


@dataclass(frozen=True, slots=True)
class _Known:
    """A level, and where it stands in its line. `coded`: by its code of the CEFR."""

    level: Level
    at: int
    to: int
    coded: bool


def find(lines: Sequence[Placed]) -> tuple[Language, ...]:
    """The languages of a CV, in its order."""
    here = [line.line.flat for line in lines if Section.LANGUAGES in line.sections]
    told = list(_in_lines(here)) or [
        one for line in lines if _speaks(line) for one in _in_line(line.line.flat)
    ]
    known: dict[str, Level | None] = {}
    for code, level in told:
        known[code] = known.get(code) or level
    return tuple(Language(code, level) for code, level in list(known.items())[:MOST])


def is_language(flat: str) -> bool:
    """Whether folded words are the name of a language."""
    return flat in _codes()


def _in_lines(lines: Sequence[str]) -> Iterator[tuple[str, Level | None]]:
    """A language alone in its line may have its level in the next."""
    for flat, following in zip(lines, [*lines[1:], ""], strict=False):
        found = list(_in_line(flat))
        if len(found) == 1 and found[0][1] is None and not _names(following):
            found = [(found[0][0], _plainest(_levels(following)))]
        yield from found


def _in_line(flat: str) -> Iterator[tuple[str, Level | None]]:
    """Each language takes the level after it, or the one before it where the line begins with a level."""
    names, levels = _names(flat), _levels(flat)
    before = bool(names and levels and levels[0].at < names[0].at)
    shared = before and len(levels) == 1  # "bilingue français, anglais"
    starts, ends = [0, *(name.to for name in names)], [*(name.at for name in names), len(flat)]
    for place, name in enumerate(names):
        gap = place if before else place + 1
        within = [level for level in levels if shared or starts[gap] <= level.at < ends[gap]]
        yield name.code, _plainest(within)


def _names(flat: str) -> list[_Named]:
    return [_Named(_codes()[found[0]], *found.span()) for found in _pattern().finditer(flat)]


def _levels(flat: str) -> list[_Known]:
    """The levels in a line, the longer words where two overlap."""
    every = [
        _Known(level, *found.span(), coded=found[0].upper() == level)
        for pattern, level in _LEVELS
        for found in pattern.finditer(flat)
    ]
    kept: list[_Known] = []
    for one in sorted(every, key=lambda known: (known.at, -known.to)):
        if not kept or one.at >= kept[-1].to:
            kept.append(one)
    return kept


def _plainest(levels: Sequence[_Known]) -> Level | None:
    """A level given by its code, else the first."""
    found = next((one for one in levels if one.coded), levels[0] if levels else None)
    return found.level if found else None


def _speaks(line: Placed) -> bool:
    """Whether a line outside any list of languages tells some: under a label, or with their levels beside."""
    flat = line.line.flat
    if Section.PRIVATE in line.sections or not (names := _names(flat)):
        return False
    if _LABEL.search(flat) and len(names) > 1:
        return True
    gaps = [max(name.at - level.to, level.at - name.to) for name in names for level in _levels(flat)]
    return min(gaps, default=NEAR) < NEAR


@cache
def _codes() -> dict[str, str]:
    """ISO 639 codes by the folded names of languages."""
    lines = (resources.files("oim.features.cv.extraction") / "languages.txt").read_text("utf-8").splitlines()
    told = (line.split(" ", 1) for line in lines)
    return {name: code for code, names in told for name in names.split("|")}


@cache
def _pattern() -> re.Pattern[str]:
    names = sorted(_codes(), key=len, reverse=True)
    return re.compile(rf"(?<![a-z])(?:{'|'.join(map(re.escape, names))})(?![a-z])")
