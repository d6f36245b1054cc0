"""What its owner ticked of a proposal, taken over into their profile; the proposal is then forgotten."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar
from uuid import UUID

from oim.features import profile
from oim.features.access import Actor
from oim.features.cv.service import proposal, settle
from oim.features.cv.types import Diploma, Job, Language, Level, Proposal
from oim.features.profile import Record, Spoken
from oim.kit.db import WriteSession

Item = TypeVar("Item")
Ticked = Mapping[str, Sequence[str]]  # places in each list of a proposal, by its name; "0" of what is no list
_LEVELS = {Level.NATIVE: profile.Level.NATIVE} | dict.fromkeys(
    (Level.C2, Level.C1, Level.B2), profile.Level.GOOD
)


def take(session: WriteSession, actor: Actor, person: UUID, document: UUID, ticked: Ticked) -> None:
    """Add what is ticked to a profile; nothing where the proposal was settled already.

    Raises BadInputError where the profile would hold too much, NotFoundError.
    """
    found = proposal(session, actor, document)
    if found is not None:
        profile.change(session, actor, person, lambda record: taken(record, found, ticked))
    settle(session, actor, document)


def taken(record: Record, found: Proposal, ticked: Ticked) -> Record:
    """The record with what was ticked: added to lists, in place of single values."""
    spoken = {one.language: one for one in record.languages}
    spoken |= {one.code: spoken_of(one) for one in _chosen(found.languages, ticked, "languages")}
    return replace(
        record,
        jobs=_with(record.jobs, map(job_of, _chosen(found.jobs, ticked, "jobs"))),
        diplomas=_with(record.diplomas, map(diploma_of, _chosen(found.diplomas, ticked, "diplomas"))),
        skills=_with(record.skills, _chosen(found.skills, ticked, "skills")),
        languages=tuple(spoken.values()),
        education=found.education if ticked.get("education") else record.education,
        experience_years=found.experience_years if ticked.get("years") else record.experience_years,
    )


def job_of(job: Job) -> profile.Job:
    """A job as a profile holds it."""
    return profile.Job(job.title, job.employer, job.from_year, None if job.present else job.to_year)


def diploma_of(diploma: Diploma) -> str:
    """A diploma as a profile holds it."""
    return f"{diploma.words}, {diploma.year}" if diploma.year else diploma.words


def spoken_of(language: Language) -> Spoken:
    """A language as a profile holds it."""
    level = _LEVELS.get(language.level, profile.Level.SOME) if language.level else None
    return Spoken(language.code, level)


def _chosen(items: Sequence[Item], ticked: Ticked, name: str) -> list[Item]:
    wanted = frozenset(ticked.get(name, ()))
    return [item for place, item in enumerate(items) if str(place) in wanted]


def _with(held: Sequence[Item], more: Iterable[Item]) -> tuple[Item, ...]:
    return tuple(dict.fromkeys([*held, *more]))
