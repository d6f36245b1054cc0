"""Outcomes: what became of an application, asked some days after it, answered in one tap, and counted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from oim.features import events, messages
from oim.features.access import NOT_FOUND_MESSAGE, Action, Actor, Resource, Subject, permit
from oim.features.applications.feedback import count_outcome
from oim.features.applications.models import ApplicationRow, OutcomeRow
from oim.features.applications.types import OUTCOME_DAYS, DueQuestion, OutcomeAnswer
from oim.features.messages import MessageKind
from oim.features.opportunities import Kind
from oim.kit.clock import CAMEROON, now
from oim.kit.db import Database, WriteSession
from oim.kit.errors import ConflictError, NotFoundError
from oim.kit.i18n import mark

BATCH_SIZE = 100  # people a transaction


def schedule_questions(session: WriteSession, application: UUID, person: UUID) -> None:
    """Schedule the questions of an application on each of `OUTCOME_DAYS` from today.

    Questions that were already put to the person or answered keep their day.
    """
    today = now().astimezone(CAMEROON).date()
    rows = [
        {"id": uuid4(), "application_id": application, "person_id": person, "day": day,
         "due_on": today + timedelta(days=day)}
        for day in OUTCOME_DAYS
    ]  # fmt: skip
    planned = insert(OutcomeRow)
    # An application sent a second time counts its days anew, but nobody is asked the same question twice.
    upsert = planned.on_conflict_do_update(
        index_elements=["application_id", "day"],
        set_={"due_on": planned.excluded.due_on},
        where=OutcomeRow.asked_at.is_(None) & OutcomeRow.answer.is_(None),
    )
    session.execute(upsert, rows)


def list_due_questions(session: WriteSession, actor: Actor, person: UUID, on: date) -> list[DueQuestion]:
    """The questions a person has to answer on a day, oldest first: for each application the last one due.

    Raises NotFoundError.
    """
    permit(session, actor, Action.READ, Subject(Resource.OUTCOME, person=person), what="due")
    due = aliased(OutcomeRow)
    # An older question left open is overtaken by a later one: asking both at once would puzzle.
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
    successful_ids = _find_successful_ids(session, person)
    return [
        DueQuestion(
            id=outcome.id,
            application=row.id,
            title=row.title,
            kind=Kind(row.kind),
            day=outcome.day,
            is_follow_up=row.id in successful_ids,
        )
        for outcome, row in rows
    ]


def answer_outcome(session: WriteSession, actor: Actor, outcome: UUID, answer: OutcomeAnswer) -> None:
    """Store the answer to a question in place of an earlier one. Raises ConflictError, NotFoundError."""
    row = session.scalar(select(OutcomeRow).where(OutcomeRow.id == outcome).with_for_update())
    subject = Subject(Resource.OUTCOME, str(outcome), person=row.person_id if row else None)
    permit(session, actor, Action.CHANGE, subject, what="answer")
    if row is None:
        raise NotFoundError(NOT_FOUND_MESSAGE)
    if row.due_on > now().astimezone(CAMEROON).date():
        raise ConflictError(mark("This question comes later: it is not asked yet."))
    application = session.scalars(select(ApplicationRow).where(ApplicationRow.id == row.application_id)).one()
    # Counting reads the answer stored so far, so it comes before the new answer is written.
    count_outcome(session, row, application, answer.value)
    is_new = row.answer != answer.value
    row.answer, row.answered_at = answer.value, now()
    session.flush()
    # An offer that is not kept any more has no events either.
    if is_new and application.opportunity_id is not None:
        fields = {"opportunity_id": application.opportunity_id, "list_id": application.list_id}
        act = events.Outcome.model_validate(fields | {"answer": answer.value, "day": row.day})
        events.record_act(session, act, row.person_id)


def _find_successful_ids(session: WriteSession, person: UUID) -> set[UUID]:
    """The applications whose latest answer is that the person got the job, course or support."""
    answered = (
        select(OutcomeRow.application_id, OutcomeRow.answer)
        .where(OutcomeRow.person_id == person, OutcomeRow.answer.is_not(None))
        .order_by(OutcomeRow.day)
    )
    # Ordered by day, so the latest answer of each application overwrites the earlier ones.
    last: dict[UUID, str | None] = dict(session.execute(answered).all())
    return {id_ for id_, answer in last.items() if answer == OutcomeAnswer.GOT_IT.value}


def ask_outcomes(database: Database, on: date) -> int:
    """Put the questions due on a day to people, one message each at most; return how many questions.

    A person who did not agree to messages gets none, and finds the questions when they sign in.
    """
    count = 0
    while True:
        with database.write() as session:
            rows = _lock_due_questions(session, on)
            for person in dict.fromkeys(row.person_id for row in rows):
                messages.queue_message(session, person, MessageKind.OUTCOME)
            for row in rows:
                row.asked_at = now()
        if not rows:
            return count
        count += len(rows)


def _lock_due_questions(session: WriteSession, on: date) -> Sequence[OutcomeRow]:
    """Lock the due questions of up to `BATCH_SIZE` people."""
    waiting = OutcomeRow.due_on <= on, OutcomeRow.asked_at.is_(None), OutcomeRow.answer.is_(None)
    people: Sequence[UUID] = session.scalars(
        select(OutcomeRow.person_id)
        .where(*waiting)
        .distinct()
        .order_by(OutcomeRow.person_id)
        .limit(BATCH_SIZE)
    ).all()
    due = select(OutcomeRow).where(*waiting, OutcomeRow.person_id.in_(people))
    # A second worker waits here; once it goes on, PostgreSQL checks `asked_at IS NULL` again and skips these
    # rows.
    return session.scalars(due.order_by(OutcomeRow.id).with_for_update()).all()
