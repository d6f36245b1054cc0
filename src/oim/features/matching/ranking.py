"""Third stage: each candidate's features, from 0 to 1, and what each adds to its score.

By plain documented weights, as their mean, or by a ranker that learned from what people took.

A feature that the profile says nothing about is left out of the mean for every candidate alike:
a poor profile is not judged by what it lacks.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache

from oim.features import titles
from oim.features.matching.bm25 import extract_content_words, stem_text
from oim.features.matching.feature_scores import (
    Comparison,
    Features,
    compare,
    measure_distance,
    scale_cosine,
    score_eligibility,
    score_experience,
    score_freshness,
)
from oim.features.matching.index import Card, Hit
from oim.features.matching.understanding import Understanding
from oim.kit.text import fold

WEIGHTS = {
    "text": 0.45,  # meaning, likeness to the title and shared words
    "occupation": 0.15,  # nearness of ISCO-08 codes
    "place": 0.15,  # same commune, department, region, else distance
    "kind": 0.10,  # the kind asked for
    "eligibility": 0.05,  # conditions stated and met
    "experience": 0.10,  # years asked for and years told
    "freshness": 0.05,  # age of the publication
}
SEMANTIC_SHARE, TITLE_SHARE, WORD_SHARE = 0.5, 0.3, 0.2  # parts of the text feature
BODY_WORD_WEIGHT = 0.5  # what a word counts that the offer uses, but not in its title
MIN_SEMANTIC_SIMILARITY = 0.35  # from here on an offer is about what was said, even if it shares no word
MIN_WORD_OVERLAP = 0.34  # share of their words, by rarity, in the title or not
HOME_COUNTRY = "CM"
Scorer = Callable[[list[Features]], list[Features]]


@dataclass(frozen=True, slots=True)
class RankedOffer:
    """A candidate with its features; `parts` holds what each added to the score (they sum up to it)."""

    hit: Hit
    score: float
    parts: dict[str, float]
    matched_words: tuple[str, ...]  # the person's words that the offer uses
    is_place_named: bool  # the person named this offer's place
    distance_km: float | None
    semantic_similarity: float = field(default=0.0)
    # The share of their words that the offer uses, by rarity; less where it is not in the title.
    word_overlap: float = field(default=0.0)
    features: Features = field(default_factory=dict)  # those told, from 0 to 1: more fits better
    title_likeness: float = field(default=0.0)  # how alike its title is to what was said
    comparison: Comparison = field(default=Comparison())  # what decided the features, for the reasons


@dataclass(frozen=True, slots=True)
class _QueryWords:
    """What the person's words say, once the candidates show which of them are places abroad."""

    foreign_places: frozenset[str]  # folded
    stems: dict[str, str]  # stem to word
    weights: dict[str, float]  # word to its share of the whole: the fewer candidates hold it, the more


def score_by_weights(candidates: list[Features]) -> list[Features]:
    """The parts of each candidate's score by `WEIGHTS`: those of the features that are told sum up to one."""
    return [_weigh_features(features) for features in candidates]


def _weigh_features(features: Features) -> Features:
    total = sum(WEIGHTS[name] for name in features)
    return {name: WEIGHTS[name] * value / total for name, value in features.items()}


def rank(
    understanding: Understanding,
    hits: list[Hit],
    cosine_range: tuple[float, float],
    scorer: Scorer = score_by_weights,
) -> list[RankedOffer]:
    """Candidates by falling score, without those that have nothing to do with what was said.

    Equal scores are ordered by the newer offer, then by id, so that answers are stable.
    """
    told = _build_query_words(understanding, hits)
    alike = titles.score_similarity(understanding.query_text, [hit.card.title for hit in hits])
    seen = [
        _compare(understanding, hit, cosine_range, told, float(like))
        for hit, like in zip(hits, alike, strict=True)
    ]
    if told.stems:
        seen = [one for one in seen if _is_relevant(understanding, told, one)]
    parts = scorer([one.features for one in seen])
    ranked = [
        replace(one, score=sum(part.values()), parts=part) for one, part in zip(seen, parts, strict=True)
    ]
    return sorted(ranked, key=lambda r: (-r.score, -r.hit.card.published_at, r.hit.id.int))


def _build_query_words(understanding: Understanding, hits: list[Hit]) -> _QueryWords:
    """Our map holds Cameroon only: abroad, a word is a place when an offer says that it lies there."""
    localities = {name for hit in hits for name in _list_foreign_place_words(hit.card)}
    named = frozenset(word for word in understanding.stems.values() if fold(word) in localities)
    kept = {stem: word for stem, word in understanding.stems.items() if word not in named}
    return _QueryWords(frozenset(map(fold, named)), kept, _weigh_words_by_rarity(kept, hits))


def _weigh_words_by_rarity(words_by_stem: dict[str, str], hits: list[Hit]) -> dict[str, float]:
    held = Counter(
        word for hit in hits for word in {words_by_stem[s] for s in hit.card.stems if s in words_by_stem}
    )
    rarity = {word: math.log(1 + (len(hits) + 1) / (held[word] + 1)) for word in words_by_stem.values()}
    total = sum(rarity.values())
    return {word: value / total for word, value in rarity.items()}


def _list_foreign_place_words(card: Card) -> frozenset[str]:
    abroad = card.locality and card.country not in (None, HOME_COUNTRY)
    return _locality_words(card.locality or "") if abroad else frozenset()


def _is_relevant(understanding: Understanding, query_words: _QueryWords, candidate: RankedOffer) -> bool:
    """Whether an offer has to do with what was said: a bus fare hangs on it, so rather none than any."""
    return (
        candidate.semantic_similarity >= MIN_SEMANTIC_SIMILARITY
        or sum(query_words.weights[word] for word in candidate.matched_words) >= MIN_WORD_OVERLAP
        or any(link.occupation.isco in candidate.hit.card.occupations for link in understanding.occupations)
        or not query_words.stems.keys().isdisjoint(
            _stem_title(candidate.hit.card.title, candidate.hit.card.language)
        )
    )


def _compare(
    understanding: Understanding,
    hit: Hit,
    cosine_range: tuple[float, float],
    query_words: _QueryWords,
    title_likeness: float,
) -> RankedOffer:
    card = hit.card
    said = _match_words(query_words, card)
    named = not query_words.foreign_places.isdisjoint(_list_foreign_place_words(card))
    km = measure_distance(understanding, card)
    meaning = scale_cosine(hit.cosine, cosine_range)
    worded = _score_word_overlap(query_words, said, card)
    comparison = compare(understanding, card, km)
    features: Features = {"freshness": score_freshness(understanding, card)}
    if understanding.stems:
        features["text"] = SEMANTIC_SHARE * meaning + TITLE_SHARE * title_likeness + WORD_SHARE * worded
    if understanding.occupations:
        features["occupation"] = comparison.occupation
    if understanding.place or query_words.foreign_places:
        features["place"] = 1.0 if named else comparison.place
    if understanding.kinds:
        features["kind"] = float(card.kind in understanding.kinds)
    if understanding.experience_years is not None:
        features["experience"] = score_experience(understanding.experience_years, comparison.required_years)
    features["eligibility"] = score_eligibility(comparison.met_conditions)
    return RankedOffer(hit, 0.0, {}, said, named, km, meaning, worded, features, title_likeness, comparison)


def _match_words(query_words: _QueryWords, card: Card) -> tuple[str, ...]:
    """The person's own words whose stems the offer holds, in the order they were said."""
    held = frozenset(card.stems)
    return tuple(dict.fromkeys(word for stem, word in query_words.stems.items() if stem in held))


def _score_word_overlap(query_words: _QueryWords, matched_words: tuple[str, ...], card: Card) -> float:
    leading = {query_words.stems.get(stem) for stem in _stem_title(card.title, card.language)}
    return sum(
        query_words.weights[word] * (1.0 if word in leading else BODY_WORD_WEIGHT) for word in matched_words
    )


@lru_cache(maxsize=16384)
def _stem_title(title: str, language: str | None) -> frozenset[str]:
    return frozenset(stem_text(title, language))


@lru_cache(maxsize=4096)
def _locality_words(locality: str) -> frozenset[str]:
    return frozenset(
        fold(word) for word in extract_content_words(locality) if len(word) > 2 and not word.isdigit()
    )
