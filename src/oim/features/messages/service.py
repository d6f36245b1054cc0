"""Queueing and delivering messages, each sent once.

A message is queued in the transaction of the event that it is about. A process that delivers it claims it for
`CLAIM_DURATION` before it calls the gateway; if the process dies, another one tries again after that, under
the same id, by which gateways recognise a message that they have already sent.

A message ends when it is sent, or is given up: after its lifetime, or once its person may not be written to.
Ended messages are deleted by `purge_ended` after the term that `rights.register` states.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

from sqlalchemy import delete, exists, func, select, update

from oim.features.access import SYSTEM, Action, Grant, Resource, Subject, permit
from oim.features.consents import Purpose, has_agreed
from oim.features.messages.models import MessageRow
from oim.features.messages.quiet_hours import find_allowed_time, is_daytime
from oim.features.messages.types import MessageKind, OutgoingMessage, Sender
from oim.features.people import Channel, Contact, find_recipient, has_contact
from oim.kit.clock import now, start_of_day
from oim.kit.db import Database, ReadSession, WriteSession, seal, unseal
from oim.kit.errors import UnavailableError
from oim.kit.telemetry import logger

# Longer than a run usually takes for its batch. If it takes longer, another process may send the rest of the
# batch too; gateways ignore an id that they have seen.
CLAIM_DURATION = timedelta(seconds=60)
RETRY_DELAYS = (5, 30, 120, 600, 3600)  # seconds before the next try; the last one is repeated
MESSAGE_LIFETIME = timedelta(days=2)  # after the allowed time; a code has a lifetime of its own
BATCH_SIZE = 50  # messages claimed by one run


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message before it is stored."""

    person: UUID | None
    kind: MessageKind
    contact: Contact
    language: str
    payload: Mapping[str, str | int]


# Renders a kind and its values in a language, as subject and text.
RenderMessage = Callable[[MessageKind, Mapping[str, str | int], str], tuple[str, str]]


def queue_code(
    session: WriteSession, contact: Contact, language: str, code: str, lifetime: timedelta
) -> None:
    """Queue a one-time code, due at once even at night, as it was requested. Nobody may have the contact."""
    payload: dict[str, str | int] = {"code": code, "minutes": int(lifetime.total_seconds() // 60)}
    _insert_message(session, NewMessage(None, MessageKind.CODE, contact, language, payload), now(), lifetime)


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


def _count_on_day(session: ReadSession, person: UUID, day: date) -> int:
    """Count the messages to a person on a day (in Cameroon), sent or planned."""
    start, end = start_of_day(day), start_of_day(day + timedelta(days=1))
    on_day = MessageRow.person_id == person, MessageRow.not_before >= start, MessageRow.not_before < end
    return session.scalar(select(func.count()).select_from(MessageRow).where(*on_day)) or 0


def _insert_message(session: WriteSession, draft: NewMessage, start: datetime, lifetime: timedelta) -> None:
    """Store a message that is due at `start`, its address and values sealed."""
    id_ = uuid4()
    row = MessageRow(
        id=id_,
        person_id=draft.person,
        kind=draft.kind.value,
        channel=draft.contact.channel.value,
        language=draft.language,
        address=seal(session, MessageRow.address, id_, draft.contact.value),
        payload=seal(session, MessageRow.payload, id_, json.dumps(draft.payload)),
        state="waiting",
        attempts=0,
        created_at=now(),
        not_before=start,
        expires_at=start + lifetime,
        ended_at=None,
    )
    session.add(row)
    # At once, so that the next message of the same transaction is counted against the day's limit.
    session.flush()


def was_notified(session: ReadSession, person: UUID, kind: MessageKind, since: datetime) -> bool:
    """Tell whether a message of this kind was queued for a person since an instant."""
    queued = MessageRow.person_id == person, MessageRow.kind == kind.value, MessageRow.created_at >= since
    return bool(session.scalar(select(exists().where(*queued))))


def purge_ended(session: WriteSession, before: datetime) -> int:
    """Delete messages that were sent or given up before an instant. Returns how many."""
    ended = delete(MessageRow).where(MessageRow.ended_at < before)
    return len(session.scalars(ended.returning(MessageRow.id)).all())


def list_messages(session: ReadSession, grant: Grant) -> list[tuple[datetime, MessageKind, Channel, str]]:
    """List the messages to a person, oldest first: when queued, kind, channel and state."""
    rows = session.scalars(
        select(MessageRow).where(MessageRow.person_id == grant.person).order_by(MessageRow.created_at)
    )
    return [(row.created_at, MessageKind(row.kind), Channel(row.channel), row.state) for row in rows]


def deliver(database: Database, senders: Mapping[Channel, Sender], render: RenderMessage) -> int:
    """Send the messages that are due, up to `BATCH_SIZE`. Returns how many were sent.

    No session is open while a gateway is called, as it may take long.
    """
    sent_count = 0
    for id_ in _claim_due(database):
        sent_count += _deliver_one(database, senders, render, id_)
    return sent_count


def _claim_due(database: Database) -> list[UUID]:
    """Claim the messages that are due, so that no other process sends them; give up those that expired."""
    at = now()
    is_waiting = MessageRow.state == "waiting"
    with database.write() as session:
        _give_up_expired(session, at)
        # SKIP LOCKED: a process that runs at the same time takes other messages instead of waiting.
        due = (
            select(MessageRow.id)
            .where(is_waiting, MessageRow.not_before <= at, MessageRow.kind.in_(_list_kinds_allowed_at(at)))
            .order_by(MessageRow.not_before)
            .limit(BATCH_SIZE)
            .with_for_update(skip_locked=True)
        )
        # The claim is a later `not_before`, which outlives this transaction, and ends by itself.
        claim = (
            update(MessageRow)
            .where(MessageRow.id.in_(due))
            .values(not_before=at + CLAIM_DURATION, attempts=MessageRow.attempts + 1)
        )
        return list(session.scalars(claim.returning(MessageRow.id)))


def _give_up_expired(session: WriteSession, at: datetime) -> None:
    """End the messages that could not be sent within their lifetime; what they said is wiped."""
    expired = update(MessageRow).where(MessageRow.state == "waiting", MessageRow.expires_at <= at)
    session.execute(expired.values(state="given_up", address=None, payload=None, ended_at=at))


def _list_kinds_allowed_at(at: datetime) -> list[str]:
    """List the kinds that may be sent at this hour: at night only codes, which were requested."""
    # Looked at again when sending: a message planned by day may be late.
    return [kind.value for kind in MessageKind if kind is MessageKind.CODE or is_daytime(at)]


def _deliver_one(
    database: Database, senders: Mapping[Channel, Sender], render: RenderMessage, id_: UUID
) -> bool:
    """Send one claimed message. Returns whether it was sent; if the gateway fails, it waits to be retried."""
    with database.read() as session:
        row = session.get(MessageRow, id_)
        if row is None or row.address is None or row.payload is None:  # erased or given up meanwhile
            return False
        channel, attempts = Channel(row.channel), row.attempts
        address = unseal(session, MessageRow.address, id_, row.address)
        is_allowed = row.person_id is None or _is_still_allowed(
            session, row.person_id, Contact(channel, address)
        )
        payload = json.loads(unseal(session, MessageRow.payload, id_, row.payload))
        subject, text = render(MessageKind(row.kind), payload, row.language)
    # Out of the session, as what follows opens others and calls the gateway.
    if not is_allowed:
        _update_message(database, id_, state="given_up", address=None, payload=None, ended_at=now())
        return False
    try:
        senders[channel].send(OutgoingMessage(id_, address, subject, text))
    except UnavailableError:
        logger(__name__).warning("a message was not taken", channel=channel.value, attempts=attempts)
        pause = RETRY_DELAYS[min(attempts, len(RETRY_DELAYS)) - 1]
        _update_message(database, id_, not_before=now() + timedelta(seconds=pause))
        return False
    _update_message(database, id_, state="sent", address=None, payload=None, ended_at=now())
    return True


def _is_still_allowed(session: ReadSession, person: UUID, contact: Contact) -> bool:
    """Tell whether a person still agrees to messages, and still has the contact that this one goes to."""
    return has_agreed(session, person, Purpose.MESSAGES) and has_contact(session, person, contact)


def _update_message(database: Database, id_: UUID, **values: object) -> None:
    """Update columns of a message in a transaction of its own."""
    with database.write() as session:
        session.execute(update(MessageRow).where(MessageRow.id == id_).values(values))
