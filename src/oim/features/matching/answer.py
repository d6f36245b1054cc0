"""The answer of the engine: a ranked list of offers, the reasons for each, and what the person could add.

The engine may run in another process, so these classes are also the JSON of its HTTP answers (`ANSWER`,
`WORD_HITS`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter

from oim.features.matching.index import Card
from oim.features.matching.verdict import Step, Verdict
from oim.features.occupations import Occupation


class ReasonCode(StrEnum):
    """Why an offer is shown. Channels turn each code into a sentence in the reader's language.

    The comment after a code lists the keys of `Reason.values`, in their units.
    """

    WORDS = "words"  # words: those of the profile that the offer uses too
    MEANING = "meaning"  # close in meaning (cosine), with or without shared words
    LIKENESS = "likeness"  # somewhat close in meaning
    OCCUPATION = "occupation"  # code, label_fr, label_en
    RELATED_OCCUPATION = "related_occupation"  # near the person's trade: its code, label_fr, label_en
    MEANT_OCCUPATION = "meant_occupation"  # near a trade their words suggest: code, label_fr, label_en
    SAME_COMMUNE = "same_commune"  # place: its code
    SAME_DEPARTMENT = "same_department"  # place: its code
    SAME_REGION = "same_region"  # place: its code
    DISTANCE = "distance"  # km; of: the place they named, absent when it is measured from their home
    NAMED_PLACE = "named_place"  # place: as the person or the offer wrote it
    AROUND = "around"  # place: code of the department or region; of: the place they named in it
    RECENT = "recent"  # days
    EARLIER = "earlier"  # days: published more than a month ago
    FIRST_SEEN = "found"  # days since we first saw it, where its source states no date
    KIND = "kind"  # kind: the one they look for
    BEGINNERS = "beginners"  # it states that no year of experience is needed
    NO_EXPERIENCE = "no_experience"  # it says nothing of experience
    EXPERIENCE_FITS = "experience_fits"  # years: those the offer requires
    OPEN_TO_ALL = "open_to_all"  # it states no condition of age, gender, situation, region or schooling
    FOR_STATUS = "for_status"  # status
    FOR_WOMEN = "for_women"
    FOR_REGION = "for_region"  # place: its code
    AGE_FITS = "age_fits"  # age_min, age_max
    EDUCATION_FITS = "education_fits"  # level: ISCED 2011, the one the offer requires


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason with the values to fill into its sentence; `weight` is what it added to the score."""

    code: ReasonCode
    values: dict[str, Any] = field(default_factory=dict)
    weight: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """One offer recommended to one person.

    `rank` counts from 1. `score` lies between 0 and 1 and is the sum of `parts`, which go by the name of a
    feature. `reasons` start with those that name something concrete, heaviest first.
    """

    id: UUID
    rank: int
    score: float
    parts: dict[str, float]
    reasons: tuple[Reason, ...]
    card: Card
    verdict: Verdict = field(default_factory=Verdict)
    steps: tuple[Step, ...] = ()  # what to do, in order, before a near-eligible offer can be taken
    improve: MissingInfo | None = None  # what the person could add to make this offer match better


class MissingInfo(StrEnum):
    """A part of the profile that the person could add to improve an answer."""

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
    """The ranked list for one profile; `missing` is what the person could add, most useful first."""

    items: tuple[Recommendation, ...]
    missing: tuple[MissingInfo, ...]
    took_ms: float = 0.0
    # Too many asked at once: the text was compared by its words alone, not by its meaning.
    words_only: bool = False
    # The trades that the person's words surely name, or that they ticked.
    trades: tuple[Occupation, ...] = ()
    # Events (opened, applied...) refer to the list by this id: random, None when nobody is shown the list.
    # Equal answers may differ in it, so == leaves it out.
    list_id: UUID | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class WordHits:
    """The offers that some words find, best match first. `words_only` as in `Answer`."""

    ids: tuple[UUID, ...]
    words_only: bool = False


WORD_HITS: TypeAdapter[WordHits] = TypeAdapter(WordHits)
ANSWER: TypeAdapter[Answer] = TypeAdapter(Answer)
