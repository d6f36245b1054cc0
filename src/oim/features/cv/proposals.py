"""What its owner ticked of a proposal, taken over into their profile; the proposal is then forgotten."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select, update

from oim.features import profile
from oim.features.access import SYSTEM, Action, Actor, Resource, Subject, permit
from oim.features.cv.models import DocumentRow
from oim.features.cv.service import load_proposal, settle_proposal
from oim.features.cv.types import Diploma, Job, Language, Level, Proposal
from oim.features.profile import Record, SpokenLanguage
from oim.kit.db import Database, WriteSession

Item = TypeVar("Item")
Selection = Mapping[
    str, Sequence[str]
]  # places in each list of a proposal, by its name; "0" of what is no list
_PROFILE_LEVELS = {Level.NATIVE: profile.Level.NATIVE} | dict.fromkeys(
    (Level.C2, Level.C1, Level.B2), profile.Level.GOOD
)
BATCH_SIZE = 200  # a transaction


def accept_proposal(
    session: WriteSession, actor: Actor, person: UUID, document: UUID, selection: Selection
) -> None:
    """Add what is ticked to a profile; nothing where the proposal was settled already.

    Raises BadInputError where the profile would hold too much, NotFoundError.
    """
    found = load_proposal(session, actor, document)
    if found is not None:
        profile.update_record(session, actor, person, lambda record: merge_into(record, found, selection))
    settle_proposal(session, actor, document)


def merge_into(record: Record, proposal: Proposal, selection: Selection) -> Record:
    """The record with what was ticked: added to lists, in place of single values."""
    spoken = {one.language: one for one in record.languages}
    spoken |= {
        one.code: to_profile_language(one) for one in _select(proposal.languages, selection, "languages")
    }
    return replace(
        record,
        jobs=_append_new(record.jobs, map(to_profile_job, _select(proposal.jobs, selection, "jobs"))),
        diplomas=_append_new(
            record.diplomas, map(to_profile_diploma, _select(proposal.diplomas, selection, "diplomas"))
        ),
        skills=_append_new(record.skills, _select(proposal.skills, selection, "skills")),
        languages=tuple(spoken.values()),
        education=proposal.education if selection.get("education") else record.education,
        experience_years=proposal.experience_years if selection.get("years") else record.experience_years,
    )


def to_profile_job(job: Job) -> profile.Job:
    """A job as a profile holds it."""
    return profile.Job(job.title, job.employer, job.from_year, None if job.present else job.to_year)


def to_profile_diploma(diploma: Diploma) -> str:
    """A diploma as a profile holds it."""
    return f"{diploma.words}, {diploma.year}" if diploma.year else diploma.words


def to_profile_language(language: Language) -> SpokenLanguage:
    """A language as a profile holds it."""
    level = _PROFILE_LEVELS.get(language.level, profile.Level.SOME) if language.level else None
    return SpokenLanguage(language.code, level)


def _select(items: Sequence[Item], selection: Selection, name: str) -> list[Item]:
    wanted = frozenset(selection.get(name, ()))
    return [item for place, item in enumerate(items) if str(place) in wanted]


def _append_new(items: Sequence[Item], additions: Iterable[Item]) -> tuple[Item, ...]:
    return tuple(dict.fromkeys([*items, *additions]))


def purge_unsettled(database: Database, before: datetime) -> int:
    """Wipe proposals that have waited for their owner's word since before an instant; how many."""
    total = 0
    while wiped := _purge_batch(database, before):
        total += wiped
    return total


def _purge_batch(database: Database, before: datetime) -> int:
    old = DocumentRow.proposal.is_not(None), DocumentRow.read_at < before
    with database.write() as session:
        due = select(DocumentRow.id, DocumentRow.person_id).where(*old).limit(BATCH_SIZE)
        rows = session.execute(due.with_for_update(skip_locked=True)).all()
        for id_, person in rows:
            subject = Subject(Resource.DOCUMENT, str(id_), person=person)
            permit(session, SYSTEM, Action.CHANGE, subject, what="forgotten")
        ids = [id_ for id_, _ in rows]
        session.execute(update(DocumentRow).where(DocumentRow.id.in_(ids)).values(proposal=None))
    return len(rows)
