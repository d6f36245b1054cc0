"""Asking what became of applications, once each, when the day has come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select

from oim.features import messages
from oim.features.applications.models import OutcomeRow
from oim.features.messages import MessageKind
from oim.kit.clock import now
from oim.kit.db import Database, WriteSession

BATCH_SIZE = 100  # people a transaction


def ask_outcomes(database: Database, on: date) -> int:
    """Put the questions due on a day; how many. A person is written to once, however many they are.

    Who is not written to, as they did not agree to be, finds them when they sign in.
    """
    asked = 0
    while True:
        with database.write() as session:
            rows = _lock_due_questions(session, on)
            for person in dict.fromkeys(row.person_id for row in rows):
                messages.queue_message(session, person, MessageKind.OUTCOME)
            for row in rows:
                row.asked_at = now()
        if not rows:
            return asked
        asked += len(rows)


def _lock_due_questions(session: WriteSession, on: date) -> Sequence[OutcomeRow]:
    """The questions of some people, held: who asks at the same time waits, and finds them asked."""
    waiting = OutcomeRow.due_on <= on, OutcomeRow.asked_at.is_(None), OutcomeRow.answer.is_(None)
    people: Sequence[UUID] = session.scalars(
        select(OutcomeRow.person_id)
        .where(*waiting)
        .distinct()
        .order_by(OutcomeRow.person_id)
        .limit(BATCH_SIZE)
    ).all()
    held = select(OutcomeRow).where(*waiting, OutcomeRow.person_id.in_(people))
    return session.scalars(held.order_by(OutcomeRow.id).with_for_update()).all()
