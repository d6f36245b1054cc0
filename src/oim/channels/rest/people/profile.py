"""A person's profile, its strength, and the offers chosen by it."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field

from oim.channels.http.services import ServicesOf
from oim.channels.rest.dependencies import PersonOf, TranslatorOf, person_id_of
from oim.channels.rest.problems import describe
from oim.channels.rest.schemas import RecommendationsOut
from oim.channels.rest.strict_model import PlaceCode, RegionCode, StrictModel, example_config
from oim.channels.wording import render_strength
from oim.features import following, opportunities, profile
from oim.features.opportunities import Gender, Kind, Status
from oim.features.profile import Level, Mobility, Record
from oim.kit.errors import NotFoundError
from oim.kit.i18n import mark

router = APIRouter(prefix="/v1/me", tags=["profile"])
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
    """Work that was done. No last year: it goes on, or was not told."""

    title: str = Field(max_length=200)
    employer: str | None = Field(None, max_length=200)
    since: int | None = Field(None, ge=1900, le=2100)
    until: int | None = Field(None, ge=1900, le=2100)


class SpokenShape(StrictModel):
    """A language (ISO 639) and how well it is spoken."""

    language: str = Field(max_length=20)
    level: Level | None = None


class ProfileIn(StrictModel):
    """Answers. What is left out stays as it was; null takes an answer back."""

    model_config = example_config(_EXAMPLE)

    wish: str | None = Field(None, max_length=2000, description="What they look for, in their own words.")
    region: RegionCode | None = Field(None, description="ISO 3166-2, for example CM-OU.")
    department: PlaceCode | None = None
    commune: PlaceCode | None = None
    birth_year: int | None = Field(None, ge=1900, le=2100)
    education: int | None = Field(None, ge=0, le=8, description="ISCED 2011 level.")
    diplomas: list[str] | None = Field(None, max_length=profile.MAX_ITEMS)
    experience_years: int | None = Field(None, ge=0, le=80)
    jobs: list[JobShape] | None = Field(None, max_length=profile.MAX_ITEMS)
    kinds: list[Kind] | None = Field(None, max_length=3, description="Kinds wanted; none means any.")
    skills: list[str] | None = Field(None, max_length=profile.MAX_ITEMS)
    languages: list[SpokenShape] | None = Field(None, max_length=profile.MAX_ITEMS)
    mobility: Mobility | None = None
    statuses: list[Status] | None = Field(None, max_length=5)
    gender: Gender | None = None
    memberships: list[str] | None = Field(
        None, max_length=profile.MAX_ITEMS, description="Empty: of nothing."
    )
    savings: int | None = Field(None, ge=0, le=1_000_000_000, description="XAF.")
    documents: list[str] | None = Field(
        None, max_length=profile.MAX_ITEMS, description="Papers held. Empty: none."
    )

    def apply_to(self, record: Record) -> Record:
        """The record with these answers."""
        return record_from_dict(
            {**record_to_dict(record), **self.model_dump(exclude_unset=True, mode="json")}
        )


class ProfileOut(ProfileIn):
    """What was told; null or empty where nothing was."""


class StrengthOut(StrictModel):
    """How far the profile goes, and the question to answer next: so many open offers hang on it."""

    model_config = example_config(
        {"answered": 5, "total": 14, "next": "age", "unlocks": 42, "text": "5 answers of 14…"}
    )

    answered: int
    total: int
    next: profile.Question | None
    unlocks: int
    text: str


@router.get("/profile", **describe("Read one's profile", 401, 404, model=ProfileOut))
def read(services: ServicesOf, caller: PersonOf) -> ProfileOut:
    """All that was told."""
    with services.database.write() as session:
        return ProfileOut(**record_to_dict(profile.load_record(session, caller, person_id_of(caller))))


@router.patch("/profile", **describe("Answer questions of the profile", 401, 404, model=ProfileOut))
def answer(body: ProfileIn, services: ServicesOf, caller: PersonOf) -> ProfileOut:
    """Keep answers at once. Offers are chosen by them only where that was agreed to."""
    with services.database.write() as session:
        return ProfileOut(
            **record_to_dict(profile.update_record(session, caller, person_id_of(caller), body.apply_to))
        )


@router.get("/profile/strength", **describe("See how far the profile goes", 401, 404, model=StrengthOut))
def get_strength(services: ServicesOf, caller: PersonOf, t: TranslatorOf) -> StrengthOut:
    """What was answered, and what the next answer would unlock."""
    with services.database.write() as session:
        record = profile.load_record(session, caller, person_id_of(caller))
        strength = profile.load_strength(session, record)
    return StrengthOut(**asdict(strength), text=render_strength(strength, t))


@router.get(
    "/recommendations", **describe("Get the offers chosen for oneself", 401, 404, model=RecommendationsOut)
)
def recommend(
    services: ServicesOf,
    caller: PersonOf,
    t: TranslatorOf,
    limit: Annotated[int, Query(ge=1, le=50)] = 10,
) -> RecommendationsOut:
    """A short ranked list by the kept profile, without what they put aside. 404 where they did not agree to
    that, or told nothing.
    """
    with services.database.write() as session:
        profile.load_record(session, caller, person_id_of(caller))  # the engine opens it for whoever asks
        aside = following.find_dismissed_ids(session, person_id_of(caller))
    try:
        answer_ = following.recommend_offers(services.engine, person_id_of(caller), limit, exclude=aside)
    except NotFoundError:
        raise NotFoundError(
            mark("Offers are chosen once something is told in the profile, and matching is agreed to.")
        ) from None
    with services.database.read() as session:
        found = opportunities.get_many(session, [item.id for item in answer_.items])
    return RecommendationsOut.from_domain(answer_, found, t)


_PROFILE_FIELDS = tuple(field.name for field in fields(Record) if field.name in ProfileIn.model_fields)


def record_to_dict(record: Record) -> dict[str, Any]:
    """A record as plain values."""
    values: dict[str, Any] = profile.RECORD.dump_python(record, mode="json")
    return {name: values[name] for name in _PROFILE_FIELDS}


def record_from_dict(values: dict[str, Any]) -> Record:
    """The record of plain values; null is what was not told."""
    blank = record_to_dict(Record())
    return profile.RECORD.validate_python({
        name: blank[name] if value is None else value for name, value in values.items()
    })  # fmt: skip
