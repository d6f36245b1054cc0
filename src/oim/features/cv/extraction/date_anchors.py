"""Date anchors: dates that may be those of a job, the other pieces of their line, the headlines around it.

Jobs are found by their dates, since nothing else in a CV is written in so few forms.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from oim.features.cv.extraction.dates import Span, find_spans, split_around, starts_with_present
from oim.features.cv.extraction.job_titles import is_headline, score_job_title
from oim.features.cv.extraction.lines import Line, split_pieces, strip_label, trim_piece
from oim.features.cv.extraction.sections import PlacedLine, Section

MAX_HEADLINE_DISTANCE = 3  # lines above or below dates that may name the job
# The date of the CV itself: "Fait à Douala, le 3 mars 2020", "Last updated: 2021".
_DOCUMENT_DATE = re.compile(r"(?<![a-z])(?:updated|mis a jour|last modified|fait a|signature)(?![a-z])")
# Sections whose dates are never those of a job: births, leisure, language tests.
_EXCLUDED_SECTIONS = frozenset({Section.PRIVATE, Section.LANGUAGES})


@dataclass(frozen=True, slots=True)
class DateAnchor:
    """Dates with their line, the other pieces of that line, and the headlines above and below it.

    `starts_line`: the line begins with the dates. `above` and `below` have the nearest headline first.
    """

    span: Span
    line: PlacedLine
    starts_line: bool
    other_pieces: tuple[str, ...]
    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()


def find_date_anchors(lines: Sequence[PlacedLine], this_year: int) -> Iterator[DateAnchor]:
    """Yield an anchor for each line with dates that may be those of a job.

    Two lines may make one anchor: the first begins with the first date, the second with the last.
    """
    index = 0
    while index < len(lines):
        single = _find_anchor(lines[index], this_year)
        following = lines[index + 1] if index + 1 < len(lines) else None
        joined = _join_next_line(single, following, this_year) if single and following else None
        last = index + (joined is not None)
        if anchor := joined or single:
            # Reversed, so that the nearest line comes first.
            above = _read_headlines(
                anchor.line, lines[max(0, index - MAX_HEADLINE_DISTANCE) : index][::-1], this_year
            )
            below = _read_headlines(
                anchor.line, lines[last + 1 : last + 1 + MAX_HEADLINE_DISTANCE], this_year
            )
            yield replace(anchor, above=tuple(above), below=tuple(below))
        index = last + 1


def _find_anchor(line: PlacedLine, this_year: int) -> DateAnchor | None:
    """Make the anchor of one line; None where it has no dates, or none that can be those of a job."""
    spans = find_spans(line.line.folded_text, this_year)
    # Of several, the first that has a beginning and an end: a single date says less.
    span = next((span for span in spans if not span.is_single_date), spans[0] if spans else None)
    if (
        span is None
        or (line.sections and line.sections <= _EXCLUDED_SECTIONS)
        or _DOCUMENT_DATE.search(line.line.folded_text)
    ):
        return None
    before, after = split_around(line.line.text, line.line.folded_text, span)
    if span.is_single_date and trim_piece(before) and trim_piece(after):
        return None  # a year within a sentence: "Promoted in 2021 to head cashier"
    return DateAnchor(span, line, not trim_piece(before), (*split_pieces(before), *split_pieces(after)))


def _join_next_line(anchor: DateAnchor, following: PlacedLine, this_year: int) -> DateAnchor | None:
    """Join an anchor to the next line where that has the end of its span; None where it has not.

    The next line has only the end (`2018` below `2015 Caissière`), or also the title that this line lacks.
    """
    if not (anchor.span.is_single_date and anchor.starts_line and anchor.other_pieces):
        return None
    # "2019  Caissière", below it "à ce jour".
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
    """Whether an anchor has a month and a year, and no job title beside them."""
    return anchor.span.start.month is not None and not any(map(score_job_title, anchor.other_pieces))


def _read_headlines(dated: PlacedLine, lines: Sequence[PlacedLine], this_year: int) -> Iterator[str]:
    """Yield the lines next to an anchor that may name its job or employer, nearest first.

    Ends at the first line of another section, with dates, or that is no headline (an item or a sentence).
    """
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
