"""Plain values of eligibility: what is known of a person, what an offer asks, what follows from the two."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from oim.features.opportunities import Gender, Kind, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What of a person decides whether an offer is for them. None: not told."""

    age: int | None = None  # reached within the year; until the birthday one is a year younger
    gender: Gender | None = None
    statuses: tuple[Status, ...] | None = None
    region: str | None = None
    education: int | None = None
    memberships: tuple[str, ...] | None = None
    documents: tuple[str, ...] | None = None
    savings: int | None = None


class Criterion(StrEnum):
    """What an offer may ask of a person. Questions are asked in this order."""

    AGE = "age"  # low, high; year: in which it is reached
    GENDER = "gender"  # gender
    STATUS = "status"  # statuses
    REGION = "region"  # regions: codes
    EDUCATION = "education"  # level
    MEMBERSHIP = "membership"  # name
    CONTRIBUTION = "contribution"  # percent; amount: XAF, where it can be told
    DOCUMENTS = "documents"  # names: those that are lacking
    DEADLINE = "deadline"


class State(StrEnum):
    """Whether a person may have an offer, as far as they are known."""

    ELIGIBLE = "eligible"
    UNKNOWN = "unknown"
    NOT_ELIGIBLE = "not_eligible"


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that an offer asks, with its values; `changeable` where who lacks it can come to have it."""

    criterion: Criterion
    values: dict[str, Any] = field(default_factory=dict)
    changeable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether an offer is for a person: what is met, what is missing, what they have not told."""

    state: State = State.ELIGIBLE
    met: tuple[Criterion, ...] = ()
    missing: tuple[Need, ...] = ()
    unknown: tuple[Need, ...] = ()

    @property
    def is_near_eligible(self) -> bool:
        """Whether all that is missing can be changed."""
        return bool(self.missing) and all(need.changeable for need in self.missing)

    @property
    def next_question(self) -> Need | None:
        """What to ask next."""
        return next(iter(self.unknown), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What to do before: take an offer that gives what is needed, or join an organisation."""

    need: Need
    offer: UUID | None = None
    kind: Kind | None = None  # of that offer
    title: str | None = None
    organisation: str | None = None
    locality: str | None = None
