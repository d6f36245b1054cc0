"""Routes by which case workers and administrators review offers that are held or reported.

A held offer is hidden until somebody decides about it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from oim.channels.http.services import ServicesOf
from oim.channels.http.threads import PersonalRoute
from oim.channels.rest.dependencies import StaffOf, TranslatorOf
from oim.channels.rest.examples import OFFER
from oim.channels.rest.idempotency import IdempotencyOf
from oim.channels.rest.offer_schemas import OpportunityOut
from oim.channels.rest.problems import describe
from oim.channels.rest.strict_model import StrictModel, example_config
from oim.channels.wording import DECISIONS, REPORT_REASONS, render_alert, render_standing
from oim.features import trust
from oim.features.access import Actor
from oim.features.trust import MAX_NOTE_LENGTH, AlertCode, Decision, ReportReason, ReviewItem
from oim.kit.db import WriteSession
from oim.kit.i18n import Translator

router = APIRouter(route_class=PersonalRoute, prefix="/v1/staff/review", tags=["trust"])
_REPORT_COUNT_EXAMPLE = {"reason": "money_asked", "text": "They asked me for money", "count": 2}
_PAST_DECISION_EXAMPLE = {
    "decision": "released",
    "text": "Released",
    "note": "Called them: the fee is a mistake.",
    "at": "2026-11-25T10:00:00Z",
}
_ALERT_EXAMPLE = {
    "code": "burst",
    "text": "24 reports came within an hour: somebody may be sending false ones.",
    "count": 24,
}
_REVIEW_EXAMPLE = {
    "opportunity": OFFER,
    "held": True,
    "text": "To check: nobody sees it",
    "since": "2026-11-25T10:00:00Z",
    "reports": [_REPORT_COUNT_EXAMPLE],
    "words": ["They asked for 25 000 by Orange Money."],
    "reviews": [_PAST_DECISION_EXAMPLE],
}


class ReportCountOut(StrictModel):
    """How many reports give one reason."""

    model_config = example_config(_REPORT_COUNT_EXAMPLE)

    reason: ReportReason
    text: str
    count: int


class PastDecisionOut(StrictModel):
    """An earlier decision about the offer. Its note is erased after a year."""

    model_config = example_config(_PAST_DECISION_EXAMPLE)

    decision: Decision
    text: str
    note: str
    at: datetime


class ReviewedOfferOut(StrictModel):
    """An offer under review: who sees it now, since when it waits for a decision, and what was reported."""

    model_config = example_config(_REVIEW_EXAMPLE)

    opportunity: OpportunityOut
    held: bool
    text: str = Field(description="Who sees it now, in words.")
    since: datetime | None
    reports: list[ReportCountOut]
    words: list[str] = Field(description="What the reporters wrote.")
    reviews: list[PastDecisionOut]

    @classmethod
    def from_domain(cls, reviewed: ReviewItem, t: Translator) -> ReviewedOfferOut:
        """Convert an offer under review, with words in the language of `t`."""
        return cls(
            opportunity=OpportunityOut.from_domain(reviewed.offer, t),
            held=reviewed.offer.is_held,
            text=render_standing(reviewed, t),
            since=reviewed.waiting_since,
            reports=[
                ReportCountOut(reason=reason, text=t(REPORT_REASONS[reason]), count=count)
                for reason, count in reviewed.report_counts.items()
            ],
            words=list(reviewed.words),
            reviews=[
                PastDecisionOut(
                    decision=review.decision,
                    text=t(DECISIONS[review.decision]),
                    note=review.note,
                    at=review.at,
                )
                for review in reviewed.reviews
            ],
        )


class AlertOut(StrictModel):
    """Something about reports to look at now, and how many offers or reports there are."""

    model_config = example_config(_ALERT_EXAMPLE)

    code: AlertCode
    text: str
    count: int


class QueueOut(StrictModel):
    """The offers that wait for a decision, and what to look at now; 200 offers at most.

    First those still shown that several people reported, then the longest waiting.
    """

    model_config = example_config({"items": [_REVIEW_EXAMPLE], "alerts": [_ALERT_EXAMPLE]})

    items: list[ReviewedOfferOut]
    alerts: list[AlertOut]


class DecisionCommand(StrEnum):
    """What to do with an offer: show it, or hide it for good."""

    RELEASE = "release"
    WITHDRAW = "withdraw"


# Apart from `trust.Decision`, which says in the past tense what was decided ("released").
DECISION_ACTIONS: Mapping[DecisionCommand, Callable[[WriteSession, Actor, UUID, str], None]] = {
    DecisionCommand.RELEASE: trust.release,
    DecisionCommand.WITHDRAW: trust.withdraw,
}


class ReviewIn(StrictModel):
    """Whether the offer is shown from now on, and a note on the reasons for those who review it later."""

    model_config = example_config({"decision": "withdraw", "note": "The number is in three other frauds."})

    decision: DecisionCommand
    # Twice the limit, which `trust` checks once the spaces around the note are removed.
    note: str = Field(
        "", max_length=2 * MAX_NOTE_LENGTH, description=f"{MAX_NOTE_LENGTH} characters at most."
    )


@router.get("", **describe("List the offers that wait for a decision", 401, 404, model=QueueOut))
def list_reviews(services: ServicesOf, caller: StaffOf, t: TranslatorOf) -> QueueOut:
    """List the offers that are held or reported, those of most concern first, and what to look at now."""
    with services.database.write() as session:
        return QueueOut(
            items=[
                ReviewedOfferOut.from_domain(item, t) for item in trust.load_review_queue(session, caller)
            ],
            alerts=[
                AlertOut(code=alert.code, text=render_alert(alert, t), count=alert.count)
                for alert in trust.find_alerts(session)
            ],
        )


@router.get("/{opportunity_id}", **describe("Review an offer", 401, 404, model=ReviewedOfferOut))
def get_review(
    opportunity_id: UUID, services: ServicesOf, caller: StaffOf, t: TranslatorOf
) -> ReviewedOfferOut:
    """Read an offer with its reports and earlier decisions, whether or not it waits for a decision."""
    with services.database.write() as session:
        return ReviewedOfferOut.from_domain(trust.load_review_item(session, caller, opportunity_id), t)


@router.post(
    "/{opportunity_id}/decisions",
    **describe("Decide about an offer", 401, 404, 409, status=201, model=ReviewedOfferOut),
)
def decide_review(
    opportunity_id: UUID,
    body: ReviewIn,
    services: ServicesOf,
    caller: StaffOf,
    t: TranslatorOf,
    idempotency: IdempotencyOf,
) -> Response:
    """Release an offer, with its warnings, or withdraw it for good. What its reporters wrote is erased."""
    with services.database.write() as session:

        def apply_decision() -> ReviewedOfferOut:
            DECISION_ACTIONS[body.decision](session, caller, opportunity_id, body.note)
            return ReviewedOfferOut.from_domain(trust.load_review_item(session, caller, opportunity_id), t)

        return idempotency.respond(session, 201, apply_decision)
