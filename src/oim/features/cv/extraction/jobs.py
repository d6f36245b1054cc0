"""Extraction of jobs: each is found by its dates; its title and employer are beside these or in lines near.

CVs are laid out in many forms, but each CV mostly in one: whether titles and employers are above or below the
dates is decided once for the whole CV (`_Layout`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from oim.features.cv.extraction.date_anchors import DateAnchor, find_date_anchors
from oim.features.cv.extraction.dates import Span
from oim.features.cv.extraction.education import mentions_schooling
from oim.features.cv.extraction.job_titles import (
    TITLE_WORD_SCORE,
    can_be_employer,
    describes_activity,
    find_isco_groups,
    score_job_title,
    split_title_employer,
)
from oim.features.cv.extraction.lines import split_pieces
from oim.features.cv.extraction.sections import PlacedLine, Section
from oim.features.cv.types import Doubt, Job
from oim.features.profile import MAX_ITEMS
from oim.kit.text import fold

MAX_LENGTH = 100  # characters of a title or an employer, and of a line with a job without dates
MIN_TITLE_SCORE = 0.6  # least score of a title outside the section on experience


@dataclass(frozen=True, slots=True)
class ExtractedJob:
    """A job, its dates with their months, from which years of experience are counted, and what is unsure."""

    job: Job
    span: Span | None
    doubt: Doubt | None = None


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where this CV puts the titles and employers that are not on the line of the dates."""

    titles_above: bool
    employers_above: bool
    has_experience_heading: bool  # some section is on experience


def extract_jobs(lines: Sequence[PlacedLine], this_year: int) -> list[ExtractedJob]:
    """Extract the jobs of a CV, newest first."""
    # Twice as many as a profile holds, since some dates turn out to be those of no job.
    anchors = list(islice(find_date_anchors(lines, this_year), 2 * MAX_ITEMS))
    layout = _detect_layout(anchors, lines)
    dated_jobs = [job for anchor in anchors if (job := _extract_job(anchor, layout))]
    extracted_jobs = dated_jobs or list(_extract_undated(lines))
    unique = {
        (extracted.job.title.casefold(), extracted.job.from_year, extracted.job.to_year): extracted
        for extracted in extracted_jobs
    }
    return sorted(unique.values(), key=_newest_first)[:MAX_ITEMS]


def _newest_first(extracted_job: ExtractedJob) -> tuple[bool, int, int]:
    """Sort key: jobs that go on first, then by their last and first year, descending."""
    job = extracted_job.job
    return not job.present, -(job.to_year or 0), -(job.from_year or 0)


def _detect_layout(anchors: Sequence[DateAnchor], lines: Sequence[PlacedLine]) -> _Layout:
    """Detect the layout of a CV by majority over its dates."""
    titled = [(anchor, *_pick_title(anchor.other_pieces)) for anchor in anchors]
    # Only dates that lack a title, or an employer, on their own line show where it is instead.
    untitled = [anchor for anchor, title, _ in titled if not title]
    without_employer = [
        anchor for anchor, title, pieces in titled if title and not any(map(can_be_employer, pieces))
    ]
    return _Layout(
        titles_above=sum(bool(_nearest_title(anchor.above)[0]) for anchor in untitled)
        >= sum(bool(_nearest_title(anchor.below)[0]) for anchor in untitled),
        employers_above=sum(bool(_employer_candidates(anchor.above[:1])) for anchor in without_employer)
        > sum(bool(_employer_candidates(anchor.below[:1])) for anchor in without_employer),
        has_experience_heading=any(Section.EXPERIENCE in line.sections for line in lines),
    )


def _extract_job(anchor: DateAnchor, layout: _Layout) -> ExtractedJob | None:
    """Make the job of an anchor; None where its dates are those of no job."""
    title, employers = _pick_title(anchor.other_pieces)
    headlines = anchor.above if layout.titles_above else anchor.below
    nearby_title, nearby_pieces, other_headlines = _nearest_title(headlines)
    # The title on the dates' own line, unless it is a weak one and a headline has a clear one.
    if title and (
        score_job_title(title) >= TITLE_WORD_SCORE or score_job_title(nearby_title) < TITLE_WORD_SCORE
    ):
        employers += _employer_candidates((anchor.above if layout.employers_above else anchor.below)[:1])
    elif nearby_title:
        title = nearby_title
        employers = [*nearby_pieces, *anchor.other_pieces, *_employer_candidates(other_headlines)]
    # Words that we do not know as a title, but where nothing else can stand. "" ends the list, so that there
    # is always a first piece.
    elif _can_only_be_job(anchor):
        title, *employers = [
            piece for piece in (*anchor.other_pieces, *headlines, "") if not describes_activity(fold(piece))
        ]
    if not title or not _is_accepted(anchor, title, layout):
        return None
    return ExtractedJob(
        _build_job(title, employers, anchor.span), anchor.span, _find_doubt(title, anchor.line.sections)
    )


def _pick_title(candidates: Sequence[str]) -> tuple[str, list[str]]:
    """Pick the piece that is most surely a title; return it and the other pieces, those after it first."""
    # Negative positions, so that of equal scores the first wins.
    scored = [(score_job_title(piece), -index) for index, piece in enumerate(candidates)]
    best, index = max(scored, default=(0.0, 0))
    if best <= 0:
        return "", list(candidates)
    return candidates[-index], [*candidates[-index + 1 :], *candidates[:-index]]


def _nearest_title(headlines: Sequence[str]) -> tuple[str, list[str], list[str]]:
    """Find the nearest headline with a title: that title, its other pieces, the other headlines."""
    for index, text in enumerate(headlines):
        title, pieces = _pick_title(split_pieces(text))
        if title:
            return title, pieces, [*headlines[index + 1 :], *headlines[:index]]
    return "", [], []


def _employer_candidates(headlines: Sequence[str]) -> list[str]:
    """List the first piece of each headline that has no title."""
    return [
        piece
        for text in headlines
        if not _pick_title(split_pieces(text))[0]
        for piece in split_pieces(text)[:1]
    ]


def _can_only_be_job(anchor: DateAnchor) -> bool:
    """Whether dates can only be those of a job, whatever the words beside them."""
    is_experience = anchor.line.is_only_in(Section.EXPERIENCE) and not mentions_schooling(
        anchor.line.line.text
    )
    return is_experience and (not anchor.span.is_single_date or anchor.starts_line)


def _is_accepted(anchor: DateAnchor, title: str, layout: _Layout) -> bool:
    """Whether dates with a title are a job.

    In the section on experience they always are; elsewhere the title must be clear and not about schooling.
    """
    sections = anchor.line.sections
    if Section.EXPERIENCE in sections and Section.EDUCATION not in sections:
        return True
    if layout.has_experience_heading and anchor.line.is_only_in(Section.EDUCATION):
        return False
    return (
        score_job_title(title) >= MIN_TITLE_SCORE
        and not mentions_schooling(anchor.line.line.text)
        and not mentions_schooling(title)
    )


def _extract_undated(lines: Sequence[PlacedLine]) -> Iterator[ExtractedJob]:
    """Yield the jobs of a CV that has no dates: lines on experience with a clear title."""
    for line in lines:
        if line.is_only_in(Section.EXPERIENCE) and len(line.line.text) <= MAX_LENGTH:
            title, pieces = _pick_title(split_pieces(line.line.text))
            if title and score_job_title(title) >= MIN_TITLE_SCORE:
                yield ExtractedJob(_build_job(title, pieces, None), None)


def _find_doubt(title: str, sections: frozenset[Section]) -> Doubt | None:
    """Find what is unsure about a job: its line, or its title."""
    if len(sections) > 1:
        return Doubt.COLUMNS
    return None if score_job_title(title) > 0 else Doubt.UNKNOWN


def _build_job(title: str, other_pieces: Sequence[str], span: Span | None) -> Job:
    """Make a job of its title, the pieces that may name its employer (the best first), and its span."""
    name, company = split_title_employer(title)
    employer = next((piece for piece in (company, *other_pieces) if can_be_employer(piece)), None)
    return Job(
        name[:MAX_LENGTH],
        employer[:MAX_LENGTH] if employer else None,
        span.start.year if span else None,
        span.end.year if span and span.end else None,
        # A job without dates may be over: only an open span says that it goes on.
        present=span is not None and span.end is None,
        isco=find_isco_groups(name),
    )
