"""Dates that may be a job's, what their line says besides, and the headlines around it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from oim.features.cv.extraction.dates import Span, find_spans, split_around, starts_with_present
from oim.features.cv.extraction.job_titles import is_headline, score_job_title
from oim.features.cv.extraction.lines import Line, split_pieces, strip_label, trim_piece
from oim.features.cv.extraction.sections import PlacedLine, Section

MAX_HEADLINE_DISTANCE = 3  # lines above or below dates that may name the job
_DOCUMENT_DATE = re.compile(r"(?<![a-z])(?:updated|mis a jour|last modified|fait a|signature)(?![a-z])")
_EXCLUDED_SECTIONS = frozenset({Section.PRIVATE, Section.LANGUAGES})


@dataclass(frozen=True, slots=True)
class DateAnchor:
    """Dates, their line, its other pieces, headlines above and below (nearest first).

    `opens`: the line begins with the dates.
    """

    span: Span
    line: PlacedLine
    starts_line: bool
    other_pieces: tuple[str, ...]
    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()


def find_date_anchors(lines: Sequence[PlacedLine], this_year: int) -> Iterator[DateAnchor]:
    """Every line with dates that may be a job's. Two lines that begin with one date each may be one."""
    place = 0
    while place < len(lines):
        one = _find_anchor(lines[place], this_year)
        following = lines[place + 1] if place + 1 < len(lines) else None
        both = _join_next_line(one, following, this_year) if one and following else None
        last = place + (both is not None)
        if found := both or one:
            above = _read_headlines(
                found.line, lines[max(0, place - MAX_HEADLINE_DISTANCE) : place][::-1], this_year
            )
            below = _read_headlines(found.line, lines[last + 1 : last + 1 + MAX_HEADLINE_DISTANCE], this_year)
            yield replace(found, above=tuple(above), below=tuple(below))
        place = last + 1


def _find_anchor(line: PlacedLine, this_year: int) -> DateAnchor | None:
    found = find_spans(line.line.folded_text, this_year)
    span = next((one for one in found if not one.is_single_date), found[0] if found else None)
    if (
        span is None
        or (line.sections and line.sections <= _EXCLUDED_SECTIONS)
        or _DOCUMENT_DATE.search(line.line.folded_text)
    ):
        return None
    before, after = split_around(line.line.text, line.line.folded_text, span)
    if span.is_single_date and trim_piece(before) and trim_piece(after):
        return None  # a year within a sentence
    return DateAnchor(span, line, not trim_piece(before), (*split_pieces(before), *split_pieces(after)))


def _join_next_line(anchor: DateAnchor, following: PlacedLine, this_year: int) -> DateAnchor | None:
    """A beginning in one line and its end in the next: only that, or the job's name with it."""
    if not (anchor.span.is_single_date and anchor.starts_line and anchor.other_pieces):
        return None
    if starts_with_present(following.line.folded_text):
        return replace(anchor, span=replace(anchor.span, end=None, is_single_date=False))
    other = _find_anchor(following, this_year)
    if (
        other is None
        or not (other.span.is_single_date and other.starts_line)
        or other.span.start.year < anchor.span.start.year
    ):
        return None
    if other.other_pieces and not (_has_no_title(anchor) and not _has_no_title(other)):
        return None
    span = replace(anchor.span, end=other.span.start, is_single_date=False)
    return replace(anchor, span=span, other_pieces=(*anchor.other_pieces, *other.other_pieces))


def _has_no_title(anchor: DateAnchor) -> bool:
    """Whether a line has a month and a year, and no job's name beside them."""
    return anchor.span.start.month is not None and not any(map(score_job_title, anchor.other_pieces))


def _read_headlines(dated: PlacedLine, lines: Sequence[PlacedLine], this_year: int) -> Iterator[str]:
    """Lines of its part as far as they may name something: none that tells dates, or says what is done."""
    for line in lines:
        text = strip_label(line.line.text)
        near = line.sections == dated.sections or line.sections & dated.sections
        if (
            not near
            or line.line.bullet
            or not is_headline(Line(text))
            or find_spans(line.line.folded_text, this_year)
        ):
            return
        yield text
