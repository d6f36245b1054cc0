"""Delivering messages, each once and none behind another's fault.

A process claims one message at a time, right before it calls the gateway: it puts a token of its own in
`claim` and the end of the claim in `not_before`. Only the attempt with that token may end the message or
pause it. When the gateway certainly did not take the message, the claim is taken back and the message waits
for its next try.

A waiting message that still has a claim when it is due may have been sent: its process died, its gateway is
slower than the claim, or an answer was lost. It is tried again, under the same id, only where the gateway
recognises that id. Otherwise it ends as `uncertain`; should the slow attempt succeed after all, as `sent`.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, case, func, or_, select, update

from oim.features.consents import Purpose, has_agreed
from oim.features.messages.models import MessageRow
from oim.features.messages.quiet_hours import is_daytime
from oim.features.messages.types import (
    NOTICES,
    MessageKind,
    MessageState,
    OutgoingMessage,
    RejectedError,
    RenderMessage,
    Sender,
)
from oim.features.people import Channel, Contact, has_contact
from oim.features.staff import find_mailbox
from oim.kit.clock import now
from oim.kit.db import Database, ReadSession, WriteSession, unseal
from oim.kit.errors import UnavailableError
from oim.kit.telemetry import logger

CLAIM_DURATION = timedelta(seconds=60)  # longer than a gateway usually takes for one message
RETRY_DELAYS = (5, 30, 120, 600, 3600)  # seconds before the next try; the last one is repeated
ROUND_DURATION = 30.0  # seconds, after which `deliver` leaves what is still due to its next call
MAX_FAILURES = 3  # of a channel, one after the other, until the rest of a round leaves that channel alone
_IS_WAITING = MessageRow.state == MessageState.WAITING.value


@dataclass(frozen=True, slots=True)
class _Attempt:
    """One message that this process has claimed, ready for its gateway."""

    claim: UUID
    channel: Channel
    message: OutgoingMessage
    number: int  # 1 for the first try
    is_repeat: bool  # an attempt before this one may have sent the message


def deliver(
    database: Database,
    senders: Mapping[Channel, Sender],
    render: RenderMessage,
    kinds: Collection[MessageKind],
) -> int:
    """Send the messages of these kinds that are due. Returns how many were sent.

    No session is open while a gateway is called, as it may take long.
    """
    with database.write() as session:
        _end_overdue(session, senders, kinds)
    sent_count, failures = 0, Counter[Channel]()
    deadline = time.monotonic() + ROUND_DURATION
    while time.monotonic() < deadline:
        # A gateway that does not answer makes each of its messages wait for it; those of others need not.
        answering = {
            channel: sender for channel, sender in senders.items() if failures[channel] < MAX_FAILURES
        }
        attempt = _claim_next(database, answering, render, kinds)
        if attempt is None:
            break
        is_sent = _send(database, senders[attempt.channel], attempt)
        failures[attempt.channel] = 0 if is_sent else failures[attempt.channel] + 1
        sent_count += is_sent
    return sent_count


def _end_overdue(
    session: WriteSession, senders: Mapping[Channel, Sender], kinds: Collection[MessageKind]
) -> None:
    """End the messages that are due but will not be tried again; what they said is wiped."""
    at = now()
    may_not_repeat = MessageRow.claim.is_not(None) & ~_may_repeat(senders)
    overdue = (
        select(MessageRow.id)
        # An attempt whose claim lasts is not due: it will say itself what became of the message.
        .where(_IS_WAITING, MessageRow.not_before <= at, MessageRow.kind.in_([kind.value for kind in kinds]))
        .where(or_(MessageRow.expires_at <= at, may_not_repeat))
        .with_for_update(skip_locked=True)
    )
    state = case(
        (MessageRow.claim.is_(None), MessageState.GIVEN_UP.value), else_=MessageState.UNCERTAIN.value
    )
    ended = update(MessageRow).where(MessageRow.id.in_(overdue))
    session.execute(ended.values(state=state, address=None, payload=None, ended_at=at))


def _may_repeat(senders: Mapping[Channel, Sender]) -> ColumnElement[bool]:
    """The condition that a message's gateway recognises a message that it has seen."""
    return MessageRow.channel.in_(
        [channel.value for channel, sender in senders.items() if sender.is_idempotent]
    )


def _claim_next(
    database: Database,
    senders: Mapping[Channel, Sender],
    render: RenderMessage,
    kinds: Collection[MessageKind],
) -> _Attempt | None:
    """Claim the message that has been due for longest, and make it ready. None if none is due."""
    while True:
        at = now()
        due = (
            select(MessageRow)
            .where(
                _IS_WAITING,
                MessageRow.not_before <= at,
                MessageRow.expires_at > at,
                MessageRow.kind.in_(_list_allowed_at(at, kinds)),
                MessageRow.channel.in_([channel.value for channel in senders]),
                or_(MessageRow.claim.is_(None), _may_repeat(senders)),
            )
            .order_by(MessageRow.not_before)
            .limit(1)
            # A process that runs at the same time takes another message instead of waiting.
            .with_for_update(skip_locked=True)
        )
        with database.write() as session:
            row = session.scalars(due).one_or_none()
            if row is None:
                return None
            if (attempt := _claim(session, row, render)) is not None:
                return attempt


def _list_allowed_at(at: datetime, kinds: Collection[MessageKind]) -> list[str]:
    """List those of the kinds that may be sent at this hour: at night only codes, which were requested."""
    # Looked at again when sending: a message planned by day may be late.
    return [kind.value for kind in kinds if kind is MessageKind.CODE or is_daytime(at)]


def _claim(session: WriteSession, row: MessageRow, render: RenderMessage) -> _Attempt | None:
    """Claim a locked message. None if it can't be sent now; it is then paused, or ended."""
    row.attempts += 1
    try:
        message = _open(session, row, render)
    # Whatever is wrong with one message, such as values that its words do not fit, is no reason to stop.
    except Exception:
        logger(__name__).warning(
            "a message cannot be made", kind=row.kind, attempts=row.attempts, exc_info=True
        )
        row.not_before = min(now() + _find_pause(row.attempts), row.expires_at)
        return None
    channel = Channel(row.channel)
    if not _is_still_allowed(session, row, Contact(channel, message.address)):
        row.state = (MessageState.GIVEN_UP if row.claim is None else MessageState.UNCERTAIN).value
        row.address = row.payload = None
        row.ended_at = now()
        return None
    attempt = _Attempt(uuid4(), channel, message, row.attempts, is_repeat=row.claim is not None)
    row.claim, row.not_before = attempt.claim, now() + CLAIM_DURATION
    return attempt


def _open(session: ReadSession, row: MessageRow, render: RenderMessage) -> OutgoingMessage:
    """Unseal a message and put it in words. Raises whatever is wrong with it."""
    if row.address is None or row.payload is None:
        raise ValueError("a waiting message was wiped")
    address = unseal(session, MessageRow.address, row.id, row.address)
    payload = json.loads(unseal(session, MessageRow.payload, row.id, row.payload))
    return OutgoingMessage(row.id, address, *render(MessageKind(row.kind), payload, row.language))


def _is_still_allowed(session: ReadSession, row: MessageRow, contact: Contact) -> bool:
    """Tell whether a person still agrees to messages, and they still have the contact that it goes to.

    A member of staff still has the account and its mailbox.
    """
    if row.staff_id is not None:
        mailbox = find_mailbox(session, row.staff_id)
        return mailbox is not None and mailbox[0] == contact
    if row.person_id is None:  # whoever reads the contact has asked for it, as for a code
        return True
    agreed = row.kind in NOTICES or has_agreed(session, row.person_id, Purpose.MESSAGES)
    return agreed and has_contact(session, row.person_id, contact)


def _send(database: Database, sender: Sender, attempt: _Attempt) -> bool:
    """Hand a claimed message to its gateway and store what became of it. Returns whether it was sent."""
    try:
        sender.send(attempt.message)
    except RejectedError:
        _log(attempt, "a message was rejected")
        _end(database, attempt, MessageState.REJECTED)
    except UnavailableError:
        _log(attempt, "a message was not taken")
        _pause(database, attempt, claim=attempt.claim if attempt.is_repeat else None)
    except Exception:
        _log(attempt, "nobody knows whether a message was taken", exc_info=True)
        if sender.is_idempotent:
            _pause(database, attempt, claim=attempt.claim)
        else:
            _end(database, attempt, MessageState.UNCERTAIN)
    else:
        _end(database, attempt, MessageState.SENT)
        return True
    return False


def _log(attempt: _Attempt, event: str, *, exc_info: bool = False) -> None:
    """Log what became of an attempt, without saying whose message it is."""
    logger(__name__).warning(event, channel=attempt.channel.value, attempts=attempt.number, exc_info=exc_info)


def _end(database: Database, attempt: _Attempt, state: MessageState) -> None:
    """End a message, unless another attempt has claimed it since; one that was uncertain is so no more."""
    with database.write() as session:
        session.execute(
            update(MessageRow)
            .where(MessageRow.claim == attempt.claim)
            .values(state=state.value, address=None, payload=None, ended_at=now())
        )


def _pause(database: Database, attempt: _Attempt, claim: UUID | None) -> None:
    """Let a message wait for its next try, unless it has ended or another attempt has claimed it since.

    `claim` is None when no attempt at all can have sent it.
    """
    # At the end of its lifetime it is due in any case, to be given up.
    due_at = func.least(now() + _find_pause(attempt.number), MessageRow.expires_at)
    with database.write() as session:
        session.execute(
            update(MessageRow)
            .where(MessageRow.claim == attempt.claim, _IS_WAITING)
            .values(claim=claim, not_before=due_at)
        )


def _find_pause(attempts: int) -> timedelta:
    """Find how long a message waits after so many attempts."""
    return timedelta(seconds=RETRY_DELAYS[min(attempts, len(RETRY_DELAYS)) - 1])
