"""Reading and answering. An answer is kept at once; offers are chosen by it only where that was agreed to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from oim.features import opportunities
from oim.features.access import Action, Actor, Resource, Subject, permit
from oim.features.consents import Purpose, has_agreed, record_decisions
from oim.features.matching import load_profile_json, save_profile
from oim.features.people import lock_person
from oim.features.profile.questions import Question, Strength, apply_answer, compute_strength
from oim.features.profile.types import RECORD, Record, with_search_text
from oim.features.profile.validation import validate_record
from oim.kit.db import ReadSession, WriteSession


def load_record(session: WriteSession, actor: Actor, person: UUID) -> Record:
    """What a person told; nothing yet is the empty record. Raises NotFoundError."""
    permit(session, actor, Action.READ, _subject(person))
    return _stored_record(session, person)


def load_strength(session: ReadSession, record: Record) -> Strength:
    """How many questions a record answers, and the next answer that would decide the most open offers."""
    return compute_strength(record, opportunities.count_by_condition(session))


def save_answer(
    session: WriteSession, actor: Actor, person: UUID, question: Question, values: Mapping[str, Any]
) -> Record:
    """Keep the answer to a question; the record with it. Raises BadInputError, NotFoundError."""
    permit(session, actor, Action.CHANGE, _subject(person), question=question.value)
    lock_person(session, person)
    return _save_record(session, person, apply_answer(_stored_record(session, person), question, values))


def update_record(
    session: WriteSession, actor: Actor, person: UUID, update: Callable[[Record], Record]
) -> Record:
    """Another record in place of what was told, made of it. Raises BadInputError, NotFoundError."""
    permit(session, actor, Action.CHANGE, _subject(person), question="all")
    lock_person(session, person)  # before it is read, so that nobody's answer of meanwhile is lost
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
    """Agree or withdraw; from then on offers are, or are not, chosen by the profile. Raises NotFoundError."""
    lock_person(session, person)  # no answer is kept meanwhile by what was agreed to before
    record_decisions(session, actor, person, decisions, language=language, channel=channel)
    if load_profile_json(session, person) is not None:
        _save_record(session, person, _stored_record(session, person))


def _save_record(session: WriteSession, person: UUID, record: Record) -> Record:
    whole = with_search_text(validate_record(record))
    matched = has_agreed(session, person, Purpose.MATCHING)
    save_profile(session, person, RECORD.dump_json(whole).decode(), matched=matched)
    return whole


def _stored_record(session: ReadSession, person: UUID) -> Record:
    held = load_profile_json(session, person)
    return Record() if held is None else RECORD.validate_json(held)


def _subject(person: UUID) -> Subject:
    return Subject(Resource.PROFILE, person=person)
