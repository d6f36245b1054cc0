"""Moving an application on: partners by the table of moves, the person by withdrawing."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete

from oim.features import messages
from oim.features.access import Action, Actor
from oim.features.applications.access import find_hidden_reason, load_for_partner, load_for_person
from oim.features.applications.models import ApplicationRow, OutcomeRow
from oim.features.applications.moves import PERSON_MOVES, check_move
from oim.features.applications.store import set_stage
from oim.features.applications.types import HiddenReason, Move, Stage
from oim.features.messages import MessageKind
from oim.kit.clock import CAMEROON, now
from oim.kit.db import WriteSession, seal
from oim.kit.errors import ConflictError
from oim.kit.i18n import mark


def withdraw(session: WriteSession, actor: Actor, application: UUID) -> None:
    """Take an application back: its partner sees nothing personal of it any more, and nothing is asked of it.

    Withdrawn again, it changes nothing. Raises ConflictError, NotFoundError.
    """
    row = load_for_person(session, actor, Action.ERASE, application, "withdraw")
    if row.stage == Stage.WITHDRAWN.value:
        return
    if Stage.WITHDRAWN not in PERSON_MOVES[Stage(row.stage)]:
        raise ConflictError(mark("This has ended: there is nothing to take back any more."))
    set_stage(session, row, Stage.WITHDRAWN, actor.role)
    unanswered = OutcomeRow.application_id == row.id, OutcomeRow.answer.is_(None)
    session.execute(delete(OutcomeRow).where(*unanswered))


def move(session: WriteSession, actor: Actor, application: UUID, target: Move) -> None:
    """Move an application of one's organisation, and let its person know.

    Raises BadInputError, ConflictError, NotFoundError.
    """
    row = load_for_partner(session, actor, Action.CHANGE, application, target.stage.value)
    if row.person_id is None:
        raise ConflictError(mark("This person has left OIM: nobody is there to be told."))
    if find_hidden_reason(session, row) is HiddenReason.CONSENT:
        raise ConflictError(
            mark("This person shares nothing with partners any more: this cannot be moved on.")
        )
    next_step = check_move(Stage(row.stage), target, now().astimezone(CAMEROON).date()).next
    words = seal(session, ApplicationRow.next_words, row.id, next_step.words) if next_step.words else None
    row.next_step, row.next_words, row.next_on = next_step.step and next_step.step.value, words, next_step.on
    set_stage(session, row, target.stage, actor.role)
    messages.queue_message(session, row.person_id, MessageKind.STAGE)
