"""Reading and changing profiles. An answer is saved at once; it is matched only if the person agreed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from oim.features import events, opportunities
from oim.features.access import Action, Actor, Grant, Resource, Subject, permit
from oim.features.consents import Purpose, has_agreed, record_decisions
from oim.features.matching import (
    group_decisive_papers,
    list_known_answers,
    load_profile_json,
    save_profile,
)
from oim.features.people import lock_person
from oim.features.profile.questions import Question, Strength, apply_answer, compute_strength
from oim.features.profile.types import RECORD, Record, with_search_text
from oim.features.profile.validation import validate_record
from oim.kit.clock import now
from oim.kit.db import ReadSession, WriteSession


def load_record(session: WriteSession, actor: Actor, person: UUID) -> Record:
    """A person's record; the empty one where they have answered nothing. Raises NotFoundError."""
    permit(session, actor, Action.READ, _subject(person))
    return _stored_record(session, person)


def load_cv_part(session: ReadSession, grant: Grant) -> Record:
    """The part of a person's record that a CV has too: work, schooling, skills, languages.

    Neither their situation nor their place, their savings or what they look for goes with a CV.
    """
    record = _stored_record(session, grant.person)
    return Record(
        jobs=record.jobs,
        experience_years=record.experience_years,
        education=record.education,
        diplomas=record.diplomas,
        skills=record.skills,
        languages=record.languages,
    )


def load_strength(session: ReadSession, record: Record) -> Strength:
    """How many questions a record answers, and the next answer that would decide the most open offers."""
    papers = group_decisive_papers(opportunities.list_paper_names(session))
    known = list_known_answers(record, now())
    return compute_strength(record, opportunities.count_by_condition(session, known, papers))


def save_answer(
    session: WriteSession, actor: Actor, person: UUID, question: Question, values: Mapping[str, Any]
) -> Record:
    """Save the answer to a question and return the changed record. Raises BadInputError, NotFoundError."""
    permit(session, actor, Action.CHANGE, _subject(person), question=question.value)
    lock_person(session, person)
    return _save_record(session, person, apply_answer(_stored_record(session, person), question, values))


def update_record(
    session: WriteSession, actor: Actor, person: UUID, update: Callable[[Record], Record]
) -> Record:
    """Replace a person's record by what `update` makes of it. Raises BadInputError, NotFoundError."""
    permit(session, actor, Action.CHANGE, _subject(person), question="all")
    lock_person(session, person)  # before reading: no answer saved meanwhile is overwritten
    return _save_record(session, person, update(_stored_record(session, person)))


def save_consents(
    session: WriteSession,
    actor: Actor,
    person: UUID,
    decisions: Mapping[Purpose, bool],
    *,
    language: str,
    channel: str,
) -> None:
    """Record decisions on consent; from then on the profile is matched, or is not. Raises NotFoundError."""
    lock_person(session, person)  # an answer saved at the same time must see the new decision
    changed = record_decisions(session, actor, person, decisions, language=language, channel=channel)
    if Purpose.STATISTICS in changed and not decisions[Purpose.STATISTICS]:
        events.cut_pseudonym(session, person)
    # Saving again moves the profile into matching, or out of it, by the new decision.
    if load_profile_json(session, person) is not None:
        _save_record(session, person, _stored_record(session, person))


def _save_record(session: WriteSession, person: UUID, record: Record) -> Record:
    whole = with_search_text(validate_record(record))
    matched = has_agreed(session, person, Purpose.MATCHING)
    save_profile(session, person, RECORD.dump_json(whole).decode(), matched=matched)
    return whole


def _stored_record(session: ReadSession, person: UUID) -> Record:
    stored = load_profile_json(session, person)
    return Record() if stored is None else RECORD.validate_json(stored)


def _subject(person: UUID) -> Subject:
    return Subject(Resource.PROFILE, person=person)
