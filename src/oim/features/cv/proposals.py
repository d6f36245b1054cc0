"""Accepting a proposal: what its owner ticked is merged into their profile, then the proposal is wiped.

Proposals that nobody settles are purged after their time of retention.
"""

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
# What was ticked in the form: by the name of a list of the proposal, the positions of its items ("0", "2");
# for what is no list (`education`, `years`), "0".
Selection = Mapping[str, Sequence[str]]
# A profile tells three levels of a language apart; B1 and lower become SOME.
_PROFILE_LEVELS = {Level.NATIVE: profile.Level.NATIVE} | dict.fromkeys(
    (Level.C2, Level.C1, Level.B2), profile.Level.GOOD
)
BATCH_SIZE = 200  # rows wiped in one transaction


def accept_proposal(
    session: WriteSession, actor: Actor, person: UUID, document: UUID, selection: Selection
) -> None:
    """Add the ticked items of a proposal to a profile; does nothing where the proposal was settled already.

    The proposal is settled either way. Raises BadInputError where the profile would get too long,
    NotFoundError.
    """
    proposal = load_proposal(session, actor, document)
    if proposal is not None:
        profile.update_record(session, actor, person, lambda record: merge_into(record, proposal, selection))
    settle_proposal(session, actor, document)


def merge_into(record: Record, proposal: Proposal, selection: Selection) -> Record:
    """Merge the ticked items into a profile's record: lists get longer, single values are replaced."""
    # The CV's level of a language replaces the one stated before; a CV that names none leaves it.
    spoken = map(to_profile_language, _select(proposal.languages, selection, "languages"))
    return replace(
        record,
        jobs=_append_new(record.jobs, map(to_profile_job, _select(proposal.jobs, selection, "jobs"))),
        diplomas=_append_new(
            record.diplomas, map(to_profile_diploma, _select(proposal.diplomas, selection, "diplomas"))
        ),
        skills=_append_new(record.skills, _select(proposal.skills, selection, "skills")),
        languages=profile.merge_languages(record.languages, spoken),
        education=proposal.education if selection.get("education") else record.education,
        experience_years=proposal.experience_years if selection.get("years") else record.experience_years,
    )


def to_profile_job(job: Job) -> profile.Job:
    """Convert a job to the profile's form, where no last year means that it goes on."""
    return profile.Job(job.title, job.employer, job.from_year, None if job.present else job.to_year)


def to_profile_diploma(diploma: Diploma) -> str:
    """Convert a diploma to the profile's form: one text, with its year."""
    return f"{diploma.words}, {diploma.year}" if diploma.year else diploma.words


def to_profile_language(language: Language) -> SpokenLanguage:
    """Convert a language and its level to the profile's form."""
    level = _PROFILE_LEVELS.get(language.level, profile.Level.SOME) if language.level else None
    return SpokenLanguage(profile.normalise_language(language.code), level)


def _select(items: Sequence[Item], selection: Selection, name: str) -> list[Item]:
    """Pick the items of a list of the proposal whose positions were ticked; unknown positions are ignored."""
    positions = frozenset(selection.get(name, ()))
    return [item for position, item in enumerate(items) if str(position) in positions]


def _append_new(items: Sequence[Item], additions: Iterable[Item]) -> tuple[Item, ...]:
    """Append items that are not in the list yet, in order."""
    return tuple(dict.fromkeys([*items, *additions]))


def purge_unsettled(database: Database, before: datetime) -> int:
    """Wipe proposals of CVs that were read before an instant and never settled; return how many."""
    total = 0
    while wiped := _purge_batch(database, before):
        total += wiped
    return total


def _purge_batch(database: Database, before: datetime) -> int:
    """Wipe one batch of old proposals in a transaction of its own; return how many."""
    old = DocumentRow.proposal.is_not(None), DocumentRow.read_at < before
    with database.write() as session:
        # A row that its owner is settling at this moment is locked: it is skipped, not waited for.
        query = select(DocumentRow.id, DocumentRow.person_id).where(*old).limit(BATCH_SIZE)
        rows = session.execute(query.with_for_update(skip_locked=True)).all()
        for id_, person in rows:
            subject = Subject(Resource.DOCUMENT, str(id_), person=person)
            permit(session, SYSTEM, Action.CHANGE, subject, what="forgotten")
        ids = [id_ for id_, _ in rows]
        session.execute(update(DocumentRow).where(DocumentRow.id.in_(ids)).values(proposal=None))
    return len(rows)
