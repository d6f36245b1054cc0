"""Models of offers, with the descriptions and examples that the documentation shows."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from oim.channels.rest.examples import OFFER, OFFERS
from oim.channels.rest.strict_model import (
    StrictModel,
    example_config,
)
from oim.channels.wording import (
    WAYS,
    build_way_uri,
    render_source,
    render_warning,
)
from oim.features.following import FoundOffers
from oim.features.opportunities import (
    Details,
    Eligibility,
    Kind,
    Location,
    Opportunity,
    Trust,
    WayKind,
)
from oim.kit.i18n import Translator


class WarningOut(StrictModel):
    """A warning about an offer: a code, advice in words, and the words of the offer that gave rise to it."""

    code: str
    text: str
    excerpt: str


class WayOut(StrictModel):
    """One way to answer an offer: its kind, its value (a number, an address, words), and its button in words.

    `uri` opens it on a telephone: `tel:`, `mailto:`, `https://wa.me/`. A link is opened by `departures`.
    """

    kind: WayKind
    value: str
    hours: str
    text: str
    uri: str | None


class OpportunityOut(StrictModel):
    """An offer. What its source does not state is null, or left out of `details` and `eligibility`."""

    model_config = example_config(OFFER)

    id: UUID
    kind: Kind
    title: str
    description: str
    language: str | None
    organisation: str | None
    source: str = Field(description="The key of what supplies it.")
    source_name: str = Field("", description="The name of its source, to be shown to people.")
    url: str | None
    location: dict[str, Any]
    occupations: list[str]
    eligibility: dict[str, Any]
    details: dict[str, Any]
    places: int | None
    published_at: datetime | None
    valid_through: datetime | None
    first_seen_at: datetime
    trust: Trust = Field(
        description="How well its source is known. No level guarantees that the offer is safe."
    )
    warnings: list[WarningOut]
    ways: list[WayOut] = Field(
        [], description="How to answer it, the way that most people can use first. Empty: it does not say."
    )

    @classmethod
    def from_domain(cls, opportunity: Opportunity, t: Translator) -> OpportunityOut:
        """Convert an offer, with warnings in the language of `t`."""
        draft = opportunity.draft
        return cls(
            id=opportunity.id,
            source=opportunity.source,
            source_name=render_source(opportunity.source, t),
            first_seen_at=opportunity.first_seen_at,
            location=_list_stated(draft.location),
            eligibility=_list_stated(draft.eligibility),
            details=_list_stated(draft.details),
            occupations=list(draft.occupations),
            trust=opportunity.trust,
            warnings=[
                WarningOut(code=flag.code, text=render_warning(flag, t), excerpt=flag.excerpt)
                for flag in opportunity.warnings
            ],
            ways=[
                WayOut(
                    kind=way.kind,
                    value=way.value,
                    hours=way.hours,
                    text=t(WAYS[way.kind]),
                    uri=build_way_uri(way),
                )
                for way in opportunity.ways
            ],
            **{name: getattr(draft, name) for name in _COPIED_FIELDS},
        )


# Fields that have the same name and type in `Draft`.
_COPIED_FIELDS = (
    "kind",
    "title",
    "description",
    "language",
    "organisation",
    "url",
    "places",
    "published_at",
    "valid_through",
)


def _list_stated(part: Location | Eligibility | Details) -> dict[str, Any]:
    """The fields of a part of an offer by name, without those that are not stated."""
    # Not `asdict`, which copies every value. Compared with `==`, so 0 and False stay: "no experience needed"
    # is a statement.
    values = {field.name: getattr(part, field.name) for field in fields(part)}
    return {name: value for name, value in values.items() if value not in (None, ())}


class OpportunitiesOut(StrictModel):
    """A page of offers. `next` is the cursor of the following page; null on the last."""

    model_config = example_config(OFFERS)

    items: list[OpportunityOut]
    next: str | None
    total: int | None = Field(
        None, description="How many offers there are on all pages, on the first of them; null on the others."
    )
    words_only: bool = Field(
        description="True where too many asked at once: offers were found by the words alone, not by their "
        "meaning. The same request later may find more."
    )

    @classmethod
    def from_domain(cls, page: FoundOffers, t: Translator) -> OpportunitiesOut:
        """Convert a page of offers."""
        return cls(
            items=[OpportunityOut.from_domain(item, t) for item in page.items],
            next=page.next,
            total=page.total,
            words_only=page.words_only,
        )
