"""Sending an application: what must be true before, and what is stored and scheduled once it is sent."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from oim.features import cv, events, opportunities, profile
from oim.features.access import NOT_FOUND_MESSAGE, Action, Actor, permit
from oim.features.applications.access import application_subject
from oim.features.applications.feedback import count_application
from oim.features.applications.models import ApplicationRow
from oim.features.applications.notices import notify_partner
from oim.features.applications.outcomes import schedule_questions
from oim.features.applications.stages import PERSON_MOVES
from oim.features.applications.store import (
    find_or_create_id,
    get_or_create_locked,
    set_stage,
    store_next,
    unseal_letter,
)
from oim.features.applications.types import ConsentRecord, Next, Route, Stage, Submission
from oim.features.consents import Purpose, has_agreed
from oim.features.opportunities import Opportunity
from oim.features.staff import has_agents
from oim.kit.clock import now
from oim.kit.db import ReadSession, WriteSession, seal
from oim.kit.errors import ConflictError, NotFoundError
from oim.kit.fields import check_length
from oim.kit.i18n import mark

MAX_LETTER_LENGTH = 2000  # characters
LONG_LETTER = mark(
    "This letter is too long: %(most)s characters at most. Characters too many: %(over)s. Shorten it, then "
    "send it again."
)


def can_apply(session: ReadSession, opportunity: Opportunity) -> bool:
    """Whether the organisation that publishes an offer has staff on OIM to read applications."""
    organisation = opportunities.find_publisher_id(session, opportunity.id)
    return organisation is not None and has_agents(session, organisation)


def send(
    session: WriteSession,
    actor: Actor,
    person: UUID,
    submission: Submission,
    *,
    consent: ConsentRecord | None = None,
) -> UUID:
    """Send an application to the partner who publishes an offer, and return its id.

    `consent` records that the person agrees to sharing in the same act; nothing is recorded if sending fails.
    Sending the same letter and CV again changes nothing. Raises BadInputError for the letter; ConflictError
    where the offer is closed, its partner receives nothing here, sharing was not agreed to, or something else
    was sent already; NotFoundError for an offer or a CV that is not the person's to send.
    """
    if consent is not None:
        decisions = {Purpose.SHARING: True}
        profile.save_consents(
            session, actor, person, decisions, language=consent.language, channel=consent.channel
        )
    letter = validate_letter(submission.letter)
    id_ = find_or_create_id(session, person, submission.offer)
    permit(session, actor, Action.CHANGE, application_subject(id_, person), what="apply")
    offer = opportunities.get(session, submission.offer)
    _check_can_send(session, person, offer)
    if submission.document is not None:
        _check_owns_document(session, actor, person, submission.document)
    # Two sendings of one application at once wait for each other here; the second sees what the first sent.
    row, is_new = get_or_create_locked(session, id_, person, offer, Route.INSIDE)
    was_redirected = row.route == Route.REDIRECTED.value
    if is_new or was_redirected or Stage.SENT in PERSON_MOVES[Stage(row.stage)]:
        _store(session, actor, person, row, offer, replace(submission, letter=letter))
        if is_new or was_redirected:
            count_application(session, row, person)
    elif (unseal_letter(session, row), row.document_id) != (letter, submission.document):
        raise ConflictError(mark("You applied for this already: the partner has your application."))
    return row.id


def validate_letter(text: str) -> str:
    """Clean a letter: single spaces, no space at its ends, its lines as they were. Raises BadInputError."""
    lines = ("".join(map(_to_printable, line)).split(" ") for line in text.splitlines())
    letter = "\n".join(" ".join(filter(None, words)) for words in lines).strip()
    check_length(letter, MAX_LETTER_LENGTH, "letter", LONG_LETTER)
    return letter


def _to_printable(character: str) -> str:
    # French puts a no-break space before `:`, `;`, `!` and `?`: not printable for Python, but text here.
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


def _check_owns_document(session: WriteSession, actor: Actor, person: UUID, document_id: UUID) -> None:
    if document_id not in {document.id for document in cv.list_documents(session, actor, person)}:
        raise NotFoundError(NOT_FOUND_MESSAGE)


def _store(
    session: WriteSession,
    actor: Actor,
    person: UUID,
    row: ApplicationRow,
    offer: Opportunity,
    submission: Submission,
) -> None:
    """Store what is sent, move the application to SENT, and schedule the questions about its outcome."""
    row.route, row.created_at = Route.INSIDE.value, now()
    # An application sent again goes to whoever publishes the offer now, under its title of now.
    row.organisation_id, row.title = opportunities.find_publisher_id(session, offer.id), offer.title
    row.letter = (
        seal(session, ApplicationRow.letter, row.id, submission.letter) if submission.letter else None
    )
    row.document_id, row.list_id = submission.document, submission.list_id or row.list_id
    row.shares_summary = submission.summary
    store_next(session, row, Next())
    set_stage(session, row, Stage.SENT, actor.role)
    schedule_questions(session, row.id, person)
    if row.organisation_id is not None:
        notify_partner(session, row.organisation_id)
    act = events.Applied(opportunity_id=offer.id, list_id=submission.list_id)
    events.record_act(session, act, person)
