"""Models of recommendations, with the descriptions and examples that the documentation shows."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from oim.channels.rest.eligibility import StepOut, VerdictOut
from oim.channels.rest.examples import RECOMMENDATIONS
from oim.channels.rest.offer_schemas import OpportunityOut
from oim.channels.rest.strict_model import (
    OccupationCode,
    PlaceCode,
    RegionCode,
    ShortText,
    StrictModel,
    example_config,
)
from oim.channels.wording import (
    render_advice,
    render_improvement,
    render_missing,
    render_reason,
)
from oim.features.matching import Answer, Profile, Recommendation
from oim.features.opportunities import (
    Gender,
    Kind,
    Opportunity,
    Status,
)
from oim.kit.i18n import Translator


class RecommendationRequest(StrictModel):
    """A person's profile: every part is optional, and nothing of it is stored."""

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
    kinds: list[Kind] = Field([], max_length=3, description="Kinds of offers to find; empty: any.")
    memberships: list[ShortText] | None = Field(
        None, max_length=20, description="Organisations the person belongs to, for example MC2. Empty: none."
    )
    documents: list[ShortText] | None = Field(
        None, max_length=50, description="Papers the person has, for example CNI. Empty: none."
    )
    savings: int | None = Field(None, ge=0, description="XAF that the person could contribute.")
    limit: int = Field(10, ge=1, le=50)

    def to_profile(self, language: Literal["fr", "en"]) -> Profile:
        """Convert to a profile for matching. `language` is that of the reasons."""
        values = self.model_dump(exclude={"limit"})
        # A profile is immutable, so lists become tuples. None (not stated) differs from empty (none of them).
        for name in ("statuses", "occupations", "kinds", "memberships", "documents"):
            values[name] = None if values[name] is None else tuple(values[name])
        return Profile(**values, language=language)


class ReasonOut(StrictModel):
    """Why the offer is recommended: a code with its values, and the same in words."""

    code: str
    values: dict[str, Any]
    text: str


class RecommendationOut(StrictModel):
    """A recommended offer. `parts` add up to `score`, from 0 to 1.

    Offers that the person is almost eligible for come last, with the `steps` to take first.
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
        """Convert a recommendation of the engine and the offer that it is about."""
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
    """Something that the profile lacks and that would improve the recommendations."""

    code: str
    text: str


class RecommendationsOut(StrictModel):
    """The ranked list, and what the profile could add to improve it."""

    model_config = example_config(RECOMMENDATIONS)

    list_id: UUID | None = Field(
        description="Identifies this list in `POST /v1/events`. It identifies no person."
    )
    items: list[RecommendationOut]
    missing: list[MissingOut]
    took_ms: float
    words_only: bool = Field(
        description="True where too many asked at once: the text was compared by its words alone, not by its "
        "meaning. The same request later may find more."
    )
    advice: str | None = Field(
        description="What to do for a list of one's own, in words, where the profile said nothing: then the "
        "recent offers are listed. Else null."
    )

    @classmethod
    def from_domain(
        cls, profile: Profile | None, answer: Answer, offers: dict[UUID, Opportunity], t: Translator
    ) -> RecommendationsOut:
        """Convert an answer of the engine to a profile; None for a stored one, which always says something.

        `offers`: the offers by id, as the database has them now.
        """
        # The index is a little behind the database: an offer withdrawn meanwhile is not in `offers`.
        return cls(
            items=[RecommendationOut.from_domain(i, offers[i.id], t) for i in answer.items if i.id in offers],
            missing=[MissingOut(code=m.value, text=render_missing(m, t)) for m in answer.missing],
            took_ms=answer.took_ms,
            words_only=answer.words_only,
            list_id=answer.list_id,
            advice=render_advice(profile, t) if profile else None,
        )
