"""Plain values of the offers. What a source does not state stays None: nothing is invented."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID


class Kind(StrEnum):
    """The three kinds of opportunity."""

    EMPLOYMENT = "employment"
    TRAINING = "training"
    AGR = "agr"


class Gender(StrEnum):
    """For programmes reserved to one gender, and for profiles."""

    FEMALE = "female"
    MALE = "male"


class Status(StrEnum):
    """A person's situation, in IOM's words."""

    RETURNEE = "returnee"
    DISPLACED = "displaced"
    REFUGEE = "refugee"
    YOUTH = "youth"
    HOST_COMMUNITY = "host_community"


class Contract(StrEnum):
    """Forms of employment."""

    PERMANENT = "permanent"
    FIXED_TERM = "fixed_term"
    TEMPORARY = "temporary"
    FREELANCE = "freelance"
    INTERNSHIP = "internship"
    APPRENTICESHIP = "apprenticeship"
    DAY_LABOUR = "day_labour"


class PayPeriod(StrEnum):
    """What an amount of pay is for."""

    HOUR = "hour"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class AgrForm(StrEnum):
    """How an income-generating activity is supported."""

    GRANT = "grant"
    LOAN = "loan"
    KIT = "kit"


class Trust(StrEnum):
    """How far we know where an offer comes from. No level says that an offer is without danger."""

    VERIFIED = "verified"  # of an organisation we verified, through a source we know
    KNOWN = "known"  # through a source we know
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class RedFlag:
    """Something in an offer that warns: a code of `trust`, and the words of the offer that gave it.

    The excerpt is empty where what warns is that something is not said.
    """

    code: str
    excerpt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """Where an offer is. Codes are those of `places`; `locality` is as the source wrote it."""

    country: str | None = None  # ISO 3166-1 alpha-2
    region: str | None = None  # ISO 3166-2, "CM-OU"
    department: str | None = None
    commune: str | None = None
    locality: str | None = None
    latitude: float | None = None  # degrees, WGS 84
    longitude: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Eligibility:
    """Who an offer is for. An empty tuple or None means: no condition stated."""

    age_min: int | None = None  # years, inclusive
    age_max: int | None = None
    gender: Gender | None = None
    statuses: tuple[Status, ...] = ()
    regions: tuple[str, ...] = ()  # codes of `places`
    education_min: int | None = None  # ISCED 2011 level, 0 to 8
    membership: str | None = None  # of what one must be a member, in words
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EmploymentDetails:
    """Of a job. Pay is in XAF for each `pay_period`."""

    contract: Contract | None = None
    pay_min: int | None = None
    pay_max: int | None = None
    pay_period: PayPeriod | None = None
    remote: bool | None = None
    experience_years: int | None = None  # 0: beginners welcome
    duration_months: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingDetails:
    """Of a course. `cost` and `allowance` (monthly) are in XAF; a cost of 0 says that it is free."""

    duration_weeks: int | None = None
    certificate: str | None = None
    cost: int | None = None
    allowance: int | None = None
    starts_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgrDetails:
    """Of a support to a small business. Amounts in XAF, shares and rates in percent, terms in months."""

    form: AgrForm | None = None
    sector: str | None = None
    amount_min: int | None = None
    amount_max: int | None = None
    own_contribution: float | None = None
    guarantor: bool | None = None
    grace_months: int | None = None
    term_months: int | None = None
    rate: float | None = None  # percent a year
    training_attached: bool | None = None
    opens_on: date | None = None
    verified_on: date | None = None


Details = EmploymentDetails | TrainingDetails | AgrDetails

DETAILS: dict[Kind, type[EmploymentDetails] | type[TrainingDetails] | type[AgrDetails]] = {
    Kind.EMPLOYMENT: EmploymentDetails,
    Kind.TRAINING: TrainingDetails,
    Kind.AGR: AgrDetails,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An offer as a source gives it, normalised, before it is stored.

    `external_id` is the source's own name of the offer: with the source it decides the offer's identity.
    """

    kind: Kind
    external_id: str
    title: str
    description: str = ""
    language: str | None = None  # ISO 639-1
    organisation: str | None = None
    url: str | None = None
    location: Location = field(default_factory=Location)
    occupations: tuple[str, ...] = ()  # ISCO-08 codes, most fitting first
    eligibility: Eligibility = field(default_factory=Eligibility)
    details: Details = field(default_factory=EmploymentDetails)
    places: int | None = None  # seats or vacancies
    published_at: datetime | None = None
    valid_through: datetime | None = None
    provenance: dict[str, Any] = field(default_factory=dict)  # file, row, format, codes of the source


@dataclass(frozen=True, slots=True, kw_only=True)
class Opportunity:
    """An offer as stored: a draft with its identity, its source and the instants we saw it.

    One that is `held` waits for staff to decide, and only they see it.
    """

    id: UUID
    source: str
    draft: Draft
    first_seen_at: datetime
    changed_at: datetime
    trust: Trust = Trust.UNKNOWN
    warnings: tuple[RedFlag, ...] = ()
    held: bool = False

    def is_open(self, at: datetime) -> bool:
        """Whether one may still answer to it."""
        return self.draft.valid_through is None or self.draft.valid_through >= at

    @property
    def kind(self) -> Kind:
        return self.draft.kind

    @property
    def title(self) -> str:
        return self.draft.title
