"""What became of an application: asked on some days after it, answered in one tap, and counted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from oim.features import messages
from oim.features.access import NOT_FOUND_MESSAGE, Action, Actor, Resource, Subject, permit
from oim.features.applications.feedback import count_outcome, record_ranking_event
from oim.features.applications.models import ApplicationRow, OutcomeRow
from oim.features.applications.types import OUTCOME_DAYS, DueQuestion, OutcomeAnswer
from oim.features.matching import EventKind
from oim.features.messages import MessageKind
from oim.features.opportunities import Kind
from oim.kit.clock import CAMEROON, now
from oim.kit.db import Database, WriteSession
from oim.kit.errors import ConflictError, NotFoundError
from oim.kit.i18n import mark

BATCH_SIZE = 100  # people a transaction


def schedule_questions(session: WriteSession, application: UUID, person: UUID) -> None:
    """Ask on each of `DAYS` from today. Questions that were put already stay as they are."""
    today = now().astimezone(CAMEROON).date()
    rows = [
        {"id": uuid4(), "application_id": application, "person_id": person, "day": day,
         "due_on": today + timedelta(days=day)}
        for day in OUTCOME_DAYS
    ]  # fmt: skip
    planned = insert(OutcomeRow).values(rows)
    again = planned.on_conflict_do_update(
        index_elements=["application_id", "day"],
        set_={"due_on": planned.excluded.due_on},
        where=OutcomeRow.asked_at.is_(None) & OutcomeRow.answer.is_(None),
    )
    session.execute(again)


def list_due_questions(session: WriteSession, actor: Actor, person: UUID, on: date) -> list[DueQuestion]:
    """What a person is asked on a day, oldest first: of each application the last question due.

    Raises NotFoundError.
    """
    permit(session, actor, Action.READ, Subject(Resource.OUTCOME, person=person), what="due")
    due = aliased(OutcomeRow)
    last = select(func.max(due.day)).where(due.application_id == OutcomeRow.application_id, due.due_on <= on)
    rows = session.execute(
        select(OutcomeRow, ApplicationRow)
        .join(ApplicationRow, ApplicationRow.id == OutcomeRow.application_id)
        .where(
            OutcomeRow.person_id == person,
            OutcomeRow.answer.is_(None),
            OutcomeRow.day == last.scalar_subquery(),
        )
        .order_by(OutcomeRow.due_on, OutcomeRow.id)
    ).all()
    had = _find_successful_ids(session, person)
    return [
        DueQuestion(
            id=outcome.id,
            application=row.id,
            title=row.title,
            kind=Kind(row.kind),
            day=outcome.day,
            is_follow_up=row.id in had,
        )
        for outcome, row in rows
    ]


def answer_outcome(session: WriteSession, actor: Actor, outcome: UUID, answer: OutcomeAnswer) -> None:
    """Keep an answer, in place of one given before. Raises ConflictError, NotFoundError."""
    row = session.scalar(select(OutcomeRow).where(OutcomeRow.id == outcome).with_for_update())
    about = Subject(Resource.OUTCOME, str(outcome), person=row.person_id if row else None)
    permit(session, actor, Action.CHANGE, about, what="answer")
    if row is None:
        raise NotFoundError(NOT_FOUND_MESSAGE)
    if row.due_on > now().astimezone(CAMEROON).date():
        raise ConflictError(mark("This question comes later: it is not asked yet."))
    application = session.scalars(select(ApplicationRow).where(ApplicationRow.id == row.application_id)).one()
    count_outcome(session, row, application, answer.value)
    row.answer, row.answered_at = answer.value, now()
    session.flush()
    if answer is OutcomeAnswer.GOT_IT:
        record_ranking_event(session, EventKind.OUTCOME, application.list_id, application.opportunity_id)


def _find_successful_ids(session: WriteSession, person: UUID) -> set[UUID]:
    """The applications of which a person said last that they got it."""
    answered = (
        select(OutcomeRow.application_id, OutcomeRow.answer)
        .where(OutcomeRow.person_id == person, OutcomeRow.answer.is_not(None))
        .order_by(OutcomeRow.day)
    )
    last: dict[UUID, str | None] = dict(session.execute(answered).all())
    return {id_ for id_, answer in last.items() if answer == OutcomeAnswer.GOT_IT.value}


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
