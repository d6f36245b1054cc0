"""Sending an application: the offer is open, its partner is here, the person agrees to share, and once."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from oim.features import cv, opportunities
from oim.features.access import NOTHING_HERE, Action, Actor, permit
from oim.features.applications.counting import count_application
from oim.features.applications.holding import fresh_id, hold, set_stage
from oim.features.applications.learning import learn
from oim.features.applications.models import ApplicationRow
from oim.features.applications.moves import PERSON_MOVES
from oim.features.applications.outcomes import plan
from oim.features.applications.reaching import subject
from oim.features.applications.reading import letter_of
from oim.features.applications.types import Sending, Stage, Way
from oim.features.consents import Purpose, agreed
from oim.features.matching.learning import EventKind
from oim.features.opportunities import Opportunity
from oim.features.staff import has_agents
from oim.kit.clock import now
from oim.kit.db import ReadSession, WriteSession, seal
from oim.kit.errors import BadInputError, ConflictError, NotFoundError
from oim.kit.i18n import mark

LONGEST_LETTER = 2000  # characters


def can_apply(session: ReadSession, opportunity: Opportunity) -> bool:
    """Whether an offer's organisation has somebody here to read what is sent."""
    organisation = opportunities.find_publisher_id(session, opportunity.id)
    return organisation is not None and has_agents(session, organisation)


def apply(session: WriteSession, actor: Actor, person: UUID, sending: Sending) -> UUID:
    """Send a letter, with a CV if one is attached; the application's id. The same again changes nothing.

    Raises BadInputError, ConflictError, and NotFoundError for an offer or a CV that is not theirs to send.
    """
    letter = check_letter(sending.letter)
    id_ = fresh_id(session, person, sending.offer)
    permit(session, actor, Action.CHANGE, subject(id_, person), what="apply")
    offer = opportunities.get(session, sending.offer)
    _check_may_send(session, person, offer)
    if sending.document is not None:
        _check_theirs(session, actor, person, sending.document)
    row, new = hold(session, id_, person, offer, Way.INSIDE)
    first = new or row.channel == Way.REDIRECTED.value
    if first or Stage.SENT in PERSON_MOVES[Stage(row.stage)]:
        _send(session, row, offer, replace(sending, letter=letter))
        set_stage(session, row, Stage.SENT, actor.role)
        plan(session, row.id, person)
        learn(session, EventKind.APPLIED, sending.list_id, offer.id)
        if first:
            count_application(session, row, person)
    elif (letter_of(session, row), row.document_id) != (letter, sending.document):
        raise ConflictError(mark("You applied for this already: what you sent then is with the partner."))
    return row.id


def check_letter(text: str) -> str:
    """A letter, its lines kept and its ends trimmed. Raises BadInputError."""
    lines = ("".join(map(_plain, line)).split(" ") for line in text.splitlines())
    letter = "\n".join(" ".join(filter(None, words)) for words in lines).strip()
    if len(letter) > LONGEST_LETTER:
        raise BadInputError(
            mark("This letter is too long: %(most)s characters at most."), field="letter", most=LONGEST_LETTER
        )
    return letter


def _plain(sign: str) -> str:
    """A sign as it is kept: French marks stand beside spaces at which no line may end."""
    return sign if sign.isprintable() or sign in "\u00a0\u202f" else " "


def _check_may_send(session: ReadSession, person: UUID, offer: Opportunity) -> None:
    closes = offer.draft.valid_through
    if closes is not None and closes < now():
        raise ConflictError(mark("This offer is closed: nothing can be sent to it any more."))
    if not can_apply(session, offer):
        raise ConflictError(mark("This partner does not receive applications here. Go to their own site."))
    if not agreed(session, person, Purpose.SHARING):
        raise ConflictError(
            mark("You have not agreed that partners receive what you send. Agree to it first, then send.")
        )


def _check_theirs(session: WriteSession, actor: Actor, person: UUID, document: UUID) -> None:
    if document not in {one.id for one in cv.list_documents(session, actor, person)}:
        raise NotFoundError(NOTHING_HERE)


def _send(session: WriteSession, row: ApplicationRow, offer: Opportunity, sending: Sending) -> None:
    """What is sent is for whoever publishes the offer now."""
    row.channel, row.created_at = Way.INSIDE.value, now()
    row.organisation_id, row.title = opportunities.find_publisher_id(session, offer.id), offer.title
    row.letter = seal(session, ApplicationRow.letter, row.id, sending.letter) if sending.letter else None
    row.document_id, row.list_id = sending.document, sending.list_id or row.list_id
    row.next_step = row.next_words = row.next_on = None
