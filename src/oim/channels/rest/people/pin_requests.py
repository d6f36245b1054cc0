"""Routes of a forgotten PIN: asking for a new one, letting it serve at once, and cancelling it."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, Depends
from pydantic import Field

from oim.channels.http.services import ServicesOf
from oim.channels.http.threads import PersonalRoute
from oim.channels.rest.dependencies import OriginOf, PersonOf, TranslatorOf, person_id_of
from oim.channels.rest.people.sign_in import require_protected
from oim.channels.rest.people.sign_in_bodies import EntryIn
from oim.channels.rest.problems import describe
from oim.channels.rest.strict_model import StrictModel, example_config
from oim.features.sign_in import PersonCredentials, cancel_pin_request, confirm_pin_request, request_pin

router = APIRouter(
    route_class=PersonalRoute, prefix="/v1", tags=["sign-in"], dependencies=[Depends(require_protected)]
)


class PinClaimOut(StrictModel):
    """A new PIN was asked for, if somebody has the name. It serves from `opens_at` on, with the same name.

    At the earliest: three days after a message about it was sent. `number` is for a case worker alone.
    """

    model_config = example_config({"claim": "q8Rk…", "opens_at": "2026-12-03T10:00:00Z", "number": "482913"})

    claim: str
    opens_at: datetime
    number: str  # by which a case worker tells this request from others of the same person


class ConfirmationIn(StrictModel):
    """The claim of a request, and the ticket of a second contact of the same person."""

    model_config = example_config({"claim": "q8Rk…", "ticket": "Zf0a…"})

    claim: str = Field(max_length=100)
    ticket: str = Field(max_length=100)


@router.post("/pin-requests", **describe("Ask for a new PIN", 401, 429, status=202, model=PinClaimOut))
def request_new_pin(body: EntryIn, origin: OriginOf, services: ServicesOf, t: TranslatorOf) -> PinClaimOut:
    """Ask for a new PIN on the ticket's contact: it serves after three days, announced to every contact.

    The response is the same whether or not somebody has the name, and for the same call with the same ticket.
    """
    claim = request_pin(
        services.database,
        services.sign_in,
        PersonCredentials(body.ticket, body.name, body.pin, origin.device),
        language=t.language,
        make_link=lambda secret: f"{services.address}/{t.language}/pin/{secret}",
    )
    return PinClaimOut(claim=claim.secret, opens_at=claim.opens_at, number=claim.number)


@router.post("/pin-requests/confirmations", **describe("Let a new PIN serve at once", 401, 429, status=204))
def redeem_second_contact(body: ConfirmationIn, services: ServicesOf) -> None:
    """Let the new PIN serve at once, by a second contact, which must be nobody else's.

    The ticket then signs in: `POST /v1/sessions`.
    """
    confirm_pin_request(services.database, services.sign_in, body.claim, body.ticket)


@router.delete("/me/pin-request", **describe("Cancel a new PIN", 401, 404, status=204))
def withdraw_new_pin(services: ServicesOf, caller: PersonOf) -> None:
    """Cancel the new PIN that somebody asked for; without one nothing happens."""
    with services.database.write() as session:
        cancel_pin_request(session, caller, person_id_of(caller))
