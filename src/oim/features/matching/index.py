"""What an index of offers holds (documents with their cards), is asked (queries) and answers (hits)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import numpy as np
import numpy.typing as npt

from oim.features.opportunities import Gender, Kind, Status

Vector = npt.NDArray[np.float32]


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
