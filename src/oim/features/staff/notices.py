"""How often agents are written to about applications: what they choose, and who is due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_

from oim.features.access import NOT_FOUND_MESSAGE, Actor, Role
from oim.features.people import Channel, Contact
from oim.features.staff.models import StaffRow
from oim.features.staff.service import select_active
from oim.kit.clock import now
from oim.kit.db import ReadSession, WriteSession, unseal
from oim.kit.errors import BadInputError, NotFoundError
from oim.kit.i18n import Language, mark


class Notices(StrEnum):
    """How often an agent is written to."""

    AT_ONCE = "at_once"
    DAILY = "daily"


@dataclass(frozen=True, slots=True)
class DueDigest:
    """An agent whose digest is due: what came since `since` is in it."""

    member: UUID
    organisation: UUID
    since: datetime


def find_notices(session: ReadSession, actor: Actor) -> Notices:
    """Find how often an agent is written to. Raises NotFoundError for whoever is none."""
    return Notices(_load_agent(session, actor).notices)


def choose_notices(session: WriteSession, actor: Actor, choice: str, language: Language) -> None:
    """Store how often an agent wants to be written to, and in which language.

    Raises BadInputError for another choice; NotFoundError for whoever is no agent.
    """
    row = _load_agent(session, actor)
    if choice not in set(Notices):
        raise BadInputError(mark("Choose from the list."), field="notices")
    if row.notices != choice:  # what came before the choice was written about, or is not to be
        row.digested_at = now()
    row.notices, row.language = choice, language


def list_agents_at_once(session: ReadSession, organisation: UUID) -> Sequence[UUID]:
    """List the agents of an organisation who are written to at once."""
    agents = _is_agent_with(Notices.AT_ONCE), StaffRow.organisation_id == organisation
    rows = session.scalars(select_active(*agents).order_by(StaffRow.id))
    return [row.id for row in rows]


def list_digest_members(session: ReadSession, since: datetime) -> Sequence[UUID]:
    """List the agents who want a digest and have had none since an instant."""
    not_yet = or_(StaffRow.digested_at.is_(None), StaffRow.digested_at < since)
    return [row.id for row in session.scalars(select_active(_is_agent_with(Notices.DAILY), not_yet))]


def take_digest(session: WriteSession, member: UUID, since: datetime, at: datetime) -> DueDigest | None:
    """Mark a digest as made at `at`, and say what belongs into it; None if another run has made it."""
    not_yet = or_(StaffRow.digested_at.is_(None), StaffRow.digested_at < since)
    is_due = _is_agent_with(Notices.DAILY), StaffRow.id == member, not_yet
    row = session.scalar(select_active(*is_due).with_for_update())
    if row is None or row.organisation_id is None or row.confirmed_at is None:
        return None
    due = DueDigest(row.id, row.organisation_id, row.digested_at or row.confirmed_at)
    row.digested_at = at
    return due


def find_mailbox(session: ReadSession, member: UUID) -> tuple[Contact, str] | None:
    """Find the mailbox and the language of a member; None for an account that cannot sign in."""
    row = session.scalar(select_active(StaffRow.id == member))
    if row is None:
        return None
    return Contact(Channel.EMAIL, unseal(session, StaffRow.email, row.id, row.email)), row.language


def _is_agent_with(notices: Notices) -> ColumnElement[bool]:
    """The condition that an account is an agent's who chose this."""
    return and_(StaffRow.role == Role.AGENT.value, StaffRow.notices == notices.value)


def _load_agent(session: ReadSession, actor: Actor) -> StaffRow:
    """Load the account of an actor who is an agent. Raises NotFoundError."""
    row = None
    if actor.role is Role.AGENT:
        row = session.scalar(select_active(StaffRow.id == actor.id))
    if row is None:
        raise NotFoundError(NOT_FOUND_MESSAGE)
    return row
