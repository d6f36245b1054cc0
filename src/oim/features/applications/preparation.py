"""What a person is shown before they apply: what will be sent to whom, and a first draft of the letter.

Each has its own function: reading personal data enters the trail, so a channel reads only what it shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from oim.features import cv, opportunities, people, profile
from oim.features.access import Actor
from oim.features.applications.person_view import find_for_offer
from oim.features.applications.submission import can_apply
from oim.features.applications.types import Application, LetterValues
from oim.features.consents import Purpose, has_agreed
from oim.features.opportunities import Opportunity
from oim.features.profile import Record
from oim.kit.clock import now
from oim.kit.db import WriteSession
from oim.kit.i18n import DEFAULT_LANGUAGE, LANGUAGES

MAX_NAMED = 3  # skills, and jobs, in a letter: a partner reads the first few


@dataclass(frozen=True, slots=True, kw_only=True)
class Preparation:
    """What every channel shows before an application is sent."""

    offer: Opportunity
    is_accepting: bool  # the offer is open, and its partner receives applications here
    application: Application | None  # the person's application to this offer so far
    name: str  # of the person, as the partner will see it
    contact: str | None  # a telephone number or an address, as the partner will see it
    documents: tuple[cv.Document, ...]  # CVs that can be attached, newest first
    has_agreed_to_share: bool


def prepare(session: WriteSession, actor: Actor, person: UUID, offer: UUID) -> Preparation:
    """Read what a person needs to see before they apply to an offer. Raises NotFoundError."""
    opportunity = opportunities.get(session, offer)
    account = people.get(session, actor, person)
    return Preparation(
        offer=opportunity,
        is_accepting=opportunity.is_open(now()) and can_apply(session, opportunity),
        application=find_for_offer(session, actor, person, offer),
        name=account.name,
        contact=next((contact.value for contact in account.contacts.values()), None),
        documents=tuple(cv.list_documents(session, actor, person)),
        has_agreed_to_share=has_agreed(session, person, Purpose.SHARING),
    )


def prepare_letter(session: WriteSession, actor: Actor, person: UUID, offer: UUID) -> LetterValues:
    """Draft a letter of a person to an offer, in the offer's language. Raises NotFoundError."""
    opportunity = opportunities.get(session, offer)
    account = people.get(session, actor, person)
    return draft_letter(opportunity, account.name, profile.load_record(session, actor, person))


def draft_letter(offer: Opportunity, name: str, record: Record) -> LetterValues:
    """Choose the values of a letter to an offer, in the offer's language.

    Only what the person answered goes into it: what they can do first, then what they have worked as.
    """
    jobs = dict.fromkeys(job.title for job in record.jobs)
    return LetterValues(
        language=next(
            (language for language in LANGUAGES if language == offer.draft.language), DEFAULT_LANGUAGE
        ),
        kind=offer.kind,
        title=offer.title,
        organisation=offer.draft.organisation,
        name=name,
        skills=tuple(dict.fromkeys(record.skills))[:MAX_NAMED],
        jobs=tuple(jobs)[:MAX_NAMED],
        experience_years=record.experience_years or None,
        education=record.education or None,
    )
