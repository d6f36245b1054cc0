"""Schooling: diplomas and courses with their years, and the highest level that is held."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from oim.features.cv.extraction.dates import Span, spans, without
from oim.features.cv.extraction.diplomas import is_held, level
from oim.features.cv.extraction.job_titles import score
from oim.features.cv.extraction.sections import Placed, Section
from oim.features.cv.types import Diploma
from oim.kit.text import fold

MOST = 20
LONGEST = 120  # characters

_STUDY = re.compile(
    r"(?<![a-z])(?:universit\w*|colleges?|lycees?|ecole|schools?|institut\w*|academ\w*|facult\w*|"
    r"polytechnic\w*|bachelor\w*|masters?|licence|bts|hnd|dut|dqp|cqp|cap|bepc|baccalaureat\w*|bac|"
    r"probatoire|gce|diplom\w*|degrees?|students?|etudiante?s?|courses?|certificat\w*|graduated?|m\.?sc|"
    r"b\.?sc|ph\.?d|mba)(?![a-z])"
)
_COLUMN = re.compile(r"\s*(?:\||\t)[\s,]*")
_EDGE = " -–—:;,.|/•*"
# Where no part of a CV tells schooling, only what cannot be anything else counts.
_PLAIN = re.compile(
    r"(?<![a-z])(?:bachelor(?:'?s)?(?: degree)?|master(?:'?s)? degree|master (?:of|in|en)|licence (?:en|de|"
    r"pro)|"
    r"baccalaureat|bac ?\+ ?\d|bts|hnd|dut|bepc|probatoire|doctorat|mba|gce (?:a|o|advanced|ordinary)\w*|"
    r"fslc)"
    r"(?![a-z])|[bm]\.?a\.? in |[bm]\.?sc\.?"
)


@dataclass(frozen=True, slots=True)
class _Told:
    """What a line of schooling says."""

    words: str
    level: int | None
    span: Span | None
    held: bool

    @property
    def year(self) -> int | None:
        return self.span.end.year if self.span and self.span.end else None


def is_study(words: str) -> bool:
    """Whether words speak of schooling."""
    return bool(_STUDY.search(fold(words)))


def find(lines: Sequence[Placed], this_year: int) -> tuple[Diploma, ...]:
    """The diplomas and courses of a CV, in its order. A level is given to what is held."""
    told = list(_joined(_told(lines, this_year)))
    if all(one.level is None for one in told):
        told += _plain(lines, this_year)
    unique = {(fold(one.words), one.year): one for one in told if one.words}
    return tuple(
        Diploma(one.words, one.year, one.level if one.held else None) for one in list(unique.values())[:MOST]
    )


def highest(diplomas: Iterable[Diploma]) -> int | None:
    """The highest ISCED 2011 level held."""
    return max((one.level for one in diplomas if one.level is not None), default=None)


def _told(lines: Sequence[Placed], this_year: int) -> Iterator[_Told]:
    for line in lines:
        if Section.EDUCATION not in line.sections or not line.line.text:
            continue
        told = _read(line, this_year)
        dated = told.span is not None and line.only(Section.EDUCATION) and not score(told.words)
        if told.level is not None or dated or (told.span and is_study(told.words)):
            yield told


def _read(line: Placed, this_year: int) -> _Told:
    text, flat = line.line.text, line.line.flat
    found = spans(flat, this_year)
    span = next((one for one in found if not one.lone), found[0] if found else None)
    said = " ".join(without(text, flat, span)) if span else text
    words = " ".join(_COLUMN.sub(", ", said).split()).strip(_EDGE)
    return _Told(words[:LONGEST], level(said), span, is_held(said) and not (span and span.end is None))


def _joined(told: Iterable[_Told]) -> Iterator[_Told]:
    """A diploma in one line and its dates in the next, or the one before, are one."""
    waiting: _Told | None = None
    for one in told:
        if waiting is None:
            waiting = one
        elif waiting.span is None and one.span is not None and one.level is None:
            yield replace(waiting, span=one.span, held=waiting.held and one.held)
            waiting = None
        elif waiting.level is None and one.level is not None and one.span is None:
            yield replace(one, span=waiting.span, held=waiting.held and one.held)
            waiting = None
        else:
            yield waiting
            waiting = one
    if waiting is not None:
        yield waiting


def _plain(lines: Sequence[Placed], this_year: int) -> Iterator[_Told]:
    for line in lines:
        if Section.PRIVATE not in line.sections and _PLAIN.search(line.line.flat):
            told = _read(line, this_year)
            if told.level is not None:
                yield told
