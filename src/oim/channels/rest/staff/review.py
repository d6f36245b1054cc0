"""Offers held or reported, and what is decided about them, for case workers and administrators."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from oim.channels.rest.dependencies import StaffOf
from oim.channels.rest.examples import OFFER
from oim.channels.rest.idempotency import OnceOf
from oim.channels.rest.language import TranslatorOf
from oim.channels.rest.problems import told
from oim.channels.rest.schemas import OpportunityOut
from oim.channels.rest.services import ServicesOf
from oim.channels.rest.strict_model import Shape, shaped
from oim.channels.wording import DECISIONS, REPORT_REASONS, render_standing
from oim.features import trust
from oim.features.access import Actor
from oim.features.trust import MAX_NOTE_LENGTH, Decision, ReportReason, ReviewItem
from oim.kit.db import WriteSession
from oim.kit.i18n import Translator

router = APIRouter(prefix="/v1/staff/review", tags=["trust"])
_COUNTED = {"reason": "money_asked", "text": "They asked me for money", "count": 2}
_DECIDED = {
    "decision": "released",
    "text": "Released",
    "note": "Called them: the fee is a mistake.",
    "at": "2026-11-25T10:00:00Z",
}
_HELD = {
    "opportunity": OFFER,
    "held": True,
    "text": "Held: nobody sees it",
    "since": "2026-11-25T10:00:00Z",
    "reports": [_COUNTED],
    "words": ["They asked for 25 000 by Orange Money."],
    "reviews": [_DECIDED],
}


class CountedOut(Shape):
    """How many reports give a reason."""

    model_config = shaped(_COUNTED)

    reason: ReportReason
    text: str
    count: int


class DecidedOut(Shape):
    """A decision that was taken before. Its note is erased after a year."""

    model_config = shaped(_DECIDED)

    decision: Decision
    text: str
    note: str
    at: datetime


class HeldOut(Shape):
    """An offer as those see it who review it, and since when it waits, if it does."""

    model_config = shaped(_HELD)

    opportunity: OpportunityOut
    held: bool
    text: str = Field(description="Who sees it now, in words.")
    since: datetime | None
    reports: list[CountedOut]
    words: list[str] = Field(description="What those who reported it wrote.")
    reviews: list[DecidedOut]

    @classmethod
    def of(cls, held: ReviewItem, t: Translator) -> HeldOut:
        """As the API shows it."""
        return cls(
            opportunity=OpportunityOut.of(held.offer, t),
            held=held.offer.held,
            text=render_standing(held, t),
            since=held.waiting_since,
            reports=[
                CountedOut(reason=reason, text=t(REPORT_REASONS[reason]), count=count)
                for reason, count in held.report_counts.items()
            ],
            words=list(held.words),
            reviews=[
                DecidedOut(decision=one.decision, text=t(DECISIONS[one.decision]), note=one.note, at=one.at)
                for one in held.reviews
            ],
        )


class QueueOut(Shape):
    """What waits for a decision, the oldest first; 200 at most."""

    model_config = shaped({"items": [_HELD]})

    items: list[HeldOut]


class Deciding(StrEnum):
    """What to make of an offer."""

    RELEASE = "release"
    WITHDRAW = "withdraw"


DECIDE: Mapping[Deciding, Callable[[WriteSession, Actor, UUID, str], None]] = {
    Deciding.RELEASE: trust.release,
    Deciding.WITHDRAW: trust.withdraw,
}


class ReviewIn(Shape):
    """Whether an offer is shown from now on, and why, for those who review it later."""

    model_config = shaped({"decision": "withdraw", "note": "The number is in three other frauds."})

    decision: Deciding
    note: str = Field(
        "", max_length=2 * MAX_NOTE_LENGTH, description=f"{MAX_NOTE_LENGTH} characters at most."
    )


@router.get("", **told("List what waits for a decision", 401, 404, model=QueueOut))
def queue(services: ServicesOf, caller: StaffOf, t: TranslatorOf) -> QueueOut:
    """The offers held or reported."""
    with services.database.write() as session:
        return QueueOut(items=[HeldOut.of(held, t) for held in trust.load_review_queue(session, caller)])


@router.get("/{opportunity_id}", **told("Review an offer", 401, 404, model=HeldOut))
def one(opportunity_id: UUID, services: ServicesOf, caller: StaffOf, t: TranslatorOf) -> HeldOut:
    """One offer, whether or not it waits."""
    with services.database.write() as session:
        return HeldOut.of(trust.load_review_item(session, caller, opportunity_id), t)


@router.post(
    "/{opportunity_id}/decisions",
    **told("Decide about an offer", 401, 404, 409, status=201, model=HeldOut),
)
def decide(
    opportunity_id: UUID,
    wanted: ReviewIn,
    services: ServicesOf,
    caller: StaffOf,
    t: TranslatorOf,
    once: OnceOf,
) -> Response:
    """Release it, with its warnings, or withdraw it for good. What people wrote of it is erased."""
    with services.database.write() as session:

        def decided() -> HeldOut:
            DECIDE[wanted.decision](session, caller, opportunity_id, wanted.note)
            return HeldOut.of(trust.load_review_item(session, caller, opportunity_id), t)

        return once.answer(session, 201, decided)
