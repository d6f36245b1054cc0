"""What was read in a CV as lines to tick, and what was ticked taken over into a profile."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from oim.channels.web.fields import Typed
from oim.channels.web.me.answers import job_line
from oim.channels.web.options import SPOKEN
from oim.channels.wording import EDUCATION, LEVELS
from oim.features import cv
from oim.features.cv import Proposal
from oim.features.profile import Job, Level, Record, Spoken
from oim.kit.i18n import Translator

Choices = list[tuple[str, str]]
Item = TypeVar("Item")
_LEVELS = {
    cv.Level.NATIVE: Level.NATIVE,
    cv.Level.C2: Level.GOOD,
    cv.Level.C1: Level.GOOD,
    cv.Level.B2: Level.GOOD,
}


@dataclass(frozen=True, slots=True)
class Proposed:
    """The lines of each part of a CV, by their number."""

    jobs: Choices
    education: Choices
    diplomas: Choices
    skills: Choices
    languages: Choices
    years: Choices

    def ticked(self) -> dict[str, list[str]]:
        """The fields of the form with everything ticked: one unticks what is wrong."""
        parts = {name: getattr(self, name) for name in self.__slots__}
        return {name: [value for value, _ in choices] for name, choices in parts.items()}


def proposed(proposal: Proposal, t: Translator) -> Proposed:
    """A proposal as lines."""
    level, years = proposal.education, proposal.experience_years
    return Proposed(
        jobs=_numbered([job_line(_job(one)) for one in proposal.jobs]),
        education=[("0", t(EDUCATION[level]))] if level is not None else [],
        diplomas=_numbered([_diploma(one) for one in proposal.diplomas]),
        skills=_numbered(proposal.skills),
        languages=_numbered([_spoken_line(one, t) for one in proposal.languages]),
        years=[("0", t.plural("%(count)s year", "%(count)s years", years))] if years else [],
    )


def confirmed(record: Record, proposal: Proposal, sent: Typed) -> Record:
    """The record with what was ticked: added to lists, in place of single values."""
    jobs = [_job(one) for one in _chosen(proposal.jobs, sent, "jobs")]
    spoken = {one.language: one for one in record.languages}
    spoken |= {one.code: _spoken(one) for one in _chosen(proposal.languages, sent, "languages")}
    return replace(
        record,
        jobs=_with(record.jobs, jobs),
        diplomas=_with(record.diplomas, map(_diploma, _chosen(proposal.diplomas, sent, "diplomas"))),
        skills=_with(record.skills, _chosen(proposal.skills, sent, "skills")),
        languages=tuple(spoken.values()),
        education=proposal.education if sent.get("education") else record.education,
        experience_years=proposal.experience_years if sent.get("years") else record.experience_years,
    )


def _numbered(lines: Sequence[str]) -> Choices:
    return [(str(number), line) for number, line in enumerate(lines)]


def _chosen(items: Sequence[Item], sent: Typed, name: str) -> list[Item]:
    wanted = frozenset(sent.get(name, ()))
    return [item for number, item in enumerate(items) if str(number) in wanted]


def _with(held: Sequence[Item], more: Iterable[Item]) -> tuple[Item, ...]:
    return tuple(dict.fromkeys([*held, *more]))


def _job(job: cv.Job) -> Job:
    return Job(job.title, job.employer, job.from_year, None if job.present else job.to_year)


def _diploma(diploma: cv.Diploma) -> str:
    return f"{diploma.words}, {diploma.year}" if diploma.year else diploma.words


def _spoken(language: cv.Language) -> Spoken:
    level = _LEVELS.get(language.level, Level.SOME) if language.level else None
    return Spoken(language.code, level)


def _spoken_line(language: cv.Language, t: Translator) -> str:
    name = t(SPOKEN[language.code]) if language.code in SPOKEN else language.code
    level = _spoken(language).level
    return f"{name} ({t(LEVELS[level])})" if level else name
