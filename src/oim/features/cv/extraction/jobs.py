"""Jobs: each is told by its dates; its title and employer stand beside these, or in lines around them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from oim.features.cv.extraction.date_anchors import Anchor, anchors
from oim.features.cv.extraction.dates import Span
from oim.features.cv.extraction.education import is_study
from oim.features.cv.extraction.employers import may_employ
from oim.features.cv.extraction.job_titles import NAMED, apart, does, isco, score
from oim.features.cv.extraction.pieces import pieces
from oim.features.cv.extraction.sections import Placed, Section
from oim.features.cv.types import Job
from oim.features.profile import MOST
from oim.kit.text import fold

LONGEST = 100  # characters of a title or an employer, and of a line that tells an undated job
SURE = 0.6  # score of a title outside the part of a CV that tells experience


@dataclass(frozen=True, slots=True)
class Found:
    """A job, and its dates as they were told."""

    job: Job
    span: Span | None


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where this CV names jobs that it does not name beside their dates, and employers likewise."""

    titles_above: bool
    employers_above: bool
    headed: bool  # a heading says where jobs are


def find(lines: Sequence[Placed], this_year: int) -> list[Found]:
    """The jobs of a CV, newest first."""
    dated = list(islice(anchors(lines, this_year), 2 * MOST))
    layout = _layout(dated, lines)
    found = [one for anchor in dated if (one := _job(anchor, layout))] or list(_undated(lines))
    unique = {(one.job.title.casefold(), one.job.from_year, one.job.to_year): one for one in found}
    return sorted(unique.values(), key=_newest)[:MOST]


def _newest(found: Found) -> tuple[bool, int, int]:
    job = found.job
    return not job.present, -(job.to_year or 0), -(job.from_year or 0)


def _layout(dated: Sequence[Anchor], lines: Sequence[Placed]) -> _Layout:
    """The ways of most of this CV's jobs."""
    titled = [(anchor, *_best(anchor.beside)) for anchor in dated]
    bare = [anchor for anchor, title, _ in titled if not title]
    alone = [anchor for anchor, title, others in titled if title and not any(map(may_employ, others))]
    return _Layout(
        titles_above=sum(bool(_first(one.above)[0]) for one in bare)
        >= sum(bool(_first(one.below)[0]) for one in bare),
        employers_above=sum(bool(_employers(one.above[:1])) for one in alone)
        > sum(bool(_employers(one.below[:1])) for one in alone),
        headed=any(Section.EXPERIENCE in line.sections for line in lines),
    )


def _job(anchor: Anchor, layout: _Layout) -> Found | None:
    title, others = _best(anchor.beside)
    around = anchor.above if layout.titles_above else anchor.below
    named, beside, further = _first(around)
    if title and (score(title) >= NAMED or score(named) < NAMED):
        others += _employers((anchor.above if layout.employers_above else anchor.below)[:1])
    elif named:
        title, others = named, [*beside, *anchor.beside, *_employers(further)]
    elif _tells_a_job(anchor):
        title, *others = [piece for piece in (*anchor.beside, *around, "") if not does(fold(piece))]
    if not title or not _accepted(anchor, title, layout):
        return None
    return Found(_worded(title, others, anchor.span), anchor.span)


def _best(told: Sequence[str]) -> tuple[str, list[str]]:
    """The piece that names a job, and the others: those after it first."""
    scored = [(score(piece), -place) for place, piece in enumerate(told)]
    best, place = max(scored, default=(0.0, 0))
    if best <= 0:
        return "", list(told)
    return told[-place], [*told[-place + 1 :], *told[:-place]]


def _first(around: Sequence[str]) -> tuple[str, list[str], list[str]]:
    """The nearest headline that names a job: its title, its other pieces, the other headlines."""
    for place, text in enumerate(around):
        title, others = _best(pieces(text))
        if title:
            return title, others, [*around[place + 1 :], *around[:place]]
    return "", [], []


def _employers(around: Sequence[str]) -> list[str]:
    """The first piece of each headline that names no job."""
    return [piece for text in around if not _best(pieces(text))[0] for piece in pieces(text)[:1]]


def _tells_a_job(anchor: Anchor) -> bool:
    """Whether dates can only be those of a job, however it is called."""
    headed = anchor.line.only(Section.EXPERIENCE) and not is_study(anchor.line.line.text)
    return headed and (not anchor.span.lone or anchor.opens)


def _accepted(anchor: Anchor, title: str, layout: _Layout) -> bool:
    """Among jobs, whatever is dated is one; elsewhere, what is surely named and is no schooling."""
    sections = anchor.line.sections
    if Section.EXPERIENCE in sections and Section.EDUCATION not in sections:
        return True
    if layout.headed and anchor.line.only(Section.EDUCATION):
        return False
    return score(title) >= SURE and not is_study(anchor.line.line.text) and not is_study(title)


def _undated(lines: Sequence[Placed]) -> Iterator[Found]:
    """Jobs of a CV that dates none."""
    for line in lines:
        if line.only(Section.EXPERIENCE) and len(line.line.text) <= LONGEST:
            title, others = _best(pieces(line.line.text))
            if title and score(title) >= SURE:
                yield Found(_worded(title, others, None), None)


def _worded(title: str, others: Sequence[str], span: Span | None) -> Job:
    name, company = apart(title)
    employer = next((one for one in (company, *others) if may_employ(one)), None)
    return Job(
        name[:LONGEST],
        employer[:LONGEST] if employer else None,
        span.start.year if span else None,
        span.end.year if span and span.end else None,
        present=span is not None and span.end is None,
        isco=isco(name),
    )
