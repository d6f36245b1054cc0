"""Languages and how well each is known, in the words of CVs in French and English."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from oim.features.cv.extraction.sections import PlacedLine, Section
from oim.features.cv.types import Language, Level

MAX_LEVEL_DISTANCE = 25  # letters between a language and its level, where no heading tells languages
MAX_LANGUAGES = 12

_LEVEL_WORDS = {
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
_LEVEL_PATTERNS = tuple(
    (re.compile(rf"(?<![a-z0-9])(?:{words})(?![a-z0-9+])"), level) for level, words in _LEVEL_WORDS.items()
)
_LANGUAGE_LABEL = re.compile(r"(?<![a-z])(?:languages?|langues?|bilingue|bilingual)(?![a-z])")


@dataclass(frozen=True, slots=True)
class _LanguageMatch:
    """A language, and where it stands in its line."""

    code: str
    start_offset: int
    end_offset: int


@dataclass(frozen=True, slots=True)
class _LevelMatch:
    """A level, and where it stands in its line. `coded`: by its code of the CEFR."""

    level: Level
    start_offset: int
    end_offset: int
    is_cefr_code: bool


def extract_languages(lines: Sequence[PlacedLine]) -> tuple[Language, ...]:
    """The languages of a CV, in its order."""
    here = [line.line.folded_text for line in lines if Section.LANGUAGES in line.sections]
    told = list(_match_lines(here)) or [
        one for line in lines if _states_languages(line) for one in _match_line(line.line.folded_text)
    ]
    known: dict[str, Level | None] = {}
    for code, level in told:
        known[code] = known.get(code) or level
    return tuple(Language(code, level) for code, level in list(known.items())[:MAX_LANGUAGES])


def is_language(folded_text: str) -> bool:
    """Whether folded words are the name of a language."""
    return folded_text in _load_codes()


def _match_lines(lines: Sequence[str]) -> Iterator[tuple[str, Level | None]]:
    """A language alone in its line may have its level in the next."""
    for flat, following in zip(lines, [*lines[1:], ""], strict=False):
        found = list(_match_line(flat))
        if len(found) == 1 and found[0][1] is None and not _match_names(following):
            found = [(found[0][0], _pick_level(_match_levels(following)))]
        yield from found


def _match_line(folded_text: str) -> Iterator[tuple[str, Level | None]]:
    """Each language takes the level after it, or the one before it where the line begins with a level."""
    names, levels = _match_names(folded_text), _match_levels(folded_text)
    before = bool(names and levels and levels[0].start_offset < names[0].start_offset)
    shared = before and len(levels) == 1  # "bilingue français, anglais"
    starts, ends = (
        [0, *(name.end_offset for name in names)],
        [*(name.start_offset for name in names), len(folded_text)],
    )
    for place, name in enumerate(names):
        gap = place if before else place + 1
        within = [level for level in levels if shared or starts[gap] <= level.start_offset < ends[gap]]
        yield name.code, _pick_level(within)


def _match_names(folded_text: str) -> list[_LanguageMatch]:
    return [
        _LanguageMatch(_load_codes()[found[0]], *found.span())
        for found in _compile_name_pattern().finditer(folded_text)
    ]


def _match_levels(folded_text: str) -> list[_LevelMatch]:
    """The levels in a line, the longer words where two overlap."""
    every = [
        _LevelMatch(level, *found.span(), is_cefr_code=found[0].upper() == level)
        for pattern, level in _LEVEL_PATTERNS
        for found in pattern.finditer(folded_text)
    ]
    kept: list[_LevelMatch] = []
    for one in sorted(every, key=lambda known: (known.start_offset, -known.end_offset)):
        if not kept or one.start_offset >= kept[-1].end_offset:
            kept.append(one)
    return kept


def _pick_level(levels: Sequence[_LevelMatch]) -> Level | None:
    """A level given by its code, else the first."""
    found = next((one for one in levels if one.is_cefr_code), levels[0] if levels else None)
    return found.level if found else None


def _states_languages(line: PlacedLine) -> bool:
    """Whether a line outside any list of languages tells some: under a label, or with their levels beside."""
    flat = line.line.folded_text
    if Section.PRIVATE in line.sections or not (names := _match_names(flat)):
        return False
    if _LANGUAGE_LABEL.search(flat) and len(names) > 1:
        return True
    gaps = [
        max(name.start_offset - level.end_offset, level.start_offset - name.end_offset)
        for name in names
        for level in _match_levels(flat)
    ]
    return min(gaps, default=MAX_LEVEL_DISTANCE) < MAX_LEVEL_DISTANCE


@cache
def _load_codes() -> dict[str, str]:
    """ISO 639 codes by the folded names of languages."""
    lines = (resources.files("oim.features.cv.extraction") / "languages.txt").read_text("utf-8").splitlines()
    told = (line.split(" ", 1) for line in lines)
    return {name: code for code, names in told for name in names.split("|")}


@cache
def _compile_name_pattern() -> re.Pattern[str]:
    names = sorted(_load_codes(), key=len, reverse=True)
    return re.compile(rf"(?<![a-z])(?:{'|'.join(map(re.escape, names))})(?![a-z])")
