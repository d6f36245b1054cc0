"""Values of the eligibility check: facts about a person, an offer's requirements, the verdict."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from oim.features.opportunities import Gender, Kind, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The facts about a person that decide whether an offer is open to them. None: not stated."""

    # Age reached in the current calendar year. Only the year of birth is known, so before their birthday
    # the person is still one year younger.
    age: int | None = None
    gender: Gender | None = None
    statuses: tuple[Status, ...] | None = None
    region: str | None = None
    education: int | None = None
    memberships: tuple[str, ...] | None = None
    documents: tuple[str, ...] | None = None
    savings: int | None = None


class Criterion(StrEnum):
    """What an offer may require of a person. Questions to the person follow this order."""

    # The comment behind each member lists the keys of `Need.values`.
    AGE = "age"  # low, high; year: the calendar year in which the lower bound is reached
    GENDER = "gender"  # gender
    STATUS = "status"  # statuses
    REGION = "region"  # regions: codes
    EDUCATION = "education"  # level
    MEMBERSHIP = "membership"  # name
    CONTRIBUTION = "contribution"  # percent; amount: XAF, None where the offer states no amount
    DOCUMENTS = "documents"  # names: the papers that are missing
    DEADLINE = "deadline"


class State(StrEnum):
    """Whether an offer is open to a person, as far as the known facts go."""

    ELIGIBLE = "eligible"
    UNKNOWN = "unknown"
    NOT_ELIGIBLE = "not_eligible"


@dataclass(frozen=True, slots=True)
class Need:
    """One requirement of an offer with its values; `changeable` if a person can come to meet it."""

    criterion: Criterion
    values: dict[str, Any] = field(default_factory=dict)
    changeable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether an offer is for a person: requirements met, requirements missing, and those still unknown."""

    state: State = State.ELIGIBLE
    met: tuple[Criterion, ...] = ()
    missing: tuple[Need, ...] = ()
    unknown: tuple[Need, ...] = ()

    @property
    def is_near_eligible(self) -> bool:
        """Whether something is missing and the person can change all of it."""
        return bool(self.missing) and all(need.changeable for need in self.missing)

    @property
    def next_question(self) -> Need | None:
        """The first requirement to ask the person about; None when nothing is unknown."""
        return next(iter(self.unknown), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Something to do before applying: take an offer that gives what is missing, or join an organisation."""

    need: Need
    offer: UUID | None = None  # the offer to take first; None: join `organisation` directly
    kind: Kind | None = None  # of that offer
    title: str | None = None
    organisation: str | None = None
    locality: str | None = None
