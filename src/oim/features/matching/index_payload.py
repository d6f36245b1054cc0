"""Payload of an offer in an index: its card as one JSON text, and the few fields that filters read.

Also the filters of a query as plain conditions on these fields, and the answer of an index as hits: adapters
translate between these and their store. A condition that an offer does not state is written as a value that
everybody meets, so that each filter is one comparison on an indexed field.
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

ANY = "any"  # in place of a gender, situation or region: the offer is for all of them
NO_DEADLINE = 32503680000.0  # the year 3000, in seconds since 1970
NO_AGE_LIMIT = 200  # years: nobody is older
# The fields of `to_filter_fields` by type: an adapter creates an index of that type for each.
KEYWORD_FIELDS = ("kind", "region", "for_regions", "for_gender", "for_statuses", "gives")
INTEGER_FIELDS = ("age_min", "age_max", "education_min")
FLOAT_FIELDS = ("published_at", "valid_through")
# Fields of `Card` that JSON gives back as lists.
_TUPLE_FIELDS = ("occupations", "statuses", "regions", "documents", "gives", "stems")


@dataclass(frozen=True, slots=True)
class Condition:
    """A filter on one field: a value of it is among those of a tuple, or its number is within a bound."""

    key: str
    relation: Literal["one_of", "at_least", "at_most"]
    value: tuple[str, ...] | float


def dump_card(card: Card) -> str:
    """The card as JSON, without the fields that are not known."""
    stated = {name: value for name, value in asdict(card).items() if value not in (None, ())}
    return json.dumps(stated, ensure_ascii=False, separators=(",", ":"))


@lru_cache(maxsize=16384)
def load_card(text: str) -> Card:
    """The card of a JSON text. Cached, as the cards of popular offers are read for most queries."""
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
    """The fields of a card that filters and sort orders read, as JSON values, none of them null."""
    return {
        "kind": card.kind.value,
        "region": card.region or "",
        # A department or commune counts as its region, as in `eligibility`.
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
    """The conditions of each group of offers that gets its own ranking, before the rankings are fused.

    One group for all; or one for each kind, where several are asked for or there is nothing to rank by, so
    that no kind crowds another out. `near_region` adds a group.
    """
    shared = list_conditions(query.filters)
    kinds = query.filters.kinds or (() if query.is_rankable else tuple(Kind))
    # With a single kind, `shared` has its condition already.
    groups = (
        [(*shared, _one_of_condition("kind", kind.value)) for kind in kinds] if len(kinds) > 1 else [shared]
    )
    near = [(*shared, _one_of_condition("region", query.near_region))] if query.near_region else []
    return (*groups, *near)


def _one_of_condition(key: str, *values: str) -> Condition:
    """The condition that a field has one of these values."""
    return Condition(key, "one_of", values)


def list_conditions(filters: Filters) -> tuple[Condition, ...]:
    """What every hit must satisfy: still open, of the kinds, and eligibility as far as the person is known.

    An age or a level of education that can be reached soon passes too, for the sake of near-eligible offers.
    """
    conditions = [Condition("valid_through", "at_least", filters.at.timestamp())]
    if filters.kinds:
        conditions.append(_one_of_condition("kind", *(kind.value for kind in filters.kinds)))
    if filters.age is not None:
        conditions.append(Condition("age_min", "at_most", reachable_age(filters.age)))
        # Only the year of birth is known: until their birthday the person is a year younger.
        conditions.append(Condition("age_max", "at_least", filters.age - 1))
    if filters.gender is not None:
        conditions.append(_one_of_condition("for_gender", ANY, filters.gender.value))
    if filters.statuses is not None:
        # Whether somebody is young follows from the age: as long as it is unknown, they may be.
        young = (Status.YOUTH,) if filters.age is None else ()
        conditions.append(
            _one_of_condition("for_statuses", ANY, *(s.value for s in (*filters.statuses, *young)))
        )
    if filters.region is not None:
        conditions.append(_one_of_condition("for_regions", ANY, filters.region))
    if filters.education is not None:
        conditions.append(Condition("education_min", "at_most", reachable_education(filters.education)))
    if filters.gives:
        conditions.append(_one_of_condition("gives", *filters.gives))
    return tuple(conditions)


def count_points_to_request(query: IndexQuery, rankings: int) -> int:
    """How many points to request, so that all those with the score of the last hit are among them.

    `to_hits` then orders equal scores by id, which stores do not do. A score that comes from a place in one
    of the fused rankings is shared by at most one offer of each ranking, so `rankings` more points suffice.
    """
    return query.limit + rankings


def to_hits(
    query: IndexQuery, points: Iterable[tuple[UUID, float, str, Sequence[float] | None]]
) -> list[Hit]:
    """The best points (id, fused score, card as JSON, dense vector) as hits; equal scores in order of id."""
    best = sorted(points, key=lambda point: (-point[1], point[0]))[: query.limit]
    if query.vector is None or not best:
        return [Hit(id_, score, load_card(card)) for id_, score, card, _ in best]
    vectors: Any = np.array([vector for *_, vector in best], np.float32)
    # Not `@`: BLAS rounds a row by its position, but equal offers must have equal cosines, to the bit.
    cosines = (vectors * query.vector).sum(axis=1).tolist()
    return [
        Hit(id_, score, load_card(card), cosine)
        for (id_, score, card, _), cosine in zip(best, cosines, strict=True)
    ]
