"""Queueing messages in the transaction of the event that they are about, and looking at them afterwards.

`delivery` sends them. `purge_ended` deletes those that ended, after the term that `rights.register` states.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

from sqlalchemy import delete, exists, func, select

from oim.features import staff
from oim.features.access import SYSTEM, Action, Grant, Resource, Subject, permit
from oim.features.consents import Purpose, has_agreed
from oim.features.messages.models import MessageRow
from oim.features.messages.quiet_hours import find_allowed_time
from oim.features.messages.types import MessageKind, MessageState
from oim.features.people import Channel, Contact, find_recipient
from oim.kit.clock import HOSTS_APART, now, start_of_day
from oim.kit.db import ReadSession, WriteSession, seal

MESSAGE_LIFETIME = timedelta(days=2)  # after the allowed time; a code has a lifetime of its own


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message before it is stored."""

    person: UUID | None
    kind: MessageKind
    contact: Contact
    language: str
    payload: Mapping[str, str | int]
    staff: UUID | None = None


def queue_code(
    session: WriteSession, contact: Contact, language: str, code: str, lifetime: timedelta
) -> None:
    """Queue a one-time code, due at once even at night, as it was requested. Nobody may have the contact."""
    payload: dict[str, str | int] = {"code": code, "minutes": int(lifetime.total_seconds() // 60)}
    message = NewMessage(None, MessageKind.CODE, contact, language, payload)
    # Due for every worker, however little its clock is behind ours.
    _insert_message(session, message, now() - HOSTS_APART, lifetime + HOSTS_APART)


def queue_message(session: WriteSession, person: UUID, kind: MessageKind, **payload: str | int) -> bool:
    """Queue a message to a person for the next allowed time.

    Returns whether it was queued: not without the person's consent, or if they have no contact.
    """
    if not has_agreed(session, person, Purpose.MESSAGES):
        return False
    recipient = find_recipient(
        session, permit(session, SYSTEM, Action.READ, Subject(Resource.PERSON, person=person), what="message")
    )
    if recipient is None:
        return False
    contact, language = recipient
    start = find_allowed_time(now(), partial(_count_on_day, session, person))
    _insert_message(session, NewMessage(person, kind, contact, language, payload), start, MESSAGE_LIFETIME)
    return True


def queue_notice(
    session: WriteSession,
    person: UUID | None,
    contact: Contact,
    language: str,
    kind: MessageKind,
    **payload: str | int,
) -> UUID:
    """Queue one of the `NOTICES` to a contact, due at once by day. Nobody (`person` None) may have it.

    Returns its id.
    """
    draft = NewMessage(person, kind, contact, language, payload)
    return _insert_message(session, draft, now() - HOSTS_APART, MESSAGE_LIFETIME)


def queue_staff_message(session: WriteSession, member: UUID, kind: MessageKind, **payload: str | int) -> bool:
    """Queue an e-mail to a member of staff, unless one of this kind already waits to be sent.

    Returns whether it was queued: not to an account that cannot sign in.
    """
    waiting = (
        select(MessageRow.id)
        .where(MessageRow.staff_id == member, MessageRow.kind == kind.value, MessageRow.claim.is_(None))
        .where(MessageRow.state == MessageState.WAITING.value)
        .limit(1)
        # Locked, it is not sent before this transaction ends; one that is being sent knows nothing of it.
        .with_for_update(skip_locked=True)
    )
    mailbox = staff.find_mailbox(session, member)
    if mailbox is None or session.scalar(waiting) is not None:
        return False
    message = NewMessage(None, kind, *mailbox, payload, staff=member)
    _insert_message(session, message, find_allowed_time(now(), lambda _: 0), MESSAGE_LIFETIME)
    return True


def _count_on_day(session: ReadSession, person: UUID, day: date) -> int:
    """Count the messages to a person on a day (in Cameroon), sent or planned."""
    start, end = start_of_day(day), start_of_day(day + timedelta(days=1))
    on_day = MessageRow.person_id == person, MessageRow.not_before >= start, MessageRow.not_before < end
    return session.scalar(select(func.count()).select_from(MessageRow).where(*on_day)) or 0


def _insert_message(session: WriteSession, draft: NewMessage, start: datetime, lifetime: timedelta) -> UUID:
    """Store a message that is due at `start`, its address and values sealed. Returns its id."""
    id_ = uuid4()
    row = MessageRow(
        id=id_,
        person_id=draft.person,
        staff_id=draft.staff,
        kind=draft.kind.value,
        channel=draft.contact.channel.value,
        language=draft.language,
        address=seal(session, MessageRow.address, id_, draft.contact.value),
        payload=seal(session, MessageRow.payload, id_, json.dumps(draft.payload)),
        state=MessageState.WAITING.value,
        attempts=0,
        claim=None,
        created_at=now(),
        not_before=start,
        expires_at=start + lifetime,
        ended_at=None,
    )
    session.add(row)
    # At once, so that the next message of the same transaction is counted against the day's limit.
    session.flush()
    return id_


def was_notified(session: ReadSession, person: UUID, kind: MessageKind, since: datetime) -> bool:
    """Tell whether a message of this kind was queued for a person since an instant."""
    queued = MessageRow.person_id == person, MessageRow.kind == kind.value, MessageRow.created_at >= since
    return bool(session.scalar(select(exists().where(*queued))))


def find_first_sent(session: ReadSession, ids: Iterable[UUID]) -> datetime | None:
    """Find when the first of some messages was handed to its gateway; None while none was."""
    sent = MessageRow.id.in_(list(ids)), MessageRow.state == MessageState.SENT.value
    return session.scalar(select(func.min(MessageRow.ended_at)).where(*sent))


def purge_ended(session: WriteSession, before: datetime) -> int:
    """Delete messages that reached a final state before an instant. Returns how many."""
    ended = delete(MessageRow).where(MessageRow.ended_at < before)
    return len(session.scalars(ended.returning(MessageRow.id)).all())


def list_messages(
    session: ReadSession, grant: Grant
) -> list[tuple[datetime, MessageKind, Channel, MessageState]]:
    """List the messages to a person, oldest first: when queued, kind, channel and state."""
    rows = session.scalars(
        select(MessageRow).where(MessageRow.person_id == grant.person).order_by(MessageRow.created_at)
    )
    return [
        (row.created_at, MessageKind(row.kind), Channel(row.channel), MessageState(row.state)) for row in rows
    ]
