"""The work a person did and the certificates they have, each in a row of labelled fields."""

from __future__ import annotations

import re
from collections.abc import Mapping

from oim.features.profile.rows import Row, fill_row, list_rows
from oim.features.profile.types import Job, Record
from oim.features.profile.validation import MAX_LINE_LENGTH, MAX_YEARS_AHEAD, MIN_YEAR
from oim.kit.clock import CAMEROON, now
from oim.kit.errors import BadInputError
from oim.kit.fields import FormFields, check_length, check_one_line, first_value, parse_number
from oim.kit.i18n import mark

JOB_ROW, DIPLOMA_ROW = "job", "diploma"
_SEPARATOR = "·"
_YEARS = re.compile(r"(\d{4})?(?:\s*[-–]\s*(\d{4})?)?")  # 2015, 2015-, 2015-2019, -2019
_DIPLOMA = re.compile(r"(.*\S), (\d{4})", re.DOTALL)  # as `cv` writes one too: `CAP couture, 2014`


def fill_jobs(record: Record) -> dict[str, object]:
    """The fields of a record's work, a row for each job."""
    fields: dict[str, object] = {}
    for number, job in enumerate(record.jobs):
        values = {"title": job.title, "employer": job.employer, "since": job.since, "until": job.until}
        fields |= fill_row(JOB_ROW, number, values)
    return fields


def parse_jobs(fields: FormFields) -> tuple[Job, ...]:
    """The work that the rows state, in their order. Raises BadInputError naming the field."""
    # A page that was opened before there were rows sends its lines.
    lines = [_parse_job_line(line) for line in split_lines(fields, "jobs")]
    return (*lines, *(_parse_job(row) for row in list_rows(fields, JOB_ROW)))


def _parse_job(row: Row) -> Job:
    """Parse a row. The employer and the years may be left out."""
    title = _parse_line(row, "title")
    if not title:
        raise BadInputError(mark("Say what work it was."), field=row.field("title"))
    since, until = _parse_year(row, "since"), _parse_year(row, "until")
    if since and until and until < since:
        message = mark("This year is before the one in which the work began.")
        raise BadInputError(message, field=row.field("until"))
    return Job(title, _parse_line(row, "employer") or None, since, until)


def format_job(job: Job) -> str:
    """Format a job on one line, `Tailor · Atelier Akwa · 2015-2019`."""
    years = f"{job.since or ''}-{job.until or ''}" if job.since or job.until else None
    return f" {_SEPARATOR} ".join(part for part in (job.title, job.employer, years) if part)


def _parse_job_line(line: str) -> Job:
    """Parse one line as `format_job` writes it; the employer and the years may be left out."""
    parts = [part.strip() for part in line.split(_SEPARATOR)]
    years = _YEARS.fullmatch(parts[-1]) if len(parts) > 1 and parts[-1] else None
    if years:
        parts.pop()
    since, until = (int(year) if year else None for year in years.groups()) if years else (None, None)
    return Job(parts[0], " ".join(parts[1:]) or None, since, until)


def fill_diplomas(record: Record) -> dict[str, object]:
    """The fields of a record's certificates, a row for each."""
    fields: dict[str, object] = {}
    for number, diploma in enumerate(record.diplomas):
        name, year = _split_diploma(diploma)
        fields |= fill_row(DIPLOMA_ROW, number, {"name": name, "year": year})
    return fields


def parse_diplomas(fields: FormFields) -> tuple[str, ...]:
    """The certificates that the rows state, in their order. Raises BadInputError naming the field."""
    rows = [_parse_diploma(row) for row in list_rows(fields, DIPLOMA_ROW)]
    return (*split_lines(fields, "diplomas"), *rows)


def _parse_diploma(row: Row) -> str:
    name, year = _parse_line(row, "name"), _parse_year(row, "year")
    if not name:
        raise BadInputError(mark("Say which certificate it is."), field=row.field("name"))
    diploma = f"{name}, {year}" if year else name
    check_length(diploma, MAX_LINE_LENGTH, row.field("name"))
    return diploma


def _split_diploma(diploma: str) -> tuple[str, str | None]:
    """Split a certificate into its name and its year, such that both together are the same text again."""
    match = _DIPLOMA.fullmatch(diploma)
    return (match[1], match[2]) if match and MIN_YEAR <= int(match[2]) <= _latest_year() else (diploma, None)


def split_lines(fields: FormFields, name: str) -> list[str]:
    """The lines of a field that are not blank."""
    return [line.strip() for line in first_value(fields, name).splitlines() if line.strip()]


def _parse_line(row: Row, part: str) -> str:
    check_one_line(row.value(part), row.field(part))
    check_length(row.value(part), MAX_LINE_LENGTH, row.field(part))
    return row.value(part)


def _parse_year(row: Row, part: str) -> int | None:
    message = mark("Give the year as four digits, such as 2015.")
    return parse_number(row.fields, row.field(part), MIN_YEAR, _latest_year(), message)


def _latest_year() -> int:
    return now().astimezone(CAMEROON).year + MAX_YEARS_AHEAD


def fill_experience(record: Record) -> Mapping[str, object]:
    """The fields of the question of work."""
    return {"experience": record.experience_years, **fill_jobs(record)}


def fill_education(record: Record) -> Mapping[str, object]:
    """The fields of the question of schooling."""
    return {"education": record.education, **fill_diplomas(record)}
