"""Sending an application: the offer is open, its partner is here, the person agrees to share, and once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from oim.features import cv, opportunities
from oim.features.access import NOT_FOUND_MESSAGE, Action, Actor, permit
from oim.features.applications.access import application_subject
from oim.features.applications.feedback import count_application, record_ranking_event
from oim.features.applications.models import ApplicationRow
from oim.features.applications.outcomes import schedule_questions
from oim.features.applications.stages import PERSON_MOVES
from oim.features.applications.store import find_or_create_id, get_or_create_locked, set_stage, unseal_letter
from oim.features.applications.types import LetterValues, Route, Stage, Submission
from oim.features.consents import Purpose, has_agreed
from oim.features.matching import EventKind
from oim.features.opportunities import Opportunity
from oim.features.profile import Record
from oim.features.staff import has_agents
from oim.kit.clock import now
from oim.kit.db import ReadSession, WriteSession, seal
from oim.kit.errors import BadInputError, ConflictError, NotFoundError
from oim.kit.i18n import DEFAULT_LANGUAGE, LANGUAGES, mark

MAX_LETTER_LENGTH = 2000  # characters
MAX_TRADES = 3


def can_apply(session: ReadSession, opportunity: Opportunity) -> bool:
    """Whether an offer's organisation has somebody here to read what is sent."""
    organisation = opportunities.find_publisher_id(session, opportunity.id)
    return organisation is not None and has_agents(session, organisation)


def apply(session: WriteSession, actor: Actor, person: UUID, submission: Submission) -> UUID:
    """Send a letter, with a CV if one is attached; the application's id. The same again changes nothing.

    Raises BadInputError, ConflictError, and NotFoundError for an offer or a CV that is not theirs to send.
    """
    letter = check_letter(submission.letter)
    id_ = find_or_create_id(session, person, submission.offer)
    permit(session, actor, Action.CHANGE, application_subject(id_, person), what="apply")
    offer = opportunities.get(session, submission.offer)
    _check_can_send(session, person, offer)
    if submission.document is not None:
        _check_owns_document(session, actor, person, submission.document)
    row, new = get_or_create_locked(session, id_, person, offer, Route.INSIDE)
    first = new or row.route == Route.REDIRECTED.value
    if first or Stage.SENT in PERSON_MOVES[Stage(row.stage)]:
        _save_submission(session, row, offer, replace(submission, letter=letter))
        set_stage(session, row, Stage.SENT, actor.role)
        schedule_questions(session, row.id, person)
        record_ranking_event(session, EventKind.APPLIED, submission.list_id, offer.id)
        if first:
            count_application(session, row, person)
    elif (unseal_letter(session, row), row.document_id) != (letter, submission.document):
        raise ConflictError(mark("You applied for this already: what you sent then is with the partner."))
    return row.id


def check_letter(text: str) -> str:
    """A letter, its lines kept and its ends trimmed. Raises BadInputError."""
    lines = ("".join(map(_to_printable, line)).split(" ") for line in text.splitlines())
    letter = "\n".join(" ".join(filter(None, words)) for words in lines).strip()
    if len(letter) > MAX_LETTER_LENGTH:
        raise BadInputError(
            mark("This letter is too long: %(most)s characters at most."),
            field="letter",
            most=MAX_LETTER_LENGTH,
        )
    return letter


def _to_printable(character: str) -> str:
    """A sign as it is kept: French marks stand beside spaces at which no line may end."""
    return character if character.isprintable() or character in "\u00a0\u202f" else " "


def _check_can_send(session: ReadSession, person: UUID, offer: Opportunity) -> None:
    closes = offer.draft.valid_through
    if closes is not None and closes < now():
        raise ConflictError(mark("This offer is closed: nothing can be sent to it any more."))
    if not can_apply(session, offer):
        raise ConflictError(mark("This partner does not receive applications here. Go to their own site."))
    if not has_agreed(session, person, Purpose.SHARING):
        raise ConflictError(
            mark("You have not agreed that partners receive what you send. Agree to it first, then send.")
        )


def _check_owns_document(session: WriteSession, actor: Actor, person: UUID, document: UUID) -> None:
    if document not in {one.id for one in cv.list_documents(session, actor, person)}:
        raise NotFoundError(NOT_FOUND_MESSAGE)


def _save_submission(
    session: WriteSession, row: ApplicationRow, offer: Opportunity, submission: Submission
) -> None:
    """What is sent is for whoever publishes the offer now."""
    row.route, row.created_at = Route.INSIDE.value, now()
    row.organisation_id, row.title = opportunities.find_publisher_id(session, offer.id), offer.title
    row.letter = (
        seal(session, ApplicationRow.letter, row.id, submission.letter) if submission.letter else None
    )
    row.document_id, row.list_id = submission.document, submission.list_id or row.list_id
    row.next_step = row.next_words = row.next_on = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """What is known of who writes. Nothing else is put into their letter."""

    name: str
    trades: tuple[str, ...] = ()  # most telling first
    experience_years: int | None = None
    education: int | None = None  # ISCED 2011 level


def to_applicant(name: str, record: Record) -> Applicant:
    """What is known of who told this: what they can do, then what they have worked as."""
    trades = (*record.skills, *(job.title for job in record.jobs))
    return Applicant(
        name=name,
        trades=tuple(dict.fromkeys(trades)),
        experience_years=record.experience_years,
        education=record.education,
    )


def draft_letter(offer: Opportunity, applicant: Applicant) -> LetterValues:
    """The values of a letter for an offer, in the offer's language."""
    return LetterValues(
        language=next((one for one in LANGUAGES if one == offer.draft.language), DEFAULT_LANGUAGE),
        kind=offer.kind,
        title=offer.title,
        organisation=offer.draft.organisation,
        name=applicant.name,
        trades=applicant.trades[:MAX_TRADES],
        experience_years=applicant.experience_years or None,
        education=applicant.education or None,
    )
