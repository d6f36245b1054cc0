"""Routes by which administrators set the trust in publishers: known sources and verified organisations."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query
from pydantic import Field

from oim.channels.http.services import ServicesOf
from oim.channels.http.threads import PersonalRoute
from oim.channels.rest.dependencies import StaffOf
from oim.channels.rest.problems import describe
from oim.channels.rest.strict_model import StrictModel, example_config
from oim.features import trust

router = APIRouter(route_class=PersonalRoute, prefix="/v1/staff", tags=["trust"])
NameQuery = Annotated[
    str, Query(max_length=200, description="Words of the name. Accents and capitals do not matter.")
]
# Letters, digits, `_`, `.` and `-`. Above all no NUL (`%00`), which PostgreSQL refuses in a text.
Slug = Annotated[str, Path(pattern=r"^[\w.-]+$")]
_SOURCE_EXAMPLE: dict[str, Any] = {
    "slug": "fne",
    "known_at": "2026-11-25T10:00:00Z",
    "offers": 120,
    "held": 2,
    "open": 100,
    "unanswerable": 4,
}
_ORGANISATION_EXAMPLE: dict[str, Any] = {
    "id": "0b0f6f5e-7f6a-5d6c-8c7e-2c5d1a3b4e6f",
    "name": "Chantiers du Noun",
    "verified_at": None,
    "offers": 3,
}


class SourceOut(StrictModel):
    """A source of offers: since when it is known to us, and how many of its offers are stored and held."""

    model_config = example_config(_SOURCE_EXAMPLE)

    slug: str
    known_at: datetime | None
    offers: int
    held: int
    open: int = Field(description="Offers that people can answer now, or could if they said how.")
    unanswerable: int = Field(description="Of the open offers, those that give no way to answer them.")


class SourcesOut(StrictModel):
    """Every source, by name."""

    model_config = example_config({"items": [_SOURCE_EXAMPLE]})

    items: list[SourceOut]


class KnownIn(StrictModel):
    """Whether the source is known to us."""

    model_config = example_config({"known": True})

    known: bool


class OrganisationOut(StrictModel):
    """A publisher of offers: since when it is verified, and how many of its offers are stored."""

    model_config = example_config(_ORGANISATION_EXAMPLE)

    id: UUID
    name: str
    verified_at: datetime | None
    offers: int


class OrganisationsOut(StrictModel):
    """The organisations that match, verified ones first; 200 at most."""

    model_config = example_config({"items": [_ORGANISATION_EXAMPLE]})

    items: list[OrganisationOut]


class VerifiedIn(StrictModel):
    """Whether the organisation is verified."""

    model_config = example_config({"verified": True})

    verified: bool


@router.get("/sources", **describe("List the sources", 401, 404, model=SourcesOut))
def list_sources(services: ServicesOf, caller: StaffOf) -> SourcesOut:
    """List every source of offers, known or not."""
    with services.database.write() as session:
        all_sources = trust.load_sources(session, caller)
    return SourcesOut(
        items=[
            SourceOut(
                slug=source.slug,
                known_at=source.known_at,
                offers=source.offers,
                held=source.held_offers,
                open=source.open_offers,
                unanswerable=source.unanswerable_offers,
            )
            for source in all_sources
        ]
    )


@router.put("/sources/{slug}", **describe("Mark a source as known or not", 401, 404, status=204))
def mark_source(slug: Slug, body: KnownIn, services: ServicesOf, caller: StaffOf) -> None:
    """Mark a source as known, or no longer. All its offers show the new level of trust at once."""
    with services.database.write() as session:
        trust.mark_source(session, caller, slug, known=body.known)


@router.get("/organisations", **describe("Search the organisations", 401, 404, model=OrganisationsOut))
def list_organisations(services: ServicesOf, caller: StaffOf, words: NameQuery = "") -> OrganisationsOut:
    """List the organisations whose name contains the words; all of them without words."""
    with services.database.write() as session:
        matches = trust.find_organisations(session, caller, words)
    return OrganisationsOut(
        items=[OrganisationOut.model_validate(match, from_attributes=True) for match in matches]
    )


@router.put(
    "/organisations/{organisation_id}",
    **describe("Mark an organisation as verified or not", 401, 404, status=204),
)
def mark_organisation(organisation_id: UUID, body: VerifiedIn, services: ServicesOf, caller: StaffOf) -> None:
    """Mark an organisation as verified, or no longer. It counts for its offers from known sources."""
    with services.database.write() as session:
        trust.verify_organisation(session, caller, organisation_id, verified=body.verified)
