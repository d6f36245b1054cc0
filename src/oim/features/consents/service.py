"""Deciding, and what is in force. Silence is no consent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select

from oim.features.access import Action, Actor, Resource, Subject, permit
from oim.features.consents.models import ConsentRow
from oim.kit.clock import now
from oim.kit.db import ReadSession, WriteSession

VERSION = "2026-11"  # of the words in `channels.wording.consents`; a house test holds them to it


class Purpose(StrEnum):
    """What personal data may be used for, each agreed to on its own."""

    MATCHING = "matching"  # their profile chooses offers for them
    MESSAGES = "messages"  # they are written to about offers and applications
    SHARING = "sharing"  # a partner they apply to receives what they choose to send
    STATISTICS = "statistics"  # they are counted, nameless


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision: of which words (their version and language), through which channel, when."""

    purpose: Purpose
    given: bool
    version: str
    language: str
    channel: str
    at: datetime


def record_decisions(
    session: WriteSession,
    actor: Actor,
    person: UUID,
    choices: Mapping[Purpose, bool],
    *,
    language: str,
    channel: str,
) -> list[Purpose]:
    """Agree to some purposes, withdraw from others; those that changed."""
    held = _load_latest(session, person)
    changed = [
        purpose for purpose, given in choices.items() if given != (purpose in held and held[purpose].given)
    ]
    told = {purpose.value: "given" if choices[purpose] else "withdrawn" for purpose in changed}
    permit(session, actor, Action.CHANGE, Subject(Resource.CONSENTS, person=person), **told)
    if not changed:
        return []
    at = now()
    session.add_all(
        ConsentRow(
            person_id=person,
            purpose=purpose.value,
            given=choices[purpose],
            version=VERSION,
            language=language,
            channel=channel,
            at=at,
        )
        for purpose in changed
    )
    session.flush()
    return changed


def load_decisions(session: WriteSession, actor: Actor, person: UUID) -> dict[Purpose, Decision]:
    """The last decision about each purpose that was decided about. Raises NotFoundError."""
    permit(session, actor, Action.READ, Subject(Resource.CONSENTS, person=person))
    return _load_latest(session, person)


def load_history(session: WriteSession, actor: Actor, person: UUID) -> Sequence[Decision]:
    """Every decision, oldest first. Raises NotFoundError."""
    permit(session, actor, Action.READ, Subject(Resource.CONSENTS, person=person))
    return list(_iterate_decisions(session, person))


def has_agreed(session: ReadSession, person: UUID, purpose: Purpose) -> bool:
    """Whether a purpose is agreed to now."""
    row = session.scalar(
        select(ConsentRow.given)
        .where(ConsentRow.person_id == person, ConsentRow.purpose == purpose.value)
        .order_by(ConsentRow.id.desc())
        .limit(1)
    )
    return bool(row)


def _load_latest(session: ReadSession, person: UUID) -> dict[Purpose, Decision]:
    return {one.purpose: one for one in _iterate_decisions(session, person)}


def _iterate_decisions(session: ReadSession, person: UUID) -> Iterable[Decision]:
    rows = session.scalars(select(ConsentRow).where(ConsentRow.person_id == person).order_by(ConsentRow.id))
    for row in rows:
        yield Decision(Purpose(row.purpose), row.given, row.version, row.language, row.channel, row.at)
