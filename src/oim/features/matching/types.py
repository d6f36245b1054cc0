"""Plain values of matching: who asks, what is asked of the index, what is answered and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt

from oim.features.matching.verdict import Step, Verdict
from oim.features.opportunities import Gender, Kind, Status

Vector = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What is known of a person. Everything is optional: a half-known profile must work."""

    text: str = ""  # what they look for and can do, in their own words
    language: str | None = None  # "fr" or "en": of the answer, not of the text
    birth_year: int | None = None
    gender: Gender | None = None
    statuses: tuple[Status, ...] = ()
    region: str | None = None
    department: str | None = None
    commune: str | None = None
    education: int | None = None  # ISCED 2011 level, 0 to 8
    occupations: tuple[str, ...] = ()  # ISCO-08 codes
    experience_years: int | None = None
    kinds: tuple[Kind, ...] = ()  # kinds they look for; none means any
    memberships: tuple[str, ...] | None = None  # in words; () says: of nothing. None: not told
    documents: tuple[str, ...] | None = None  # papers they hold, in words; None: not told
    savings: int | None = None  # XAF they could put in


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What an offer must satisfy inside the index query. None: no condition.

    Offers just out of reach pass too, where the person can change that: see `eligibility`.
    """

    at: datetime  # the offer is still valid then
    kinds: tuple[Kind, ...] = ()
    age: int | None = None  # reached in the year of `at`
    gender: Gender | None = None
    statuses: tuple[Status, ...] | None = None  # stated situations; () is stated and none
    region: str | None = None  # where the person lives: offers reserved to other regions are left out
    education: int | None = None
    gives: tuple[str, ...] = ()  # one of these, as cards hold them


@dataclass(frozen=True, slots=True)
class SparseVector:
    """A sparse vector: term numbers (unsigned 32 bits) and their weights, of one length."""

    indices: tuple[int, ...]
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexQuery:
    """One question to the index, the same for every adapter.

    With a vector or terms: both rankings, each `depth` deep and filtered, fused by reciprocal rank (k=60).
    With neither: the newest first, of each kind in turn. `near` adds the rankings of one region.
    """

    filters: Filters
    vector: Vector | None = None
    terms: SparseVector | None = None
    near_region: str | None = None
    depth: int = 60
    limit: int = 60

    @property
    def is_rankable(self) -> bool:
        """Whether there is anything to rank by."""
        return self.vector is not None or self.terms is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What the index holds of an offer: its identity, what it is found by, and its card."""

    id: UUID
    vector: Vector
    terms: SparseVector
    card: Card


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What ranking and explaining need of an offer, so that neither asks the database."""

    title: str
    kind: Kind
    language: str | None = None
    organisation: str | None = None
    country: str | None = None
    region: str | None = None
    department: str | None = None
    commune: str | None = None
    locality: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    occupations: tuple[str, ...] = ()
    age_min: int | None = None
    age_max: int | None = None
    gender: Gender | None = None
    statuses: tuple[Status, ...] = ()
    regions: tuple[str, ...] = ()
    education_min: int | None = None
    membership: str | None = None  # of what one must be a member, in words
    documents: tuple[str, ...] = ()  # papers to provide, in words
    contribution: float | None = None  # own share, in percent
    gives: tuple[str, ...] = ()  # what who takes it has afterwards: see `unlocking`
    experience_years: int | None = None
    remote: bool | None = None
    amount_min: int | None = None
    amount_max: int | None = None
    published_at: float = 0.0  # seconds since 1970
    dated: bool = True  # whether the source stated it; else it is when we first saw the offer
    valid_through: float | None = None
    places: int | None = None  # seats or vacancies, where stated
    stems: tuple[str, ...] = ()  # stems of the title and the first words, for naming what matched


@dataclass(frozen=True, slots=True)
class Hit:
    """An offer that the index found: its fused score, its card, its cosine to the query where it has one."""

    id: UUID
    fused: float
    card: Card
    cosine: float | None = None


class ReasonCode(StrEnum):
    """Why an offer is shown. Each is rendered per channel and language."""

    WORDS = "words"  # words: those of the profile that the offer uses
    MEANING = "meaning"  # close in meaning, whatever the words
    LIKENESS = "likeness"  # somewhat close in meaning
    OCCUPATION = "occupation"  # code, label_fr, label_en
    RELATED_OCCUPATION = "related_occupation"  # of the person's trade: code, label_fr, label_en
    MEANT_OCCUPATION = "meant_occupation"  # near a trade that their words suggest: code, label_fr, label_en
    SAME_COMMUNE = "same_commune"  # place: its code
    SAME_DEPARTMENT = "same_department"  # place: its code
    SAME_REGION = "same_region"  # place: its code
    DISTANCE = "distance"  # km; of: the place they named, else where they live
    NAMED_PLACE = "named_place"  # place: as written
    AROUND = "around"  # place: code of the department or region; of: the place they named in it
    RECENT = "recent"  # days
    EARLIER = "earlier"  # days: published more than a month ago
    FOUND = "found"  # days since we found it, where its source states no date
    KIND = "kind"  # kind asked for
    BEGINNERS = "beginners"
    NO_EXPERIENCE = "no_experience"  # it asks for none
    EXPERIENCE_FITS = "experience_fits"  # years asked for
    OPEN_TO_ALL = "open_to_all"  # it states no condition of age, gender, situation, region or schooling
    FOR_STATUS = "for_status"  # status
    FOR_WOMEN = "for_women"
    FOR_REGION = "for_region"  # place: its code
    AGE_FITS = "age_fits"  # age_min, age_max
    EDUCATION_FITS = "education_fits"  # level


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason with the values it names, and what it added to the score."""

    code: ReasonCode
    values: dict[str, Any] = field(default_factory=dict)
    weight: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """One offer for one person: rank from 1, score from 0 to 1, its parts, reasons, heaviest first."""

    id: UUID
    rank: int
    score: float
    parts: dict[str, float]
    reasons: tuple[Reason, ...]
    card: Card
    verdict: Verdict = field(default_factory=Verdict)
    steps: tuple[Step, ...] = ()  # in order, before an almost eligible offer
    improve: MissingInfo | None = None  # what the person could tell that this offer might gain by


class MissingInfo(StrEnum):
    """What a person could add to improve an answer."""

    TEXT = "text"
    PLACE = "place"
    AGE = "age"
    EDUCATION = "education"
    EXPERIENCE = "experience"
    GENDER = "gender"
    STATUS = "status"
    MEMBERSHIP = "membership"
    SAVINGS = "savings"
    DOCUMENTS = "documents"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The ranked list for one profile, and what the person could add, most useful first."""

    items: tuple[Recommendation, ...]
    missing: tuple[MissingInfo, ...]
    took_ms: float = 0.0
    list_id: UUID | None = field(default=None, compare=False)  # what events of these offers refer to


@dataclass(frozen=True, slots=True)
class Health:
    """What an engine serves: its index, the embedder of that index, offers held, changes waiting."""

    index: str
    embedder: str
    offers: int
    waiting: int
