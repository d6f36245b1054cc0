"""What the engine answers: a ranked list, why each offer is in it, and what the person could add."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter

from oim.features.matching.index import Card
from oim.features.matching.verdict import Step, Verdict


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


ANSWER: TypeAdapter[Answer] = TypeAdapter(Answer)
