"""What a first draft of a letter can say. The words are the channels'."""

from __future__ import annotations

from dataclasses import dataclass

from oim.features.applications.types import LetterValues
from oim.features.opportunities import Opportunity
from oim.features.profile import Record
from oim.kit.i18n import DEFAULT_LANGUAGE, LANGUAGES

MAX_TRADES = 3


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
