"""The whole of a CV, made a proposal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from oim.features.cv.extraction import education, jobs, languages, skills
from oim.features.cv.extraction.dates import Span, YearMonth
from oim.features.cv.extraction.job_titles import score_job_title
from oim.features.cv.extraction.lines import Line, clean_lines
from oim.features.cv.extraction.redaction import find_owner_names, mentions_name, redact_lines
from oim.features.cv.extraction.sections import PlacedLine, assign_sections, parse_heading
from oim.features.cv.readers.result import MAX_LINES
from oim.features.cv.types import Proposal, Text

_MONTHS_PER_YEAR = 12  # months
_DEFAULT_MONTH = 7  # the month meant by a year alone


def extract_proposal(text: Text, today: date) -> Proposal:
    """What a CV seems to say. It holds nothing that tells who its owner is or where they are reached."""
    told = _redact(text)
    held = jobs.extract_jobs(told, today.year)
    diplomas = education.extract_diplomas(told, today.year)
    return Proposal(
        jobs=tuple(one.job for one in held),
        education=education.highest_level(diplomas),
        diplomas=diplomas,
        skills=skills.extract_skills(told, today.year),
        languages=languages.extract_languages(told),
        experience_years=count_experience_years((one.span for one in held if one.span), today),
        scanned=text.scanned,
    )


def _redact(text: Text) -> Sequence[PlacedLine]:
    # Between the lines of a picture, empty ones say nothing.
    lines = [line for line in clean_lines(text.lines[:MAX_LINES]) if line.text or not text.scanned]
    name = find_owner_names(lines, _is_heading_or_title)
    kept = redact_lines(line for line in lines if not (name and mentions_name(line.text, name)))
    return list(assign_sections(kept))


def _is_heading_or_title(line: Line) -> bool:
    return bool(parse_heading(line.text)) or score_job_title(line.text) > 0


def count_experience_years(spans: Iterable[Span], today: date) -> int | None:
    """Whole years of all spans together; None where there is none."""
    months: set[int] = set()
    known = False
    for span in spans:
        known = True
        last = span.end or YearMonth(today.year, today.month)
        months.update(
            range(
                _month_number(span.start),
                _month_number(last) + (last.month is not None or span.start == last),
            )
        )
    return len(months) // _MONTHS_PER_YEAR if known else None


def _month_number(moment: YearMonth) -> int:
    return moment.year * _MONTHS_PER_YEAR + (moment.month or _DEFAULT_MONTH)
