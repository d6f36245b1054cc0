"""Features of the score: how well an offer fits a person in one respect, from 0 (not) to 1 (fully).

Ranking computes them once for each candidate and stores what decided them (`Comparison`): reasons name it.
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

Features = dict[str, float]  # value by name of feature

DISTANCE_SCALE_KM = 100.0  # at this distance a place scores 1/e of one close by
# Years of experience that a senior title asks for; also, missing this many years scores 0.
SENIOR_YEARS = 5
# In folded titles: "Senior accountant", « Comptable confirmee », "Lead developer".
_SENIOR_TITLE = re.compile(r"\b(seniors?|experts?|expertes?|confirmee?s?|lead)\b")
HALF_LIFE_DAYS = 30.0  # an offer published this long ago is half as fresh
# A few hundred occupations meet in millions of pairs of person and offer: most are looked up, not computed.
_cached_similarity = lru_cache(maxsize=65536)(occupations.similarity)


@dataclass(frozen=True, slots=True)
class Comparison:
    """An offer compared with a person: features from 0 to 1, and the facts that decided them."""

    occupation: float = 0.0
    occupation_link: OccupationLink | None = None  # the person's occupation that is nearest to the offer's
    occupation_similarity: float = 0.0  # of the two occupations, 0 to 1
    place: float = 0.0
    is_place_by_distance: bool = False  # decided by kilometres, not by a shared commune, department or region
    required_years: int | None = None  # of experience; None: the offer says nothing of it
    met_conditions: tuple[bool, ...] = ()  # for each stated condition, whether the person is known to meet it


def compare(understanding: Understanding, card: Card, distance_km: float | None) -> Comparison:
    """Compare an offer with a person, once for both ranking and explaining."""
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
    """How near an offer is, from 0 to 1, and whether the distance in kilometres decided it.

    1 in the place itself, 0.9 in its department, 0.6 in its region; or by distance where that gives more.
    """
    if person_place and person_place.code in (card.commune, card.department, card.region):
        return 1.0, False
    # Codes are hierarchical: "CM-LT-0101", a commune, begins with "CM-LT-01", its department.
    if person_place and card.department and person_place.code.startswith(card.department):
        return 0.9, False
    shared = 0.6 if person_place and card.region and person_place.code.startswith(card.region) else 0.0
    # At most 0.9: nearness never beats an offer in the person's own place.
    by_distance = 0.0 if distance_km is None else 0.9 * math.exp(-distance_km / DISTANCE_SCALE_KM)
    return (by_distance, True) if by_distance > shared else (shared, False)


def score_occupation(understanding: Understanding, card: Card) -> tuple[float, OccupationLink | None, float]:
    """How near an offer's occupations are to the person's, from 0 to 1, and what decided it.

    Returns the score, the link to the person's occupation that gave it, and the similarity of the two.
    """
    best: tuple[float, OccupationLink | None, float] = (0.0, None, 0.0)
    for link in understanding.occupations:
        for code in card.occupations:
            similarity = _cached_similarity(link.occupation.isco, code)
            # At equal scores the more similar occupation decides: a reason should name the nearer one.
            if (link.score * similarity, similarity) > (best[0], best[2]):
                best = (link.score * similarity, link, similarity)
    return best


def check_conditions(understanding: Understanding, card: Card) -> tuple[bool, ...]:
    """For each condition that the offer states, whether the person is known to meet it.

    The index has already left out offers whose conditions the person does not meet, so a stated gender,
    situation or region is a met one; age and education let through what is nearly reached.
    """
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
    return tuple(is_met for is_stated, is_met in stated if is_stated)


def scale_cosine(cosine: float | None, cosine_range: tuple[float, float]) -> float:
    """A cosine scaled to 0 to 1 by the range of the embedder (see `Embedder.cosine_range`); 0 for None."""
    if cosine is None:
        return 0.0
    low, high = cosine_range
    return min(1.0, max(0.0, (cosine - low) / (high - low)))


def measure_distance(understanding: Understanding, card: Card) -> float | None:
    """Kilometres from the person's place to the offer's; None where either has no coordinates to measure."""
    place = understanding.place
    # The centre of a region may be 200 km from where the person lives: such a distance would mislead.
    if place is None or place.level == "region" or place.latitude is None or place.longitude is None:
        return None
    if card.latitude is None or card.longitude is None:
        return None
    return places.distance_km(place.latitude, place.longitude, card.latitude, card.longitude)


def score_experience(years: int, required: int | None) -> float:
    """1 when the years suffice, 0 when `SENIOR_YEARS` or more are missing; a half if the offer is silent."""
    return 0.5 if required is None else max(0.0, 1.0 - max(0, required - years) / SENIOR_YEARS)


def required_years(card: Card) -> int | None:
    """The years of experience an offer asks for; a senior title asks for `SENIOR_YEARS` at least."""
    if _is_senior_title(card.title):
        return max(SENIOR_YEARS, card.experience_years or 0)
    return card.experience_years


@lru_cache(maxsize=16384)
def _is_senior_title(title: str) -> bool:
    """Whether a title asks for experience: "senior", "expert", « confirmé », "lead"."""
    return _SENIOR_TITLE.search(fold(title)) is not None


def score_freshness(understanding: Understanding, card: Card) -> float:
    """1 for an offer published now, a half after `HALF_LIFE_DAYS`, and so on."""
    age = max(0.0, understanding.filters.at.timestamp() - card.published_at) / 86400
    return float(0.5 ** (age / HALF_LIFE_DAYS))


def score_eligibility(met_conditions: tuple[bool, ...]) -> float:
    """The share of the offer's conditions that the person is known to meet; a half when it states none."""
    return sum(met_conditions) / len(met_conditions) if met_conditions else 0.5
