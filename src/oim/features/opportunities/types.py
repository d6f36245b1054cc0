"""Value objects of offers. What a source does not state stays None (or empty): nothing is invented."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from oim.features.opportunities.ways import Way, WayKind, is_clear_page, sort_ways


class Kind(StrEnum):
    """The three kinds of offer. "agr" is an income-generating activity (activité génératrice de revenus)."""

    EMPLOYMENT = "employment"
    TRAINING = "training"
    AGR = "agr"


class Gender(StrEnum):
    """A person's gender, in profiles and in offers reserved to one gender."""

    FEMALE = "female"
    MALE = "male"


class Status(StrEnum):
    """A person's migration situation, in the terms of the International Organization for Migration."""

    RETURNEE = "returnee"
    DISPLACED = "displaced"
    REFUGEE = "refugee"
    YOUTH = "youth"
    HOST_COMMUNITY = "host_community"


class Contract(StrEnum):
    """Forms of employment contract."""

    PERMANENT = "permanent"
    FIXED_TERM = "fixed_term"
    TEMPORARY = "temporary"
    FREELANCE = "freelance"
    INTERNSHIP = "internship"
    APPRENTICESHIP = "apprenticeship"
    DAY_LABOUR = "day_labour"


class PayPeriod(StrEnum):
    """The period that an amount of pay covers."""

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
    """How well we know the origin of an offer. No level promises that an offer is safe."""

    VERIFIED = "verified"  # published by an organisation we verified, through a source we know
    KNOWN = "known"  # supplied by a source we know
    UNKNOWN = "unknown"


# The code of the flag of an offer that readers have reported and staff have not decided about.
REPORTED_FLAG = "reported"


@dataclass(frozen=True, slots=True)
class RedFlag:
    """A sign of fraud or exploitation in an offer: a code of `trust.FlagCode` and the offer's own words.

    The excerpt is empty when the sign is not in its words: when something is missing, such as the name of the
    employer, or when others have reported it.
    """

    code: str
    excerpt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """Where the work, course or activity takes place. Codes are those of `places`.

    `locality` is the place as the source wrote it.
    """

    country: str | None = None  # ISO 3166-1 alpha-2
    region: str | None = None  # ISO 3166-2, "CM-OU"
    department: str | None = None
    commune: str | None = None
    locality: str | None = None
    latitude: float | None = None  # degrees, WGS 84
    longitude: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Eligibility:
    """The conditions a person must meet to apply. An empty tuple or None means that none is stated."""

    age_min: int | None = None  # years, inclusive
    age_max: int | None = None
    gender: Gender | None = None
    statuses: tuple[Status, ...] = ()
    regions: tuple[str, ...] = ()  # codes of `places`
    education_min: int | None = None  # ISCED 2011 level, 0 to 8
    membership: str | None = None  # the group or cooperative to belong to, in the source's words
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EmploymentDetails:
    """What only jobs have. Pay is in XAF for each `pay_period`."""

    contract: Contract | None = None
    pay_min: int | None = None
    pay_max: int | None = None
    pay_period: PayPeriod | None = None
    remote: bool | None = None
    experience_years: int | None = None  # 0: beginners welcome
    duration_months: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingDetails:
    """What only courses have. `cost` and the monthly `allowance` are in XAF; a cost of 0 means free."""

    duration_weeks: int | None = None
    certificate: str | None = None
    cost: int | None = None
    allowance: int | None = None
    starts_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgrDetails:
    """What only support for a small business has (a grant, a loan, a kit).

    Amounts are in XAF, `own_contribution` and `rate` in percent, terms in months.
    """

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

# The class of `Draft.details` for each kind; `rows` reads the JSON column with it.
DETAILS: dict[Kind, type[EmploymentDetails] | type[TrainingDetails] | type[AgrDetails]] = {
    Kind.EMPLOYMENT: EmploymentDetails,
    Kind.TRAINING: TrainingDetails,
    Kind.AGR: AgrDetails,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An offer read from a source and normalised, before it is stored.

    `external_id` is the source's own id of the offer. Together with the source it decides the offer's id.
    """

    kind: Kind
    external_id: str
    title: str
    description: str = ""
    language: str | None = None  # ISO 639-1
    organisation: str | None = None
    url: str | None = None
    apply: tuple[Way, ...] = ()  # ways to answer that the source gives
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
    """A stored offer: the draft with its id, its source, when we first saw it and when it last changed.

    An offer for which `is_held` is true waits for a decision of staff, and only staff see it.
    """

    id: UUID
    source: str
    draft: Draft
    first_seen_at: datetime
    changed_at: datetime
    trust: Trust = Trust.UNKNOWN
    warnings: tuple[RedFlag, ...] = ()
    is_held: bool = False
    is_answered_here: bool = False  # its publisher has an agent who receives applications on OIM

    def is_open(self, at: datetime) -> bool:
        """Whether people may still apply to the offer at an instant."""
        return self.draft.valid_through is None or self.draft.valid_through >= at

    @property
    def ways(self) -> tuple[Way, ...]:
        """The ways to answer the offer, those first that most people can use; empty where none is given."""
        here = (Way(WayKind.HERE),) if self.is_answered_here else ()
        # Asked here too, of what was stored: offers are older than the list of hosts.
        stated = tuple(
            way for way in self.draft.apply if way.kind is not WayKind.LINK or is_clear_page(way.value)
        )
        is_linked = any(way.kind is WayKind.LINK for way in stated)
        url = self.draft.url
        page = (Way(WayKind.LINK, url),) if url and not is_linked and is_clear_page(url) else ()
        return sort_ways((*here, *page, *stated))

    @property
    def kind(self) -> Kind:
        """The kind of the draft."""
        return self.draft.kind

    @property
    def title(self) -> str:
        """The title of the draft."""
        return self.draft.title
