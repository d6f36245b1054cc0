"""Recording consent decisions, and reading which are in force.

A purpose that was never decided about is not agreed to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on

from oim.features.access import Action, Actor, Resource, Subject, permit
from oim.features.consents.models import ConsentRow
from oim.kit.clock import now
from oim.kit.db import ReadSession, WriteSession

# The version of the words in `channels.wording.consents`. A house test fails when the words change and this
# does not: each decision names the words that it was about.
VERSION = "2026-11-30"


class Purpose(StrEnum):
    """What personal data may be used for. Each purpose is agreed to on its own."""

    MATCHING = "matching"  # recommending offers by their profile
    MESSAGES = "messages"  # writing to them about offers and applications
    SHARING = "sharing"  # sending to a partner they apply to what they choose to send
    STATISTICS = "statistics"  # counting them, without names


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision: about which words (version, language), made through which channel, when."""

    purpose: Purpose
    agreed: bool
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
    """Record agreement to, or withdrawal from, some purposes. Returns the purposes whose decision changed.

    Channels call `profile.save_consents`, which also puts the profile into matching, or takes it out.
    Raises NotFoundError.
    """
    latest = _load_latest(session, person)
    # A first "no" is no change: without a decision a purpose is not agreed to.
    changed = [
        purpose
        for purpose, agreed in choices.items()
        if agreed != (purpose in latest and latest[purpose].agreed)
    ]
    changes = {purpose.value: "given" if choices[purpose] else "withdrawn" for purpose in changed}
    permit(session, actor, Action.CHANGE, Subject(Resource.CONSENTS, person=person), **changes)
    if not changed:
        return []
    at = now()
    session.add_all(
        ConsentRow(
            person_id=person,
            purpose=purpose.value,
            agreed=choices[purpose],
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
    """Load the last decision about each purpose that was ever decided about. Raises NotFoundError."""
    permit(session, actor, Action.READ, Subject(Resource.CONSENTS, person=person))
    return _load_latest(session, person)


def load_history(session: WriteSession, actor: Actor, person: UUID) -> Sequence[Decision]:
    """Load every decision of a person, oldest first. Raises NotFoundError."""
    permit(session, actor, Action.READ, Subject(Resource.CONSENTS, person=person))
    return list(_iterate_decisions(session, person))


def has_agreed(session: ReadSession, person: UUID, purpose: Purpose) -> bool:
    """Tell whether a person agrees to a purpose now. Nothing is recorded in the trail."""
    return person in find_agreeing(session, [person], purpose)


def find_agreeing(session: ReadSession, people: Iterable[UUID], purpose: Purpose) -> frozenset[UUID]:
    """Find which of some people agree to a purpose now. Nothing is recorded in the trail."""
    latest = (
        select(ConsentRow.person_id, ConsentRow.agreed)
        .where(ConsentRow.person_id.in_(list(people)), ConsentRow.purpose == purpose.value)
        # PostgreSQL's DISTINCT ON keeps the first row of each person, which is their last decision.
        .ext(distinct_on(ConsentRow.person_id))
        .order_by(ConsentRow.person_id, ConsentRow.id.desc())
    )
    return frozenset(person for person, agreed in session.execute(latest) if agreed)


def _load_latest(session: ReadSession, person: UUID) -> dict[Purpose, Decision]:
    """Load the decision in force for each purpose."""
    # Oldest first, so a later decision replaces an earlier one of the same purpose.
    return {decision.purpose: decision for decision in _iterate_decisions(session, person)}


def _iterate_decisions(session: ReadSession, person: UUID) -> Iterable[Decision]:
    """Iterate over the decisions of a person, oldest first."""
    rows = session.scalars(select(ConsentRow).where(ConsentRow.person_id == person).order_by(ConsentRow.id))
    for row in rows:
        yield Decision(Purpose(row.purpose), row.agreed, row.version, row.language, row.channel, row.at)
