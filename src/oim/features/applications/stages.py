"""The stages of an application: which moves a partner may make, which the person, and making them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy import delete

from oim.features import messages
from oim.features.access import Action, Actor
from oim.features.applications.access import find_hidden_reason, load_for_partner, load_for_person
from oim.features.applications.models import OutcomeRow
from oim.features.applications.store import set_stage, store_next
from oim.features.applications.types import HiddenReason, Move, Next, NextStep, Stage
from oim.features.messages import MessageKind
from oim.kit.clock import CAMEROON, now
from oim.kit.db import WriteSession
from oim.kit.errors import BadInputError, ConflictError
from oim.kit.fields import check_length
from oim.kit.i18n import mark

MAX_WORDS_LENGTH = 500  # characters
MAX_PLACE_LENGTH = 200
MAX_DAYS_AHEAD = 3 * 366  # a meeting further off is a slip in the year
OPEN_STAGES = frozenset({Stage.SENT, Stage.SEEN, Stage.SHORTLISTED, Stage.INTERVIEW, Stage.OFFERED})
_AFTER_SEEN = frozenset(
    {Stage.SHORTLISTED, Stage.INTERVIEW, Stage.OFFERED, Stage.STARTED, Stage.NOT_RETAINED}
)
# Forward only; the same stage may be set again with other words. SEEN is set by opening an application, not
# here. A person who was not retained can still be called when a place comes free. STARTED and WITHDRAWN are
# final.
PARTNER_MOVES: Mapping[Stage, frozenset[Stage]] = {
    Stage.SENT: _AFTER_SEEN,
    Stage.SEEN: _AFTER_SEEN,
    Stage.SHORTLISTED: _AFTER_SEEN,
    Stage.INTERVIEW: _AFTER_SEEN - {Stage.SHORTLISTED},
    Stage.OFFERED: _AFTER_SEEN - {Stage.SHORTLISTED, Stage.INTERVIEW},
    Stage.STARTED: frozenset(),
    Stage.NOT_RETAINED: _AFTER_SEEN,
    Stage.WITHDRAWN: frozenset(),
}
# Only the person withdraws, and may send again after that while the offer is open.
PERSON_MOVES: Mapping[Stage, frozenset[Stage]] = {
    **{stage: frozenset({Stage.WITHDRAWN}) for stage in OPEN_STAGES},
    Stage.STARTED: frozenset(),
    Stage.NOT_RETAINED: frozenset(),
    Stage.WITHDRAWN: frozenset({Stage.SENT}),
}


def validate_move(current_stage: Stage, target: Move, today: date) -> Move:
    """Check a partner's move from a stage, its words cleaned. Raises BadInputError, ConflictError."""
    if target.stage not in PARTNER_MOVES[current_stage]:
        raise ConflictError(
            mark("This application cannot go to that stage. Open it again to see where it stands now.")
        )
    next_step = replace(
        target.next,
        words=_clean(target.next.words, "words", MAX_WORDS_LENGTH),
        place=_clean(target.next.place, "place", MAX_PLACE_LENGTH),
    )
    if target.stage is Stage.NOT_RETAINED and next_step.step is None:
        raise BadInputError(
            mark("Say what this person can do next: nobody is refused without a next step."),
            field="next_step",
        )
    if next_step.step is NextStep.OTHER and not next_step.words:
        raise BadInputError(mark("Say in words what this person can do next."), field="words")
    _check_day(target.stage, next_step, today)
    _check_meeting(target.stage, next_step)
    return Move(target.stage, next_step)


def _clean(text: str, field: str, most: int) -> str:
    """Clean what was typed into a field: single spaces. Raises BadInputError where it is too long."""
    words = " ".join(text.split())
    check_length(words, most, field)
    return words


def _check_day(stage: Stage, next_step: Next, today: date) -> None:
    """Check that a day comes with a meeting or the next call, and that the next call has one."""
    if next_step.on is None:
        if next_step.step is NextStep.NEXT_CALL:
            raise BadInputError(mark("Give the day of the next call."), field="on")
        return
    if stage is not Stage.INTERVIEW and next_step.step is not NextStep.NEXT_CALL:
        raise BadInputError(mark("Give a day only for a meeting or for the next call."), field="on")
    if not 0 <= (next_step.on - today).days <= MAX_DAYS_AHEAD:
        raise BadInputError(mark("Give a day from today on, within three years."), field="on")


def _check_meeting(stage: Stage, next_step: Next) -> None:
    """Check that an hour and a place come with a meeting only, and an hour with its day."""
    if stage is not Stage.INTERVIEW:
        # Else a person who was refused would read where to come.
        for field, value in (("place", next_step.place), ("hour", next_step.hour)):
            if value not in ("", None):  # midnight is an hour too
                raise BadInputError(mark("Give an hour and a place only for a meeting."), field=field)
    elif next_step.hour is not None and next_step.on is None:
        raise BadInputError(mark("Give the day of the meeting too."), field="on")


def withdraw(session: WriteSession, actor: Actor, application: UUID) -> None:
    """Withdraw an application: its partner no longer sees anything personal, and no outcome is asked for.

    Withdrawing it again changes nothing. Raises ConflictError, NotFoundError.
    """
    row = load_for_person(session, actor, Action.ERASE, application, "withdraw")
    if row.stage == Stage.WITHDRAWN.value:
        return
    if Stage.WITHDRAWN not in PERSON_MOVES[Stage(row.stage)]:
        raise ConflictError(mark("This has ended: there is nothing to take back any more."))
    set_stage(session, row, Stage.WITHDRAWN, actor.role)
    # Answers stay: they were counted, and the person may read them.
    unanswered = OutcomeRow.application_id == row.id, OutcomeRow.answer.is_(None)
    session.execute(delete(OutcomeRow).where(*unanswered))


def move(session: WriteSession, actor: Actor, application: UUID, target: Move) -> None:
    """Move an application sent to the actor's organisation to another stage, and send its person a message.

    Raises BadInputError, ConflictError, NotFoundError.
    """
    row = load_for_partner(session, actor, Action.CHANGE, application, target.stage.value)
    if row.person_id is None:
        raise ConflictError(mark("This person has left OIM: nobody is there to be told."))
    if find_hidden_reason(session, row) is HiddenReason.CONSENT:
        raise ConflictError(
            mark("This person shares nothing with partners any more: their application cannot go on.")
        )
    next_step = validate_move(Stage(row.stage), target, now().astimezone(CAMEROON).date()).next
    store_next(session, row, next_step)
    set_stage(session, row, target.stage, actor.role)
    messages.queue_message(session, row.person_id, MessageKind.STAGE)
