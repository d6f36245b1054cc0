"""Routes of the caller's profile, of its completeness, and of recommendations by it."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field

from oim.channels.http.costs import MIN_TEXT_COST
from oim.channels.http.services import ServicesOf
from oim.channels.http.threads import PersonalRoute
from oim.channels.rest.dependencies import PersonOf, SpendOf, TranslatorOf, person_id_of
from oim.channels.rest.problems import describe
from oim.channels.rest.schemas import RecommendationsOut
from oim.channels.rest.strict_model import PlaceCode, RegionCode, StrictModel, example_config
from oim.channels.wording import render_strength
from oim.features import applications, following, opportunities, profile
from oim.features.opportunities import Gender, Kind, Status
from oim.features.profile import Level, Mobility, Record
from oim.kit.errors import NotFoundError
from oim.kit.i18n import mark

router = APIRouter(route_class=PersonalRoute, prefix="/v1/me", tags=["profile"])
_EXAMPLE: dict[str, Any] = {
    "wish": "Je cherche un travail de couturière",
    "region": "CM-OU",
    "birth_year": 1998,
    "education": 2,
    "jobs": [{"title": "Couturière", "employer": "Atelier Akwa", "since": 2015, "until": 2019}],
    "skills": ["coudre", "tenir les comptes"],
    "languages": [{"language": "fr", "level": "native"}],
    "kinds": ["employment", "agr"],
}


class JobShape(StrictModel):
    """Work that the person did, in calendar years. Without `until` it goes on, or the year is not known."""

    title: str = Field(max_length=200)
    employer: str | None = Field(None, max_length=200)
    since: int | None = Field(None, ge=1900, le=2100)
    until: int | None = Field(None, ge=1900, le=2100)


class SpokenShape(StrictModel):
    """A language and how well the person speaks it."""

    language: str = Field(
        max_length=profile.MAX_LANGUAGE_NAME,
        description="ISO 639 code, or a name in French or English, stored as its code if it has one.",
    )
    level: Level | None = None


class ProfileIn(StrictModel):
    """Answers to questions of the profile. What is left out stays as it is; null removes an answer."""

    model_config = example_config(_EXAMPLE)

    wish: str | None = Field(
        None, max_length=2000, description="What the person looks for, in their own words."
    )
    region: RegionCode | None = Field(None, description="ISO 3166-2, for example CM-OU.")
    department: PlaceCode | None = None
    commune: PlaceCode | None = None
    town: str | None = Field(
        None,
        max_length=200,
        description="The town or quarter as the person writes it: shown instead of the name of its commune.",
    )
    birth_year: int | None = Field(None, ge=1900, le=2100)
    education: int | None = Field(None, ge=0, le=8, description="ISCED 2011 level.")
    diplomas: list[str] | None = Field(None, max_length=profile.MAX_ITEMS)
    experience_years: int | None = Field(None, ge=0, le=80)
    jobs: list[JobShape] | None = Field(None, max_length=profile.MAX_ITEMS)
    kinds: list[Kind] | None = Field(None, max_length=3, description="Kinds of offers to find; empty: any.")
    skills: list[str] | None = Field(None, max_length=profile.MAX_ITEMS)
    languages: list[SpokenShape] | None = Field(None, max_length=profile.MAX_ITEMS)
    mobility: Mobility | None = None
    statuses: list[Status] | None = Field(None, max_length=5)
    gender: Gender | None = None
    memberships: list[str] | None = Field(
        None, max_length=profile.MAX_ITEMS, description="Organisations the person belongs to. Empty: none."
    )
    savings: int | None = Field(None, ge=0, le=1_000_000_000, description="XAF.")
    documents: list[str] | None = Field(
        None, max_length=profile.MAX_ITEMS, description="Papers the person has. Empty: none."
    )

    def apply_to(self, record: Record) -> Record:
        """Return the record with these answers in place of earlier ones."""
        # `exclude_unset` tells a field that was left out from one that was sent as null.
        return record_from_dict(
            {**record_to_dict(record), **self.model_dump(exclude_unset=True, mode="json")}
        )


class ProfileOut(ProfileIn):
    """The answers of the person; null or empty where there is none."""


class StrengthOut(StrictModel):
    """How complete the profile is, and the question to answer next: `unlocks` open offers depend on it."""

    model_config = example_config(
        {"answered": 5, "total": 14, "next": "age", "unlocks": 42, "text": "Answered so far: 5 of 14…"}
    )

    answered: int
    total: int
    next: profile.Question | None
    unlocks: int
    text: str


@router.get("/profile", **describe("Read your profile", 401, 404, model=ProfileOut))
def get_profile(services: ServicesOf, caller: PersonOf) -> ProfileOut:
    """Read all answers of the caller."""
    with services.database.write() as session:
        return ProfileOut(**record_to_dict(profile.load_record(session, caller, person_id_of(caller))))


@router.patch("/profile", **describe("Answer questions of your profile", 401, 404, model=ProfileOut))
def change_profile(body: ProfileIn, services: ServicesOf, caller: PersonOf) -> ProfileOut:
    """Store answers at once. They are used to choose offers only if the caller agreed to matching."""
    with services.database.write() as session:
        return ProfileOut(
            **record_to_dict(profile.update_record(session, caller, person_id_of(caller), body.apply_to))
        )


@router.get("/profile/strength", **describe("See how complete your profile is", 401, 404, model=StrengthOut))
def get_profile_strength(services: ServicesOf, caller: PersonOf, t: TranslatorOf) -> StrengthOut:
    """Read how many questions are answered, and how many open offers depend on the next answer."""
    with services.database.write() as session:
        record = profile.load_record(session, caller, person_id_of(caller))
        strength = profile.load_strength(session, record)
    return StrengthOut(**asdict(strength), text=render_strength(strength, t))


@router.get(
    "/recommendations", **describe("Get the offers chosen for you", 401, 404, model=RecommendationsOut)
)
def list_recommendations(
    services: ServicesOf,
    caller: PersonOf,
    t: TranslatorOf,
    spend: SpendOf,
    limit: Annotated[int, Query(ge=1, le=50)] = 10,
) -> RecommendationsOut:
    """Get a short ranked list of offers by the stored profile, without those dismissed or applied for.

    404 if the caller did not agree to matching, or has no answer in the profile.
    """
    spend(MIN_TEXT_COST)
    with services.database.write() as session:
        # The engine does not check who asks. Loading the record does, and records it in the audit trail.
        profile.load_record(session, caller, person_id_of(caller))
        person = person_id_of(caller)
        excluded_ids = following.find_dismissed_ids(session, person) | applications.find_applied_ids(
            session, person
        )
    try:
        answer_ = following.recommend_offers(services.engine, person, limit, exclude=excluded_ids)
    # The engine knows only that there is no profile to match; here both causes are named.
    except NotFoundError:
        raise NotFoundError(
            mark("We choose offers for you once you have answered one question and agreed to it.")
        ) from None
    with services.database.read() as session:
        offers = opportunities.get_many(session, [item.id for item in answer_.items])
    return RecommendationsOut.from_domain(None, answer_, offers, t)


# Only what people answer: without, for example, the search text, which is computed from the answers.
_PROFILE_FIELDS = tuple(field.name for field in fields(Record) if field.name in ProfileIn.model_fields)


def record_to_dict(record: Record) -> dict[str, Any]:
    """Convert a record to plain values, in the fields of `ProfileIn`."""
    values: dict[str, Any] = profile.RECORD.dump_python(record, mode="json")
    return {name: values[name] for name in _PROFILE_FIELDS}


def record_from_dict(values: dict[str, Any]) -> Record:
    """Convert plain values to a record. None stands for no answer."""
    # What no answer is differs by field: None, an empty text or an empty list. An empty record has them all.
    blank = record_to_dict(Record())
    return profile.RECORD.validate_python({
        name: blank[name] if value is None else value for name, value in values.items()
    })  # fmt: skip
