"""From the text of a CV to a proposal: clean, redact, find the sections, extract each kind of fact."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from oim.features.cv.extraction import education, jobs, languages, skills
from oim.features.cv.extraction.dates import Span, YearMonth
from oim.features.cv.extraction.doubts import find_unsure
from oim.features.cv.extraction.job_titles import score_job_title
from oim.features.cv.extraction.lines import Line, clean_lines
from oim.features.cv.extraction.redaction import find_owner_names, mentions_name, redact_lines
from oim.features.cv.extraction.sections import PlacedLine, assign_sections, parse_heading
from oim.features.cv.readers.limits import MAX_LINES
from oim.features.cv.types import Proposal, Text

_MONTHS_PER_YEAR = 12
_DEFAULT_MONTH = 7  # July: the middle of a year whose month is not stated


def extract_proposal(text: Text, today: date) -> Proposal:
    """Extract a proposal from the text of a CV. It has nothing of its owner's identity or contacts.

    `today` ends jobs that go on, and bounds the years that can be dates.
    """
    lines = _redact(text)
    extracted_jobs = jobs.extract_jobs(lines, today.year)
    extracted_diplomas = education.extract_diplomas(lines, today.year)
    diplomas = tuple(extracted.diploma for extracted in extracted_diplomas)
    found_skills = skills.extract_skills(lines, today.year)
    return Proposal(
        jobs=tuple(extracted.job for extracted in extracted_jobs),
        education=education.highest_level(diplomas),
        diplomas=diplomas,
        skills=found_skills,
        languages=languages.extract_languages(lines),
        experience_years=count_experience_years(
            (extracted.span for extracted in extracted_jobs if extracted.span), today
        ),
        scanned=text.scanned,
        unsure=tuple(find_unsure(extracted_jobs, extracted_diplomas, found_skills, scanned=text.scanned)),
    )


def _redact(text: Text) -> Sequence[PlacedLine]:
    """Clean the lines, remove what is private, and assign the others to sections."""
    # OCR puts empty lines anywhere: in a scan they end no paragraph.
    lines = [line for line in clean_lines(text.lines[:MAX_LINES]) if line.text or not text.scanned]
    name = find_owner_names(lines, _is_heading_or_title)
    # First lines with the name alone or in a sentence, then private parts within lines.
    public_lines = redact_lines(line for line in lines if not (name and mentions_name(line.text, name)))
    return list(assign_sections(public_lines))


def _is_heading_or_title(line: Line) -> bool:
    """Whether a line that looks like a name is a heading or a job title instead: "Chef Comptable"."""
    return bool(parse_heading(line.text)) or score_job_title(line.text) > 0


def count_experience_years(spans: Iterable[Span], today: date) -> int | None:
    """Count the whole years of work; None without any span. Months of two jobs at once are counted once."""
    months: set[int] = set()
    known = False
    for span in spans:
        known = True
        # A last month that is stated counts in full: January 2019 to December 2021 is 36 months. Two years
        # without months are two Julys, so "2016 - 2018" is 24.
        last = span.end or YearMonth(today.year, today.month)
        months.update(
            range(
                _month_number(span.start),
                _month_number(last) + (last.month is not None or span.start == last),
            )
        )
    return len(months) // _MONTHS_PER_YEAR if known else None


def _month_number(moment: YearMonth) -> int:
    """Number months through the years, so that they can be counted in a set."""
    return moment.year * _MONTHS_PER_YEAR + (moment.month or _DEFAULT_MONTH)
