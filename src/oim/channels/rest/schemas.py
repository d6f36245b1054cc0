"""What the API takes and gives, as its documentation shows it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from oim.channels.rest.eligibility import StepOut, VerdictOut
from oim.channels.rest.examples import OFFER, OFFERS, RECOMMENDATIONS
from oim.channels.rest.strict_model import (
    OccupationCode,
    PlaceCode,
    RegionCode,
    ShortText,
    StrictModel,
    example_config,
)
from oim.channels.wording import render_improvement, render_missing, render_reason, render_warning
from oim.features.matching import Answer, Profile, Recommendation
from oim.features.opportunities import Gender, Kind, Opportunity, Page, Status, Trust
from oim.kit.i18n import Translator


class RecommendationRequest(StrictModel):
    """A person's profile: every part is optional, and nothing of it is kept."""

    model_config = example_config(
        {
            "text": "I raise chickens and need a loan",
            "region": "CM-OU",
            "birth_year": 1998,
            "kinds": ["agr"],
            "limit": 5,
        }
    )

    text: str = Field(
        "", max_length=4000, description="What the person looks for and can do, in their words."
    )
    birth_year: int | None = Field(None, ge=1900, le=2100)
    gender: Gender | None = None
    statuses: list[Status] = Field([], max_length=5)
    region: RegionCode | None = Field(None, description="ISO 3166-2, for example CM-OU.")
    department: PlaceCode | None = Field(None, description="Code of a department, for example CM-OU-03.")
    commune: PlaceCode | None = Field(None, description="Code of a commune, for example CM-OU-0307.")
    education: int | None = Field(None, ge=0, le=8, description="ISCED 2011 level.")
    occupations: list[OccupationCode] = Field([], max_length=20, description="ISCO-08 codes.")
    experience_years: int | None = Field(None, ge=0, le=80)
    kinds: list[Kind] = Field([], max_length=3, description="Kinds wanted; none means any.")
    memberships: list[ShortText] | None = Field(
        None, max_length=20, description="Of what the person is a member, for example MC2. Empty: of nothing."
    )
    documents: list[ShortText] | None = Field(
        None, max_length=50, description="Papers the person has, for example CNI. Empty: none."
    )
    savings: int | None = Field(None, ge=0, description="XAF that the person could put in.")
    limit: int = Field(10, ge=1, le=50)

    def to_profile(self, language: Literal["fr", "en"]) -> Profile:
        """The profile of the request."""
        values = self.model_dump(exclude={"limit"})
        for name in ("statuses", "occupations", "kinds", "memberships", "documents"):
            values[name] = None if values[name] is None else tuple(values[name])
        return Profile(**values, language=language)


class WarningOut(StrictModel):
    """What warns in an offer: a code, what to do about it in words, and the offer's own words, if any."""

    code: str
    text: str
    excerpt: str


class OpportunityOut(StrictModel):
    """An offer; what its source does not state is null or left out of `details` and `eligibility`."""

    model_config = example_config(OFFER)

    id: UUID
    kind: Kind
    title: str
    description: str
    language: str | None
    organisation: str | None
    source: str
    url: str | None
    location: dict[str, Any]
    occupations: list[str]
    eligibility: dict[str, Any]
    details: dict[str, Any]
    places: int | None
    published_at: datetime | None
    valid_through: datetime | None
    first_seen_at: datetime
    trust: Trust = Field(description="How far its source is known. No level says that it is without danger.")
    warnings: list[WarningOut]

    @classmethod
    def from_domain(cls, opportunity: Opportunity, t: Translator) -> OpportunityOut:
        """As the API shows an offer."""
        draft = opportunity.draft
        return cls(
            id=opportunity.id,
            source=opportunity.source,
            first_seen_at=opportunity.first_seen_at,
            location=_drop_missing(asdict(draft.location)),
            eligibility=_drop_missing(asdict(draft.eligibility)),
            details=_drop_missing(asdict(draft.details)),
            occupations=list(draft.occupations),
            trust=opportunity.trust,
            warnings=[
                WarningOut(code=flag.code, text=render_warning(flag, t), excerpt=flag.excerpt)
                for flag in opportunity.warnings
            ],
            **{name: getattr(draft, name) for name in _COPIED_FIELDS},
        )


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


def _drop_missing(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, ())}


class OpportunitiesOut(StrictModel):
    """A page of offers; `next` is the cursor of the page after, where there is one."""

    model_config = example_config(OFFERS)

    items: list[OpportunityOut]
    next: str | None

    @classmethod
    def from_domain(cls, page: Page, t: Translator) -> OpportunitiesOut:
        """As the API shows a page."""
        return cls(items=[OpportunityOut.from_domain(item, t) for item in page.items], next=page.next)


class ReasonOut(StrictModel):
    """Why: a code with its values, and the same in words."""

    code: str
    values: dict[str, Any]
    text: str


class RecommendationOut(StrictModel):
    """One offer for the profile. `parts` sum up to `score`, from 0 to 1.

    Offers that the person is almost eligible for come last, with the `steps` to take before.
    """

    rank: int
    score: float
    parts: dict[str, float]
    reasons: list[ReasonOut]
    eligibility: VerdictOut
    steps: list[StepOut]
    improve: str | None = Field(description="The one thing that would improve this match, in words.")
    opportunity: OpportunityOut

    @classmethod
    def from_domain(cls, item: Recommendation, opportunity: Opportunity, t: Translator) -> RecommendationOut:
        """As the API shows a recommendation."""
        reasons = [
            ReasonOut(code=reason.code.value, values=reason.values, text=render_reason(reason, t))
            for reason in item.reasons
        ]
        return cls(
            rank=item.rank,
            score=item.score,
            parts=item.parts,
            reasons=reasons,
            eligibility=VerdictOut.from_domain(item.verdict, t),
            steps=[StepOut.from_domain(step, t) for step in item.steps],
            improve=render_improvement(item, t),
            opportunity=OpportunityOut.from_domain(opportunity, t),
        )


class MissingOut(StrictModel):
    """Something that would improve the answer."""

    code: str
    text: str


class RecommendationsOut(StrictModel):
    """The ranked list, and what the profile could add."""

    model_config = example_config(RECOMMENDATIONS)

    list_id: UUID | None = Field(description="What `POST /v1/events` refers to. It names no person.")
    items: list[RecommendationOut]
    missing: list[MissingOut]
    took_ms: float

    @classmethod
    def from_domain(
        cls, answer: Answer, offers: dict[UUID, Opportunity], t: Translator
    ) -> RecommendationsOut:
        """An offer that went away since it was indexed is left out."""
        return cls(
            items=[RecommendationOut.from_domain(i, offers[i.id], t) for i in answer.items if i.id in offers],
            missing=[MissingOut(code=m.value, text=render_missing(m, t)) for m in answer.missing],
            took_ms=answer.took_ms,
            list_id=answer.list_id,
        )
