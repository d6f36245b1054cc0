"""Reading and answering. An answer is kept at once; offers are chosen by it only where that was agreed to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from oim.features.access import Action, Actor, Resource, Subject, permit
from oim.features.consents import Purpose, agreed, decide
from oim.features.matching import profile_store
from oim.features.people import claim
from oim.features.profile.questions import Question, with_answer
from oim.features.profile.types import RECORD, Record, told
from oim.features.profile.validation import bounded
from oim.kit.db import ReadSession, WriteSession


def read(session: WriteSession, actor: Actor, person: UUID) -> Record:
    """What a person told; nothing yet is the empty record. Raises NotFoundError."""
    permit(session, actor, Action.READ, _subject(person))
    return _record(session, person)


def answer(
    session: WriteSession, actor: Actor, person: UUID, question: Question, values: Mapping[str, Any]
) -> Record:
    """Keep the answer to a question; the record with it. Raises BadInputError, NotFoundError."""
    permit(session, actor, Action.CHANGE, _subject(person), question=question.value)
    claim(session, person)
    return _keep(session, person, with_answer(_record(session, person), question, values))


def change(session: WriteSession, actor: Actor, person: UUID, changed: Callable[[Record], Record]) -> Record:
    """Another record in place of what was told, made of it. Raises BadInputError, NotFoundError."""
    permit(session, actor, Action.CHANGE, _subject(person), question="all")
    claim(session, person)  # before it is read, so that nobody's answer of meanwhile is lost
    return _keep(session, person, changed(_record(session, person)))


def consent(
    session: WriteSession,
    actor: Actor,
    person: UUID,
    wanted: Mapping[Purpose, bool],
    *,
    language: str,
    channel: str,
) -> None:
    """Agree or withdraw; from then on offers are, or are not, chosen by the profile. Raises NotFoundError."""
    claim(session, person)  # no answer is kept meanwhile by what was agreed to before
    decide(session, actor, person, wanted, language=language, channel=channel)
    if profile_store.told(session, person) is not None:
        _keep(session, person, _record(session, person))


def _keep(session: WriteSession, person: UUID, record: Record) -> Record:
    whole = told(bounded(record))
    matched = agreed(session, person, Purpose.MATCHING)
    profile_store.keep(session, person, RECORD.dump_json(whole).decode(), matched=matched)
    return whole


def _record(session: ReadSession, person: UUID) -> Record:
    held = profile_store.told(session, person)
    return Record() if held is None else RECORD.validate_json(held)


def _subject(person: UUID) -> Subject:
    return Subject(Resource.PROFILE, person=person)
