"""Writing messages in the transaction of what they tell of; sending them afterwards, each one once.

A message is taken for a while (`HOLD`) before it is handed to a gateway. Who dies meanwhile leaves it to be
taken again, under the same id, by which gateways know it.
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

CLAIM_DURATION = timedelta(seconds=60)
RETRY_DELAYS = (5, 30, 120, 600, 3600)  # seconds before it is tried again
MESSAGE_LIFETIME = timedelta(days=2)
BATCH_SIZE = 50


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message before it is kept."""

    person: UUID | None
    kind: MessageKind
    contact: Contact
    language: str
    payload: Mapping[str, str | int]


RenderMessage = Callable[[MessageKind, Mapping[str, str | int], str], tuple[str, str]]


def queue_code(
    session: WriteSession, contact: Contact, language: str, code: str, lifetime: timedelta
) -> None:
    """A one-time code, at once: it was asked for. It may be for nobody known."""
    payload: dict[str, str | int] = {"code": code, "minutes": int(lifetime.total_seconds() // 60)}
    _insert_message(session, NewMessage(None, MessageKind.CODE, contact, language, payload), now(), lifetime)


def queue_message(session: WriteSession, person: UUID, kind: MessageKind, **payload: str | int) -> bool:
    """Something for a person who agreed to be written to, when it is allowed; whether it will be sent."""
    if not has_agreed(session, person, Purpose.MESSAGES):
        return False
    reached = find_recipient(
        session, permit(session, SYSTEM, Action.READ, Subject(Resource.PERSON, person=person), what="message")
    )
    if reached is None:
        return False
    contact, language = reached
    start = find_allowed_time(now(), partial(_count_on_day, session, person))
    _insert_message(session, NewMessage(person, kind, contact, language, payload), start, MESSAGE_LIFETIME)
    return True


def _count_on_day(session: ReadSession, person: UUID, day: date) -> int:
    """How many were sent to a person on a day, or are to be."""
    start, end = start_of_day(day), start_of_day(day + timedelta(days=1))
    here = MessageRow.person_id == person, MessageRow.not_before >= start, MessageRow.not_before < end
    return session.scalar(select(func.count()).select_from(MessageRow).where(*here)) or 0


def _insert_message(session: WriteSession, draft: NewMessage, start: datetime, lifetime: timedelta) -> None:
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
    session.flush()


def was_notified(session: ReadSession, person: UUID, kind: MessageKind, since: datetime) -> bool:
    """Whether a person was written to about something since an instant."""
    here = MessageRow.person_id == person, MessageRow.kind == kind.value, MessageRow.created_at >= since
    return bool(session.scalar(select(exists().where(*here))))


def purge_ended(session: WriteSession, before: datetime) -> int:
    """Forget messages that were sent, or given up, before an instant; how many."""
    gone = delete(MessageRow).where(MessageRow.ended_at < before)
    return len(session.scalars(gone.returning(MessageRow.id)).all())


def list_messages(session: ReadSession, grant: Grant) -> list[tuple[datetime, MessageKind, Channel, str]]:
    """What was written to a person: when, of what kind, by which way, and what became of it."""
    rows = session.scalars(
        select(MessageRow).where(MessageRow.person_id == grant.person).order_by(MessageRow.created_at)
    )
    return [(row.created_at, MessageKind(row.kind), Channel(row.channel), row.state) for row in rows]


def deliver(database: Database, senders: Mapping[Channel, Sender], render: RenderMessage) -> int:
    """Send what is due; how many were sent. Gateways are spoken to while no session is open."""
    sent = 0
    for id_ in _claim_due(database):
        sent += _deliver_one(database, senders, render, id_)
    return sent


def _claim_due(database: Database) -> list[UUID]:
    """Messages that are due, kept from others for a while; those too late are given up."""
    at = now()
    waiting = MessageRow.state == "waiting"
    with database.write() as session:
        late = update(MessageRow).where(waiting, MessageRow.expires_at <= at)
        session.execute(late.values(state="given_up", address=None, payload=None, ended_at=at))
        due = (
            select(MessageRow.id)
            .where(waiting, MessageRow.not_before <= at, MessageRow.kind.in_(_list_kinds_allowed_at(at)))
            .order_by(MessageRow.not_before)
            .limit(BATCH_SIZE)
            .with_for_update(skip_locked=True)
        )
        taken = update(MessageRow).where(MessageRow.id.in_(due))
        held = taken.values(not_before=at + CLAIM_DURATION, attempts=MessageRow.attempts + 1)
        return list(session.scalars(held.returning(MessageRow.id)))


def _list_kinds_allowed_at(at: datetime) -> list[str]:
    """The kinds that are sent at this hour: at night only what was asked for."""
    return [kind.value for kind in MessageKind if kind is MessageKind.CODE or is_daytime(at)]


def _deliver_one(
    database: Database, senders: Mapping[Channel, Sender], render: RenderMessage, id_: UUID
) -> bool:
    with database.read() as session:
        row = session.get(MessageRow, id_)
        if row is None or row.address is None or row.payload is None:  # erased meanwhile
            return False
        channel, attempts = Channel(row.channel), row.attempts
        address = unseal(session, MessageRow.address, id_, row.address)
        if row.person_id is not None and not _is_still_allowed(
            session, row.person_id, Contact(channel, address)
        ):
            _update_message(database, id_, state="given_up", address=None, payload=None, ended_at=now())
            return False
        payload = json.loads(unseal(session, MessageRow.payload, id_, row.payload))
        subject, text = render(MessageKind(row.kind), payload, row.language)
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
    """Whether a person still agrees to be written to, and there."""
    return has_agreed(session, person, Purpose.MESSAGES) and has_contact(session, person, contact)


def _update_message(database: Database, id_: UUID, **values: object) -> None:
    with database.write() as session:
        session.execute(update(MessageRow).where(MessageRow.id == id_).values(values))
