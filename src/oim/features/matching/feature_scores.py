"""How near an offer is to a person in place, trade and conditions, with what decided it.

Ranking weighs these values; explaining names what decided them.
"""

from __future__ import annotations

import math
from functools import lru_cache

from oim.features import occupations
from oim.features.matching.types import Card
from oim.features.matching.understanding import Understanding
from oim.features.occupations import OccupationLink
from oim.features.places import Place

DISTANCE_SCALE_KM = 100.0
_cached_similarity = lru_cache(maxsize=65536)(occupations.similarity)


def score_place(person_place: Place | None, card: Card, distance_km: float | None) -> tuple[float, bool]:
    """From 0 to 1: same commune, department, region, else by distance; and whether the distance decided."""
    if person_place and person_place.code in (card.commune, card.department, card.region):
        return 1.0, False
    if person_place and card.department and person_place.code.startswith(card.department):
        return 0.9, False
    shared = 0.6 if person_place and card.region and person_place.code.startswith(card.region) else 0.0
    far = 0.0 if distance_km is None else 0.9 * math.exp(-distance_km / DISTANCE_SCALE_KM)
    return (far, True) if far > shared else (shared, False)


def score_occupation(understanding: Understanding, card: Card) -> tuple[float, OccupationLink | None, float]:
    """From 0 to 1; the link to the person's trade that decided, and how alike the offer's is to it."""
    best: tuple[float, OccupationLink | None, float] = (0.0, None, 0.0)
    for link in understanding.occupations:
        for code in card.occupations:
            likeness = _cached_similarity(link.occupation.isco, code)
            if (link.score * likeness, likeness) > (best[0], best[2]):
                best = (link.score * likeness, link, likeness)
    return best


def check_conditions(understanding: Understanding, card: Card) -> tuple[bool, ...]:
    """Of each condition that the offer states, whether the person is known to meet it."""
    filters = understanding.filters
    age, level = filters.age, filters.education
    stated = (
        (
            card.age_min is not None or card.age_max is not None,
            age is not None and age >= (card.age_min or 0),
        ),
        (card.gender is not None, filters.gender is not None),
        (bool(card.statuses), filters.statuses is not None),
        (bool(card.regions), filters.region is not None),
        (card.education_min is not None, level is not None and level >= (card.education_min or 0)),
    )
    return tuple(known for condition, known in stated if condition)
