"""What the index keeps of a card: the card itself as one JSON text, and the few keys that a filter reads.

A missing condition is written as a value that everybody meets: each filter is one indexed comparison.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any, Literal
from uuid import UUID

import numpy as np

from oim.features.matching.eligibility import REGION_CODE_LENGTH, reachable_age, reachable_education
from oim.features.matching.index import Card, Filters, Hit, IndexQuery
from oim.features.opportunities import Gender, Kind, Status

ANY = "any"
NO_DEADLINE = 32503680000.0  # the year 3000, in seconds since 1970
NO_AGE_LIMIT = 200  # years
KEYWORD_FIELDS = ("kind", "region", "for_regions", "for_gender", "for_statuses", "gives")
INTEGER_FIELDS = ("age_min", "age_max", "education_min")
FLOAT_FIELDS = ("published_at", "valid_through")
_TUPLE_FIELDS = ("occupations", "statuses", "regions", "documents", "gives", "stems")


@dataclass(frozen=True, slots=True)
class Condition:
    """A key compared with a value: one of a list, at least, or at most."""

    key: str
    relation: Literal["one_of", "at_least", "at_most"]
    value: tuple[str, ...] | float


def dump_card(card: Card) -> str:
    """The card as JSON; what is not known is left out."""
    stated = {name: value for name, value in asdict(card).items() if value not in (None, ())}
    return json.dumps(stated, ensure_ascii=False, separators=(",", ":"))


@lru_cache(maxsize=16384)
def load_card(text: str) -> Card:
    """The card of a JSON text. Cards of offers that are found often are read once."""
    values: dict[str, Any] = json.loads(text)
    values["kind"] = Kind(values["kind"])
    for name in _TUPLE_FIELDS:
        if name in values:
            values[name] = tuple(values[name])
    if "statuses" in values:
        values["statuses"] = tuple(Status(status) for status in values["statuses"])
    if "gender" in values:
        values["gender"] = Gender(values["gender"])
    return Card(**values)


def to_filter_fields(card: Card) -> dict[str, str | int | float | list[str]]:
    """The keys that filters and orders read."""
    return {
        "kind": card.kind.value,
        "region": card.region or "",
        "for_regions": [code[:REGION_CODE_LENGTH] for code in card.regions] or [ANY],
        "for_gender": card.gender.value if card.gender else ANY,
        "for_statuses": [status.value for status in card.statuses] or [ANY],
        "gives": list(card.gives),
        "age_min": card.age_min or 0,
        "age_max": NO_AGE_LIMIT if card.age_max is None else card.age_max,
        "education_min": card.education_min or 0,
        "published_at": card.published_at,
        "valid_through": NO_DEADLINE if card.valid_through is None else card.valid_through,
    }


def list_condition_groups(query: IndexQuery) -> tuple[tuple[Condition, ...], ...]:
    """The conditions of each group of offers that is ranked apart before the rankings are fused.

    One group, or one for each kind where several are asked for or nothing is said: none crowds another out.
    The region `near` is a group more.
    """
    shared = list_conditions(query.filters)
    kinds = query.filters.kinds or (() if query.is_rankable else tuple(Kind))
    apart = (
        [(*shared, _one_of_condition("kind", kind.value)) for kind in kinds] if len(kinds) > 1 else [shared]
    )
    near = [(*shared, _one_of_condition("region", query.near_region))] if query.near_region else []
    return (*apart, *near)


def _one_of_condition(key: str, *values: str) -> Condition:
    return Condition(key, "one_of", values)


def list_conditions(filters: Filters) -> tuple[Condition, ...]:
    """What every hit must satisfy: validity, kinds, and eligibility as far as the person is known.

    An age or a level of education just out of reach passes, for offers that one is almost eligible for.
    """
    found = [Condition("valid_through", "at_least", filters.at.timestamp())]
    if filters.kinds:
        found.append(_one_of_condition("kind", *(kind.value for kind in filters.kinds)))
    if filters.age is not None:
        found.append(Condition("age_min", "at_most", reachable_age(filters.age)))
        # Only the year of birth is known: until the birthday one is a year younger.
        found.append(Condition("age_max", "at_least", filters.age - 1))
    if filters.gender is not None:
        found.append(_one_of_condition("for_gender", ANY, filters.gender.value))
    if filters.statuses is not None:
        # Youth is told by the age: without it, nobody is shut out.
        young = (Status.YOUTH,) if filters.age is None else ()
        found.append(_one_of_condition("for_statuses", ANY, *(s.value for s in (*filters.statuses, *young))))
    if filters.region is not None:
        found.append(_one_of_condition("for_regions", ANY, filters.region))
    if filters.education is not None:
        found.append(Condition("education_min", "at_most", reachable_education(filters.education)))
    if filters.gives:
        found.append(_one_of_condition("gives", *filters.gives))
    return tuple(found)


def count_points_to_request(query: IndexQuery, rankings: int) -> int:
    """How many points to ask for, so that those equal to the last one wanted are among them.

    Of offers fused out of so many rankings, no more than that have the same score by their place in one.
    """
    return query.limit + rankings


def to_hits(
    query: IndexQuery, points: Iterable[tuple[UUID, float, str, Sequence[float] | None]]
) -> list[Hit]:
    """The best hits of points given as id, fused score, card and dense vector; equals by their id."""
    found = sorted(points, key=lambda point: (-point[1], point[0]))[: query.limit]
    if query.vector is None or not found:
        return [Hit(id_, score, load_card(card)) for id_, score, card, _ in found]
    vectors: Any = np.array([vector for *_, vector in found], np.float32)
    # Not `@`: BLAS rounds a row by where it stands, and equal offers have equal cosines, to the bit.
    cosines = (vectors * query.vector).sum(axis=1).tolist()
    return [
        Hit(id_, score, load_card(card), cosine)
        for (id_, score, card, _), cosine in zip(found, cosines, strict=True)
    ]
