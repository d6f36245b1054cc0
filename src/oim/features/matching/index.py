"""Data that goes in and out of an index of offers: documents with their cards, queries and hits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import numpy as np
import numpy.typing as npt

from oim.features.opportunities import Gender, Kind, Status

Vector = npt.NDArray[np.float32]  # one vector, or one a row
# The constant of reciprocal rank fusion: Cormack, Clarke and Büttcher, SIGIR 2009. Every index fuses with it,
# so that they all rank alike.
RRF_K = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Conditions that the index applies to offers before it ranks them. None: no condition.

    Near-eligible offers pass too, where one more year or certificate would do: see `eligibility`.
    """

    at: datetime  # the instant at which the offer must still be open
    kinds: tuple[Kind, ...] = ()
    age: int | None = None  # in years, reached within the year of `at`
    gender: Gender | None = None
    statuses: tuple[Status, ...] | None = None  # stated situations; (): stated to be in none
    region: str | None = None  # where the person lives: offers reserved for other regions are left out
    education: int | None = None  # ISCED 2011 level, 0 to 8
    gives: tuple[str, ...] = ()  # benefit codes (see `benefits`): the offer gives one at least


@dataclass(frozen=True, slots=True)
class SparseVector:
    """A sparse vector: ascending term numbers (unsigned 32 bits), and as many weights."""

    indices: tuple[int, ...]
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexQuery:
    """A query to the index, with the same meaning for every adapter.

    With a vector or terms or both: one filtered ranking for each, `depth` deep, fused by reciprocal rank
    (k=60; Cormack and others, SIGIR 2009). With neither: the newest first, of each kind in turn.
    `near_region` adds the same rankings of that region alone, which lifts its offers.
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
    """An offer in the index: its id, its dense and sparse vectors, and its card."""

    id: UUID
    vector: Vector
    terms: SparseVector
    card: Card


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """The parts of an offer that ranking and explaining read, so that neither queries the database.

    Field names are keys of the JSON that the index stores and the engine answers with.
    """

    title: str
    kind: Kind
    language: str | None = None
    organisation: str | None = None
    # Where the offer is: ISO 3166 code of the country, codes of places in Cameroon, a locality in words.
    country: str | None = None
    region: str | None = None
    department: str | None = None
    commune: str | None = None
    locality: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    occupations: tuple[str, ...] = ()  # ISCO-08 codes
    # Conditions of eligibility. `regions` are those whose residents only may apply, wherever the offer is.
    age_min: int | None = None  # in years
    age_max: int | None = None
    gender: Gender | None = None
    statuses: tuple[Status, ...] = ()
    regions: tuple[str, ...] = ()
    education_min: int | None = None  # ISCED 2011 level
    membership: str | None = None  # organisation whose members only may apply, in words
    documents: tuple[str, ...] = ()  # papers to provide, in words
    contribution: float | None = None  # own share to pay in, in percent of the amount
    gives: tuple[str, ...] = ()  # benefit codes that the person has afterwards: see `benefits`
    experience_years: int | None = None
    remote: bool | None = None
    amount_min: int | None = None  # XAF
    amount_max: int | None = None  # XAF: the most the person may get, as pay, allowance, loan or grant
    published_at: float = 0.0  # seconds since 1970
    dated: bool = True  # whether the source stated it; else it is the day we first saw the offer
    valid_through: float | None = None
    places: int | None = None  # seats or vacancies, where stated
    answerable: bool = True  # it gives a way to answer
    stems: tuple[str, ...] = ()  # of the title and the first words, to name which words matched


@dataclass(frozen=True, slots=True)
class Hit:
    """An offer that matches a query: its fused score, its card, and its cosine if the query has a vector."""

    id: UUID
    fused: float
    card: Card
    cosine: float | None = None
