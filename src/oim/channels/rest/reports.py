"""The route by which anybody reports an offer that looks wrong."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import Field

from oim.channels.http.services import Services, ServicesOf
from oim.channels.http.threads import PersonalRoute
from oim.channels.rest.dependencies import AddressOf, CallerOf, TranslatorOf
from oim.channels.rest.idempotency import IdempotencyOf
from oim.channels.rest.problems import describe
from oim.channels.rest.strict_model import StrictModel, example_config
from oim.channels.wording import REPORT_FOLLOW_UP, SERIOUS_REPORT_FOLLOW_UP
from oim.features import trust
from oim.features.trust import MAX_REPORT_LENGTH, Reporter, ReportReason
from oim.kit.i18n import Translator

router = APIRouter(
    route_class=PersonalRoute, prefix="/v1/opportunities/{opportunity_id}/reports", tags=["opportunities"]
)


class ReportIn(StrictModel):
    """Why an offer is reported, and what happened, in words."""

    model_config = example_config(
        {"reason": "money_asked", "words": "They asked for 5,000 F before the meeting."}
    )

    reason: ReportReason
    # Twice the limit, which `trust` checks once the spaces around the words are removed.
    words: str = Field(
        "", max_length=2 * MAX_REPORT_LENGTH, description=f"{MAX_REPORT_LENGTH} characters at most."
    )


class HelplineOut(StrictModel):
    """Whom to call about violence or trafficking, as whoever runs this instance says."""

    model_config = example_config({"name": "Violence", "phone": "+237 222 00 00 01"})

    name: str
    phone: str


class ReportOut(StrictModel):
    """What happens next, in words for the reporter.

    `helplines`: after a report of violence, trafficking or sexual exploitation; show them at once.
    """

    model_config = example_config(
        {"text": ["Our team reads it, and decides whether the offer stays."], "helplines": []}
    )

    text: list[str]
    helplines: list[HelplineOut]


def _get_reporter(services: ServicesOf, caller: CallerOf, address: AddressOf) -> Reporter:
    """Identify the reporter, and count the report. Raises TooManyError, UnavailableError."""
    return trust.identify_reporter(services.database, services.sign_in.rate_limiter, caller, address)


# A dependency, so reports are counted before the transaction that stores the report.
ReporterOf = Annotated[Reporter, Depends(_get_reporter)]


@router.post("", **describe("Report an offer", 401, 404, 409, status=201, model=ReportOut))
def report_opportunity(
    opportunity_id: UUID,
    body: ReportIn,
    reporter: ReporterOf,
    services: ServicesOf,
    t: TranslatorOf,
    idempotency: IdempotencyOf,
) -> Response:
    """Warn of an offer, signed in or not. A second report by the same reporter replaces the first."""
    with services.database.write() as session:

        def create_report() -> ReportOut:
            trust.report_offer(session, opportunity_id, body.reason, body.words, reporter)
            return _build_answer(body.reason, services, t)

        return idempotency.respond(session, 201, create_report)


def _build_answer(reason: ReportReason, services: Services, t: Translator) -> ReportOut:
    """Build the answer to a report, with the helplines where somebody may be in danger."""
    if reason not in trust.SERIOUS_REASONS:
        return ReportOut(text=[t(words) for words in REPORT_FOLLOW_UP], helplines=[])
    lines = services.operator.helplines
    return ReportOut(
        text=[t(words) for words in SERIOUS_REPORT_FOLLOW_UP],
        helplines=[HelplineOut(name=line.names[t.language], phone=line.phone) for line in lines],
    )
