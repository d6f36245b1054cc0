"""The route for going to the page of an offer's publisher: it returns the address and records the visit."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response

from oim.channels.http.costs import EVENT_COST
from oim.channels.http.services import ServicesOf
from oim.channels.http.threads import PersonalRoute
from oim.channels.rest.dependencies import CallerOf, TranslatorOf, takes_points
from oim.channels.rest.idempotency import IdempotencyOf
from oim.channels.rest.problems import describe
from oim.channels.rest.strict_model import StrictModel, example_config
from oim.channels.wording import render_redirect_notice
from oim.features import applications, opportunities
from oim.features.opportunities import Trust

router = APIRouter(
    route_class=PersonalRoute, prefix="/v1/opportunities/{opportunity_id}/departures", tags=["opportunities"]
)


class DepartureIn(StrictModel):
    """The list of recommendations in which the offer was found, if any."""

    model_config = example_config({"list_id": "6f1c2f0e-52f5-4f0e-9d0c-0d4c2f7a9b11"})

    list_id: UUID | None = None


class DepartureOut(StrictModel):
    """Where to go: the address and its host, the trust in the offer, and what to show the person first."""

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


@router.post(
    "",
    dependencies=[takes_points(EVENT_COST)],
    **describe("Go to the publisher's page", 401, 404, 409, status=201, model=DepartureOut),
)
def create_departure(
    opportunity_id: UUID,
    services: ServicesOf,
    caller: CallerOf,
    t: TranslatorOf,
    idempotency: IdempotencyOf,
    departure: DepartureIn | None = None,
) -> Response:
    """Record that somebody goes to the offer's own page, and get its address.

    For a person who is signed in it is added to their applications. 404 if no page is safe to open.
    """
    with services.database.write() as session:

        def go_to_publisher() -> DepartureOut:
            # Raises before anything is recorded: nobody can go to a page that is not safe to open.
            destination = applications.parse_destination(opportunities.get(session, opportunity_id))
            list_id = departure.list_id if departure else None
            applications.record_redirect(session, caller, opportunity_id, list_id)
            return DepartureOut(
                url=destination.url,
                host=destination.host,
                trust=destination.trust,
                text=render_redirect_notice(destination, t),
            )

        return idempotency.respond(session, 201, go_to_publisher)
