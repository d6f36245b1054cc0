"""Jobs: each is told by its dates; its title and employer stand beside these, or in lines around them."""

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
from oim.features.cv.types import Job
from oim.features.profile import MAX_ITEMS
from oim.kit.text import fold

MAX_LENGTH = 100  # characters of a title or an employer, and of a line that tells an undated job
MIN_TITLE_SCORE = 0.6  # score of a title outside the part of a CV that tells experience


@dataclass(frozen=True, slots=True)
class ExtractedJob:
    """A job, and its dates as they were told."""

    job: Job
    span: Span | None


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where this CV names jobs that it does not name beside their dates, and employers likewise."""

    titles_above: bool
    employers_above: bool
    has_experience_heading: bool  # a heading says where jobs are


def extract_jobs(lines: Sequence[PlacedLine], this_year: int) -> list[ExtractedJob]:
    """The jobs of a CV, newest first."""
    dated = list(islice(find_date_anchors(lines, this_year), 2 * MAX_ITEMS))
    layout = _detect_layout(dated, lines)
    found = [one for anchor in dated if (one := _extract_job(anchor, layout))] or list(
        _extract_undated(lines)
    )
    unique = {(one.job.title.casefold(), one.job.from_year, one.job.to_year): one for one in found}
    return sorted(unique.values(), key=_newest_first)[:MAX_ITEMS]


def _newest_first(extracted_job: ExtractedJob) -> tuple[bool, int, int]:
    job = extracted_job.job
    return not job.present, -(job.to_year or 0), -(job.from_year or 0)


def _detect_layout(dated: Sequence[DateAnchor], lines: Sequence[PlacedLine]) -> _Layout:
    """The ways of most of this CV's jobs."""
    titled = [(anchor, *_pick_title(anchor.other_pieces)) for anchor in dated]
    bare = [anchor for anchor, title, _ in titled if not title]
    alone = [anchor for anchor, title, others in titled if title and not any(map(can_be_employer, others))]
    return _Layout(
        titles_above=sum(bool(_nearest_title(one.above)[0]) for one in bare)
        >= sum(bool(_nearest_title(one.below)[0]) for one in bare),
        employers_above=sum(bool(_employer_candidates(one.above[:1])) for one in alone)
        > sum(bool(_employer_candidates(one.below[:1])) for one in alone),
        has_experience_heading=any(Section.EXPERIENCE in line.sections for line in lines),
    )


def _extract_job(anchor: DateAnchor, layout: _Layout) -> ExtractedJob | None:
    title, others = _pick_title(anchor.other_pieces)
    around = anchor.above if layout.titles_above else anchor.below
    named, beside, further = _nearest_title(around)
    if title and (score_job_title(title) >= TITLE_WORD_SCORE or score_job_title(named) < TITLE_WORD_SCORE):
        others += _employer_candidates((anchor.above if layout.employers_above else anchor.below)[:1])
    elif named:
        title, others = named, [*beside, *anchor.other_pieces, *_employer_candidates(further)]
    elif _can_only_be_job(anchor):
        title, *others = [
            piece for piece in (*anchor.other_pieces, *around, "") if not describes_activity(fold(piece))
        ]
    if not title or not _is_accepted(anchor, title, layout):
        return None
    return ExtractedJob(_build_job(title, others, anchor.span), anchor.span)


def _pick_title(candidates: Sequence[str]) -> tuple[str, list[str]]:
    """The piece that names a job, and the others: those after it first."""
    scored = [(score_job_title(piece), -place) for place, piece in enumerate(candidates)]
    best, place = max(scored, default=(0.0, 0))
    if best <= 0:
        return "", list(candidates)
    return candidates[-place], [*candidates[-place + 1 :], *candidates[:-place]]


def _nearest_title(headlines: Sequence[str]) -> tuple[str, list[str], list[str]]:
    """The nearest headline that names a job: its title, its other pieces, the other headlines."""
    for place, text in enumerate(headlines):
        title, others = _pick_title(split_pieces(text))
        if title:
            return title, others, [*headlines[place + 1 :], *headlines[:place]]
    return "", [], []


def _employer_candidates(headlines: Sequence[str]) -> list[str]:
    """The first piece of each headline that names no job."""
    return [
        piece
        for text in headlines
        if not _pick_title(split_pieces(text))[0]
        for piece in split_pieces(text)[:1]
    ]


def _can_only_be_job(anchor: DateAnchor) -> bool:
    """Whether dates can only be those of a job, however it is called."""
    headed = anchor.line.is_only_in(Section.EXPERIENCE) and not mentions_schooling(anchor.line.line.text)
    return headed and (not anchor.span.is_single_date or anchor.starts_line)


def _is_accepted(anchor: DateAnchor, title: str, layout: _Layout) -> bool:
    """Among jobs, whatever is dated is one; elsewhere, what is surely named and is no schooling."""
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
    """Jobs of a CV that dates none."""
    for line in lines:
        if line.is_only_in(Section.EXPERIENCE) and len(line.line.text) <= MAX_LENGTH:
            title, others = _pick_title(split_pieces(line.line.text))
            if title and score_job_title(title) >= MIN_TITLE_SCORE:
                yield ExtractedJob(_build_job(title, others, None), None)


def _build_job(title: str, other_pieces: Sequence[str], span: Span | None) -> Job:
    name, company = split_title_employer(title)
    employer = next((one for one in (company, *other_pieces) if can_be_employer(one)), None)
    return Job(
        name[:MAX_LENGTH],
        employer[:MAX_LENGTH] if employer else None,
        span.start.year if span else None,
        span.end.year if span and span.end else None,
        present=span is not None and span.end is None,
        isco=find_isco_groups(name),
    )
