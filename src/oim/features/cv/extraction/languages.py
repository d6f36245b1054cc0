"""Extraction of languages and how well each is known, from the words of CVs in French and English.

All matching is done in folded text (small letters without accents). Names of languages and their ISO 639
codes are those of `oim.kit.i18n.language_names`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from oim.features.cv.extraction.sections import PlacedLine, Section
from oim.features.cv.types import Language, Level
from oim.kit.i18n.language_names import load_language_codes

MAX_LEVEL_DISTANCE = 25  # characters between a language and its level, outside a section on languages
MAX_LANGUAGES = 12

# Words of each level; the scale of LinkedIn ("limited working proficiency") is mapped to the CEFR as well.
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
# "Langues : ", "Bilingue français / anglais".
_LANGUAGE_LABEL = re.compile(r"(?<![a-z])(?:languages?|langues?|bilingue|bilingual)(?![a-z])")


@dataclass(frozen=True, slots=True)
class _LanguageMatch:
    """A language named in a line, and where."""

    code: str
    start_offset: int
    end_offset: int


@dataclass(frozen=True, slots=True)
class _LevelMatch:
    """A level named in a line, and where. `is_cefr_code`: by its code, such as "B2"."""

    level: Level
    start_offset: int
    end_offset: int
    is_cefr_code: bool


def extract_languages(lines: Sequence[PlacedLine]) -> tuple[Language, ...]:
    """Extract the languages of a CV, in its order.

    They come from the section on languages; where it has none, from other lines that clearly state some.
    """
    section = [line.line.folded_text for line in lines if Section.LANGUAGES in line.sections]
    matches = list(_match_lines(section)) or [
        match for line in lines if _states_languages(line) for match in _match_line(line.line.folded_text)
    ]
    # A language named twice keeps the first level that is stated for it.
    known: dict[str, Level | None] = {}
    for code, level in matches:
        known[code] = known.get(code) or level
    return tuple(Language(code, level) for code, level in list(known.items())[:MAX_LANGUAGES])


def is_language(folded_text: str) -> bool:
    """Whether folded words are the name of a language."""
    return folded_text in load_language_codes()


def _match_lines(lines: Sequence[str]) -> Iterator[tuple[str, Level | None]]:
    """Yield the languages of lines with their levels; one alone in its line may have it in the next."""
    for line, following in zip(lines, [*lines[1:], ""], strict=False):
        matches = list(_match_line(line))
        if len(matches) == 1 and matches[0][1] is None and not _match_names(following):
            matches = [(matches[0][0], _pick_level(_match_levels(following)))]
        yield from matches


def _match_line(folded_text: str) -> Iterator[tuple[str, Level | None]]:
    """Yield the languages of a line, each with the level after it, or before it if a level comes first."""
    names, levels = _match_names(folded_text), _match_levels(folded_text)
    before = bool(names and levels and levels[0].start_offset < names[0].start_offset)
    shared = before and len(levels) == 1  # "bilingue français, anglais"
    starts, ends = (
        [0, *(name.end_offset for name in names)],
        [*(name.start_offset for name in names), len(folded_text)],
    )
    # Gap 0 is what precedes the first name, gap 1 what follows it, and so on.
    for index, name in enumerate(names):
        gap = index if before else index + 1
        within = [level for level in levels if shared or starts[gap] <= level.start_offset < ends[gap]]
        yield name.code, _pick_level(within)


def _match_names(folded_text: str) -> list[_LanguageMatch]:
    """Find the names of languages in a line, in order."""
    return [
        _LanguageMatch(load_language_codes()[match[0]], *match.span())
        for match in _compile_name_pattern().finditer(folded_text)
    ]


def _match_levels(folded_text: str) -> list[_LevelMatch]:
    """Find the levels in a line, in order; of two that overlap, the one that begins first, or the longer."""
    candidates = [
        _LevelMatch(level, *match.span(), is_cefr_code=match[0].upper() == level)
        for pattern, level in _LEVEL_PATTERNS
        for match in pattern.finditer(folded_text)
    ]
    matches: list[_LevelMatch] = []
    # "tres bien" is C1, though "bien" within it is B2.
    for candidate in sorted(candidates, key=lambda match: (match.start_offset, -match.end_offset)):
        if not matches or candidate.start_offset >= matches[-1].end_offset:
            matches.append(candidate)
    return matches


def _pick_level(levels: Sequence[_LevelMatch]) -> Level | None:
    """Pick the level stated by its CEFR code, which is exact, else the first."""
    match = next((level for level in levels if level.is_cefr_code), levels[0] if levels else None)
    return match.level if match else None


def _states_languages(line: PlacedLine) -> bool:
    """Whether a line outside a section on languages states some: after a label, or with levels close by."""
    folded_text = line.line.folded_text
    if Section.PRIVATE in line.sections or not (names := _match_names(folded_text)):
        return False
    if _LANGUAGE_LABEL.search(folded_text) and len(names) > 1:
        return True
    # From a language to a level, whichever comes first; the other difference is negative.
    gaps = [
        max(name.start_offset - level.end_offset, level.start_offset - name.end_offset)
        for name in names
        for level in _match_levels(folded_text)
    ]
    return min(gaps, default=MAX_LEVEL_DISTANCE) < MAX_LEVEL_DISTANCE


@cache
def _compile_name_pattern() -> re.Pattern[str]:
    """Compile a pattern of all names of languages."""
    # Longest first: "arabe choa" before "arabe".
    names = sorted(load_language_codes(), key=len, reverse=True)
    return re.compile(rf"(?<![a-z])(?:{'|'.join(map(re.escape, names))})(?![a-z])")
