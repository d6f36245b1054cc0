"""Schooling: diplomas and courses with their years, and the highest level that is held."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from oim.features.cv.extraction.dates import Span, find_spans, split_around
from oim.features.cv.extraction.diplomas import detect_level, is_obtained
from oim.features.cv.extraction.job_titles import score_job_title
from oim.features.cv.extraction.sections import PlacedLine, Section
from oim.features.cv.types import Diploma
from oim.kit.text import fold

MAX_DIPLOMAS = 20
MAX_DIPLOMA_LENGTH = 120  # characters

_SCHOOLING_WORD = re.compile(
    r"(?<![a-z])(?:universit\w*|colleges?|lycees?|ecole|schools?|institut\w*|academ\w*|facult\w*|"
    r"polytechnic\w*|bachelor\w*|masters?|licence|bts|hnd|dut|dqp|cqp|cap|bepc|baccalaureat\w*|bac|"
    r"probatoire|gce|diplom\w*|degrees?|students?|etudiante?s?|courses?|certificat\w*|graduated?|m\.?sc|"
    r"b\.?sc|ph\.?d|mba)(?![a-z])"
)
_COLUMN_SEPARATOR = re.compile(r"\s*(?:\||\t)[\s,]*")
_EDGE_SIGNS = " -–—:;,.|/•*"
# Where no part of a CV tells schooling, only what cannot be anything else counts.
_UNMISTAKABLE_DIPLOMA = re.compile(
    r"(?<![a-z])(?:bachelor(?:'?s)?(?: degree)?|master(?:'?s)? degree|master (?:of|in|en)|licence (?:en|de|"
    r"pro)|"
    r"baccalaureat|bac ?\+ ?\d|bts|hnd|dut|bepc|probatoire|doctorat|mba|gce (?:a|o|advanced|ordinary)\w*|"
    r"fslc)"
    r"(?![a-z])|[bm]\.?a\.? in |[bm]\.?sc\.?"
)


@dataclass(frozen=True, slots=True)
class _EducationLine:
    """What a line of schooling says."""

    words: str
    level: int | None
    span: Span | None
    is_obtained: bool

    @property
    def year(self) -> int | None:
        return self.span.end.year if self.span and self.span.end else None


def mentions_schooling(words: str) -> bool:
    """Whether words speak of schooling."""
    return bool(_SCHOOLING_WORD.search(fold(words)))


def extract_diplomas(lines: Sequence[PlacedLine], this_year: int) -> tuple[Diploma, ...]:
    """The diplomas and courses of a CV, in its order. A level is given to what is held."""
    told = list(_join_adjacent(_read_section(lines, this_year)))
    if all(one.level is None for one in told):
        told += _read_unmistakable(lines, this_year)
    unique = {(fold(one.words), one.year): one for one in told if one.words}
    return tuple(
        Diploma(one.words, one.year, one.level if one.is_obtained else None)
        for one in list(unique.values())[:MAX_DIPLOMAS]
    )


def highest_level(diplomas: Iterable[Diploma]) -> int | None:
    """The highest ISCED 2011 level held."""
    return max((one.level for one in diplomas if one.level is not None), default=None)


def _read_section(lines: Sequence[PlacedLine], this_year: int) -> Iterator[_EducationLine]:
    for line in lines:
        if Section.EDUCATION not in line.sections or not line.line.text:
            continue
        told = _parse_line(line, this_year)
        dated = (
            told.span is not None and line.is_only_in(Section.EDUCATION) and not score_job_title(told.words)
        )
        if told.level is not None or dated or (told.span and mentions_schooling(told.words)):
            yield told


def _parse_line(line: PlacedLine, this_year: int) -> _EducationLine:
    text, flat = line.line.text, line.line.folded_text
    found = find_spans(flat, this_year)
    span = next((one for one in found if not one.is_single_date), found[0] if found else None)
    said = " ".join(split_around(text, flat, span)) if span else text
    words = " ".join(_COLUMN_SEPARATOR.sub(", ", said).split()).strip(_EDGE_SIGNS)
    return _EducationLine(
        words[:MAX_DIPLOMA_LENGTH],
        detect_level(said),
        span,
        is_obtained(said) and not (span and span.end is None),
    )


def _join_adjacent(entries: Iterable[_EducationLine]) -> Iterator[_EducationLine]:
    """A diploma in one line and its dates in the next, or the one before, are one."""
    waiting: _EducationLine | None = None
    for one in entries:
        if waiting is None:
            waiting = one
        elif waiting.span is None and one.span is not None and one.level is None:
            yield replace(waiting, span=one.span, is_obtained=waiting.is_obtained and one.is_obtained)
            waiting = None
        elif waiting.level is None and one.level is not None and one.span is None:
            yield replace(one, span=waiting.span, is_obtained=waiting.is_obtained and one.is_obtained)
            waiting = None
        else:
            yield waiting
            waiting = one
    if waiting is not None:
        yield waiting


def _read_unmistakable(lines: Sequence[PlacedLine], this_year: int) -> Iterator[_EducationLine]:
    for line in lines:
        if Section.PRIVATE not in line.sections and _UNMISTAKABLE_DIPLOMA.search(line.line.folded_text):
            told = _parse_line(line, this_year)
            if told.level is not None:
                yield told
