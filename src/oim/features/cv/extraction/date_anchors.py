"""Dates that may be a job's, what their line says besides, and the headlines around it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from oim.features.cv.extraction.dates import Span, goes_on, spans, without
from oim.features.cv.extraction.job_titles import is_headline, score
from oim.features.cv.extraction.lines import Line
from oim.features.cv.extraction.pieces import pieces, trimmed, unlabelled
from oim.features.cv.extraction.sections import Placed, Section

NEAR = 3  # lines above or below dates that may name the job
_STAMP = re.compile(r"(?<![a-z])(?:updated|mis a jour|last modified|fait a|signature)(?![a-z])")
_NEVER = frozenset({Section.PRIVATE, Section.LANGUAGES})


@dataclass(frozen=True, slots=True)
class Anchor:
    """Dates, their line, its other pieces, headlines above and below (nearest first).

    `opens`: the line begins with the dates.
    """

    span: Span
    line: Placed
    opens: bool
    beside: tuple[str, ...]
    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()


def anchors(lines: Sequence[Placed], this_year: int) -> Iterator[Anchor]:
    """Every line with dates that may be a job's. Two lines that begin with one date each may be one."""
    place = 0
    while place < len(lines):
        one = _anchor(lines[place], this_year)
        following = lines[place + 1] if place + 1 < len(lines) else None
        both = _continued(one, following, this_year) if one and following else None
        last = place + (both is not None)
        if found := both or one:
            above = _headlines(found.line, lines[max(0, place - NEAR) : place][::-1], this_year)
            below = _headlines(found.line, lines[last + 1 : last + 1 + NEAR], this_year)
            yield replace(found, above=tuple(above), below=tuple(below))
        place = last + 1


def _anchor(line: Placed, this_year: int) -> Anchor | None:
    found = spans(line.line.flat, this_year)
    span = next((one for one in found if not one.lone), found[0] if found else None)
    if span is None or (line.sections and line.sections <= _NEVER) or _STAMP.search(line.line.flat):
        return None
    before, after = without(line.line.text, line.line.flat, span)
    if span.lone and trimmed(before) and trimmed(after):
        return None  # a year within a sentence
    return Anchor(span, line, not trimmed(before), (*pieces(before), *pieces(after)))


def _continued(one: Anchor, following: Placed, this_year: int) -> Anchor | None:
    """A beginning in one line and its end in the next: only that, or the job's name with it."""
    if not (one.span.lone and one.opens and one.beside):
        return None
    if goes_on(following.line.flat):
        return replace(one, span=replace(one.span, end=None, lone=False))
    other = _anchor(following, this_year)
    if other is None or not (other.span.lone and other.opens) or other.span.start.year < one.span.start.year:
        return None
    if other.beside and not (_names_nothing(one) and not _names_nothing(other)):
        return None
    span = replace(one.span, end=other.span.start, lone=False)
    return replace(one, span=span, beside=(*one.beside, *other.beside))


def _names_nothing(one: Anchor) -> bool:
    """Whether a line has a month and a year, and no job's name beside them."""
    return one.span.start.month is not None and not any(map(score, one.beside))


def _headlines(dated: Placed, lines: Sequence[Placed], this_year: int) -> Iterator[str]:
    """Lines of its part as far as they may name something: none that tells dates, or says what is done."""
    for line in lines:
        text = unlabelled(line.line.text)
        near = line.sections == dated.sections or line.sections & dated.sections
        if not near or line.line.bullet or not is_headline(Line(text)) or spans(line.line.flat, this_year):
            return
        yield text
