"""The whole of a CV, made a proposal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from oim.features.cv.extraction import education, jobs, languages, skills
from oim.features.cv.extraction.job_titles import score
from oim.features.cv.extraction.lines import Line, lines_of
from oim.features.cv.extraction.redaction import names, public, tells
from oim.features.cv.extraction.sections import Placed, heading, placed
from oim.features.cv.extraction.years import experience
from oim.features.cv.readers.result import LINES
from oim.features.cv.types import Proposal, Text


def find(text: Text, today: date) -> Proposal:
    """What a CV seems to say. It holds nothing that tells who its owner is or where they are reached."""
    told = _nameless(text)
    held = jobs.find(told, today.year)
    diplomas = education.find(told, today.year)
    return Proposal(
        jobs=tuple(one.job for one in held),
        education=education.highest(diplomas),
        diplomas=diplomas,
        skills=skills.find(told, today.year),
        languages=languages.find(told),
        experience_years=experience((one.span for one in held if one.span), today),
        scanned=text.scanned,
    )


def _nameless(text: Text) -> Sequence[Placed]:
    # Between the lines of a picture, empty ones say nothing.
    lines = [line for line in lines_of(text.lines[:LINES]) if line.text or not text.scanned]
    name = names(lines, _is_no_name)
    kept = public(line for line in lines if not (name and tells(line.text, name)))
    return list(placed(kept))


def _is_no_name(line: Line) -> bool:
    return bool(heading(line.text)) or score(line.text) > 0
