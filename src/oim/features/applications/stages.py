"""Moving an application on: partners by the table of moves, the person by withdrawing."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete

from oim.features import messages
from oim.features.access import Action, Actor
from oim.features.applications.holding import set_stage
from oim.features.applications.models import ApplicationRow, OutcomeRow
from oim.features.applications.moves import PERSON_MOVES, check_move
from oim.features.applications.reaching import hidden, reach, reach_received
from oim.features.applications.types import Hidden, Move, Stage
from oim.features.messages import MessageKind
from oim.kit.clock import CAMEROON, now
from oim.kit.db import WriteSession, seal
from oim.kit.errors import ConflictError
from oim.kit.i18n import mark


def withdraw(session: WriteSession, actor: Actor, application: UUID) -> None:
    """Take an application back: its partner sees nothing personal of it any more, and nothing is asked of it.

    Withdrawn again, it changes nothing. Raises ConflictError, NotFoundError.
    """
    row = reach(session, actor, Action.ERASE, application, "withdraw")
    if row.stage == Stage.WITHDRAWN.value:
        return
    if Stage.WITHDRAWN not in PERSON_MOVES[Stage(row.stage)]:
        raise ConflictError(mark("This has ended: there is nothing to take back any more."))
    set_stage(session, row, Stage.WITHDRAWN, actor.role)
    unanswered = OutcomeRow.application_id == row.id, OutcomeRow.answer.is_(None)
    session.execute(delete(OutcomeRow).where(*unanswered))


def move(session: WriteSession, actor: Actor, application: UUID, wanted: Move) -> None:
    """Move an application of one's organisation, and let its person know.

    Raises BadInputError, ConflictError, NotFoundError.
    """
    row = reach_received(session, actor, Action.CHANGE, application, wanted.stage.value)
    if row.person_id is None:
        raise ConflictError(mark("This person has left OIM: nobody is there to be told."))
    if hidden(session, row) is Hidden.CONSENT:
        raise ConflictError(
            mark("This person shares nothing with partners any more: this cannot be moved on.")
        )
    told = check_move(Stage(row.stage), wanted, now().astimezone(CAMEROON).date()).next
    words = seal(session, ApplicationRow.next_words, row.id, told.words) if told.words else None
    row.next_step, row.next_words, row.next_on = told.step and told.step.value, words, told.on
    set_stage(session, row, wanted.stage, actor.role)
    messages.write(session, row.person_id, MessageKind.STAGE)
