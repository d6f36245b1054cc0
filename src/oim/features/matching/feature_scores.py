"""The value of each feature of a candidate, from 0 to 1, with what decided it.

Ranking calls these once for each candidate and keeps what decided them, which the reasons name.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache

from oim.features import occupations, places
from oim.features.matching.index import Card
from oim.features.matching.understanding import Understanding
from oim.features.occupations import OccupationLink
from oim.features.places import Place
from oim.kit.text import fold

Features = dict[str, float]  # name of the feature to its value

DISTANCE_SCALE_KM = 100.0  # at this distance a place is worth 1/e of one close by
SENIOR_YEARS = 5  # years that a senior title asks, and over which lacking experience falls to nothing
_SENIOR_TITLE = re.compile(r"\b(seniors?|experts?|expertes?|confirmee?s?|lead)\b")
HALF_LIFE_DAYS = 30.0  # of freshness
_cached_similarity = lru_cache(maxsize=65536)(occupations.similarity)


@dataclass(frozen=True, slots=True)
class Comparison:
    """An offer compared with a person: values of features from 0 to 1, and what decided each."""

    occupation: float = 0.0
    occupation_link: OccupationLink | None = None  # the person's trade that the offer's is nearest to
    occupation_similarity: float = 0.0  # of the two trades, 0 to 1
    place: float = 0.0
    is_place_by_distance: bool = False  # the kilometres counted, not a commune, department or region shared
    required_years: int | None = None  # of experience; None: the offer asks for none
    met_conditions: tuple[bool, ...] = ()  # of each condition the offer states, whether it is known to be met


def compare(understanding: Understanding, card: Card, distance_km: float | None) -> Comparison:
    """Compare once what ranking weighs and the reasons name."""
    occupation, link, similarity = score_occupation(understanding, card)
    place, is_by_distance = score_place(understanding.place, card, distance_km)
    return Comparison(
        occupation=occupation,
        occupation_link=link,
        occupation_similarity=similarity,
        place=place,
        is_place_by_distance=is_by_distance,
        required_years=required_years(card),
        met_conditions=check_conditions(understanding, card),
    )


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


def scale_cosine(cosine: float | None, cosine_range: tuple[float, float]) -> float:
    """A cosine between the least and the most that the embedder gives to texts, as 0 to 1."""
    if cosine is None:
        return 0.0
    low, high = cosine_range
    return min(1.0, max(0.0, (cosine - low) / (high - low)))


def measure_distance(understanding: Understanding, card: Card) -> float | None:
    """Kilometres from the person's place to the offer's; None where either is known by its region only."""
    place = understanding.place
    if place is None or place.level == "region" or place.latitude is None or place.longitude is None:
        return None
    if card.latitude is None or card.longitude is None:
        return None
    return places.distance_km(place.latitude, place.longitude, card.latitude, card.longitude)


def score_experience(years: int, required: int | None) -> float:
    """One when the years suffice, falling to nothing when five are lacking; half when the offer is silent."""
    return 0.5 if required is None else max(0.0, 1.0 - max(0, required - years) / SENIOR_YEARS)


def required_years(card: Card) -> int | None:
    """The years of experience an offer asks for; a title such as « senior » asks, whatever its form says."""
    if _is_senior_title(card.title):
        return max(SENIOR_YEARS, card.experience_years or 0)
    return card.experience_years


@lru_cache(maxsize=16384)
def _is_senior_title(title: str) -> bool:
    return _SENIOR_TITLE.search(fold(title)) is not None


def score_freshness(understanding: Understanding, card: Card) -> float:
    """One for an offer published now, half after `HALF_LIFE_DAYS`."""
    age = max(0.0, understanding.filters.at.timestamp() - card.published_at) / 86400
    return float(0.5 ** (age / HALF_LIFE_DAYS))


def score_eligibility(met_conditions: tuple[bool, ...]) -> float:
    """The share of the offer's conditions that the person is known to meet; half when it states none."""
    return sum(met_conditions) / len(met_conditions) if met_conditions else 0.5
