"""Leaving for the page of an offer's publisher: where that is, and that somebody goes there."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response

from oim.channels.http.services import ServicesOf
from oim.channels.rest.dependencies import CallerOf, TranslatorOf
from oim.channels.rest.idempotency import IdempotencyOf
from oim.channels.rest.problems import describe
from oim.channels.rest.strict_model import StrictModel, example_config
from oim.channels.wording import render_redirect_notice
from oim.features import applications, opportunities
from oim.features.opportunities import Trust

router = APIRouter(prefix="/v1/opportunities/{opportunity_id}/departures", tags=["opportunities"])


class DepartureIn(StrictModel):
    """In which list of recommendations the offer was found, if in one."""

    model_config = example_config({"list_id": "6f1c2f0e-52f5-4f0e-9d0c-0d4c2f7a9b11"})

    list_id: UUID | None = None


class DepartureOut(StrictModel):
    """Where to go: its address and host, how far the offer is trusted, and what to tell who goes."""

    model_config = example_config(
        {
            "url": "https://chantiers.example.cm/offres/12",
            "host": "chantiers.example.cm",
            "trust": "known",
            "text": ["You are leaving OIM for this site: chantiers.example.cm"],
        }
    )

    url: str
    host: str
    trust: Trust
    text: list[str]


@router.post("", **describe("Leave for the publisher's page", 401, 404, 409, status=201, model=DepartureOut))
def record_redirect(
    opportunity_id: UUID,
    services: ServicesOf,
    caller: CallerOf,
    t: TranslatorOf,
    idempotency: IdempotencyOf,
    departure: DepartureIn | None = None,
) -> Response:
    """Tell that somebody goes on to an offer's own page, and get its address.

    For who is signed in it is kept among their applications. 404 where there is no page that is safe to open.
    """
    with services.database.write() as session:

        def left() -> DepartureOut:
            where = applications.parse_destination(opportunities.get(session, opportunity_id))
            list_id = departure.list_id if departure else None
            applications.record_redirect(session, caller, opportunity_id, list_id)
            text = render_redirect_notice(where, t)
            return DepartureOut(url=where.url, host=where.host, trust=where.trust, text=text)

        return idempotency.respond(session, 201, left)
