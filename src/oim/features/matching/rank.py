"""Third stage: each candidate's features, from 0 to 1, and their weighted mean by plain documented weights.

A feature that the profile says nothing about is left out of the mean for every candidate alike:
a poor profile is not judged by what it lacks.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache

from oim.features import occupations, places
from oim.features.matching.text import stems, words
from oim.features.matching.types import Card, Hit
from oim.features.matching.understand import Understanding
from oim.kit.text import fold

WEIGHTS = {
    "text": 0.40,  # meaning and shared words
    "occupation": 0.20,  # nearness of ISCO-08 codes
    "place": 0.15,  # same commune, department, region, else distance
    "kind": 0.10,  # the kind asked for
    "eligibility": 0.05,  # conditions stated and met
    "experience": 0.10,  # years asked for and years told
    "freshness": 0.05,  # age of the publication
}
SENIOR_YEARS = 5
_SENIOR = re.compile(r"\b(seniors?|experts?|expertes?|confirmee?s?|lead)\b")
HALF_LIFE_DAYS = 30.0
DISTANCE_SCALE_KM = 100.0
MEANING, WORDS = 0.6, 0.4  # parts of the text feature
FITTING_MEANING = 0.35  # from here on an offer is about what was said, even if it shares no word
FITTING_WORDS = 0.34  # share of their words, by rarity
HOME = "CM"


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with its features; `parts` holds what each added to the score (they sum up to it)."""

    hit: Hit
    score: float
    parts: dict[str, float]
    said: tuple[str, ...]  # the person's words that the offer uses
    named: bool  # the person named this offer's place
    km: float | None
    meaning: float = field(default=0.0)


@dataclass(frozen=True, slots=True)
class _Told:
    """What the person's words say, once the candidates show which of them are places abroad."""

    places: frozenset[str]  # folded
    stems: dict[str, str]  # stem to word
    weights: dict[str, float]  # word to its share of the whole: the fewer candidates hold it, the more


def rank(understanding: Understanding, hits: list[Hit], cosine_range: tuple[float, float]) -> list[Ranked]:
    """Candidates by falling score, without those that have nothing to do with what was said.

    Equal scores are ordered by the newer offer, then by id, so that answers are stable.
    """
    told = _told(understanding, hits)
    ranked = [_score(understanding, hit, cosine_range, told) for hit in hits]
    if told.stems:
        ranked = [one for one in ranked if _fits(understanding, told, one)]
    return sorted(ranked, key=lambda r: (-r.score, -r.hit.card.published_at, r.hit.id.int))


def _told(understanding: Understanding, hits: list[Hit]) -> _Told:
    """Our map holds Cameroon only: abroad, a word is a place when an offer says that it lies there."""
    localities = {name for hit in hits for name in _places_abroad(hit.card)}
    named = frozenset(word for word in understanding.stems.values() if fold(word) in localities)
    kept = {stem: word for stem, word in understanding.stems.items() if word not in named}
    return _Told(frozenset(map(fold, named)), kept, _weights(kept, hits))


def _weights(told: dict[str, str], hits: list[Hit]) -> dict[str, float]:
    held = Counter(word for hit in hits for word in {told[s] for s in hit.card.stems if s in told})
    rarity = {word: math.log(1 + (len(hits) + 1) / (held[word] + 1)) for word in told.values()}
    total = sum(rarity.values())
    return {word: value / total for word, value in rarity.items()}


def _places_abroad(card: Card) -> frozenset[str]:
    abroad = card.locality and card.country not in (None, HOME)
    return _locality_words(card.locality or "") if abroad else frozenset()


def _fits(understanding: Understanding, told: _Told, ranked: Ranked) -> bool:
    """Whether an offer has to do with what was said: a bus fare hangs on it, so rather none than any."""
    return (
        ranked.meaning >= FITTING_MEANING
        or sum(told.weights[word] for word in ranked.said) >= FITTING_WORDS
        or any(link.occupation.isco in ranked.hit.card.occupations for link in understanding.occupations)
        or not told.stems.keys().isdisjoint(stems(ranked.hit.card.title, ranked.hit.card.language))
    )


def _score(understanding: Understanding, hit: Hit, cosine_range: tuple[float, float], told: _Told) -> Ranked:
    card = hit.card
    said = _said(told, card)
    named = not told.places.isdisjoint(_places_abroad(card))
    km = _distance(understanding, card)
    meaning = _meaning(hit.cosine, cosine_range)
    features: dict[str, float] = {"freshness": _freshness(understanding, card)}
    if understanding.stems:
        features["text"] = MEANING * meaning + WORDS * sum(told.weights[word] for word in said)
    if understanding.occupations:
        features["occupation"] = _occupation(understanding, card)
    if understanding.place or told.places:
        features["place"] = 1.0 if named else _nearness(understanding, card, km)
    if understanding.kinds:
        features["kind"] = float(card.kind in understanding.kinds)
    if understanding.experience is not None:
        features["experience"] = _experience(understanding.experience, card)
    features["eligibility"] = _eligibility(understanding, card)
    total = sum(WEIGHTS[name] for name in features)
    parts = {name: WEIGHTS[name] * value / total for name, value in features.items()}
    return Ranked(hit, sum(parts.values()), parts, said, named, km, meaning)


def _said(told: _Told, card: Card) -> tuple[str, ...]:
    """The person's own words whose stems the offer holds, in the order they were said."""
    held = frozenset(card.stems)
    return tuple(dict.fromkeys(word for stem, word in told.stems.items() if stem in held))


@lru_cache(maxsize=4096)
def _locality_words(locality: str) -> frozenset[str]:
    return frozenset(fold(word) for word in words(locality) if len(word) > 2 and not word.isdigit())


def _meaning(cosine: float | None, cosine_range: tuple[float, float]) -> float:
    if cosine is None:
        return 0.0
    low, high = cosine_range
    return min(1.0, max(0.0, (cosine - low) / (high - low)))


def _occupation(understanding: Understanding, card: Card) -> float:
    return max(
        (
            link.score * occupations.similarity(link.occupation.isco, code)
            for link in understanding.occupations
            for code in card.occupations
        ),
        default=0.0,
    )


def _distance(understanding: Understanding, card: Card) -> float | None:
    place = understanding.place
    if place is None or place.level == "region" or place.latitude is None or place.longitude is None:
        return None
    if card.latitude is None or card.longitude is None:
        return None
    return places.distance_km(place.latitude, place.longitude, card.latitude, card.longitude)


def _nearness(understanding: Understanding, card: Card, km: float | None) -> float:
    place = understanding.place
    if place and place.code in (card.commune, card.department, card.region):
        return 1.0
    if place and card.department and place.code.startswith(card.department):
        return 0.9
    same_region = place is not None and card.region is not None and place.code.startswith(card.region)
    base = 0.6 if same_region else 0.0
    if km is not None:
        return max(base, 0.9 * math.exp(-km / DISTANCE_SCALE_KM))
    return base


def _experience(years: int, card: Card) -> float:
    """One when the years suffice, falling to nothing when five are lacking; half when the offer is silent."""
    asked = years_asked(card)
    return 0.5 if asked is None else max(0.0, 1.0 - max(0, asked - years) / SENIOR_YEARS)


def years_asked(card: Card) -> int | None:
    """The years of experience an offer asks for; a title such as « senior » asks, whatever its form says."""
    if _SENIOR.search(fold(card.title)):
        return max(SENIOR_YEARS, card.experience_years or 0)
    return card.experience_years


def _freshness(understanding: Understanding, card: Card) -> float:
    age = max(0.0, understanding.filters.at.timestamp() - card.published_at) / 86400
    return float(0.5 ** (age / HALF_LIFE_DAYS))


def _eligibility(understanding: Understanding, card: Card) -> float:
    """The share of the offer's conditions that the person is known to meet; half when it states none."""
    filters = understanding.filters
    stated = (
        (card.age_min is not None or card.age_max is not None, filters.age is not None),
        (card.gender is not None, filters.gender is not None),
        (bool(card.statuses), filters.statuses is not None),
        (bool(card.regions), filters.region is not None),
        (card.education_min is not None, filters.education is not None),
    )
    known = [met for condition, met in stated if condition]
    return sum(known) / len(known) if known else 0.5
