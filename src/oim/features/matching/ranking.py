"""Third stage: the features of each candidate, from 0 to 1, and what each adds to its score.

The score is the weighted mean of the features, or comes from a ranker trained on what people did.

A feature about which the profile states nothing is left out of the mean for every candidate alike: an
incomplete profile is not penalised for what it lacks.
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

# How they were chosen: docs/decisions/0005-matching-first-form.md. They need not sum up to 1.
WEIGHTS = {
    "text": 0.45,  # meaning, similarity to the title, and shared words
    "occupation": 0.15,  # similarity of ISCO-08 codes
    "place": 0.15,  # same commune, department or region, else distance
    "kind": 0.10,  # the kind asked for
    "eligibility": 0.05,  # conditions stated by the offer and met
    "experience": 0.10,  # years required against years stated
    "freshness": 0.05,  # age of the publication
}
SEMANTIC_SHARE, TITLE_SHARE, WORD_SHARE = 0.5, 0.3, 0.2  # parts of the text feature
BODY_WORD_WEIGHT = 0.5  # weight of a shared word that the offer uses, but not in its title (1 in the title)
# From this scaled cosine on, an offer is relevant to the person's text even if it shares no word with it.
MIN_SEMANTIC_SIMILARITY = 0.35
# Share of the person's words, weighted by rarity, that makes an offer relevant, in its title or elsewhere.
MIN_WORD_OVERLAP = 0.34
HOME_COUNTRY = "CM"
Scorer = Callable[[list[Features]], list[Features]]


@dataclass(frozen=True, slots=True)
class RankedOffer:
    """A candidate with its features; `parts` says what each added to the score (they sum up to it)."""

    hit: Hit
    score: float
    parts: dict[str, float]
    matched_words: tuple[str, ...]  # the person's words that the offer uses
    is_place_named: bool  # the person named this offer's place
    distance_km: float | None
    semantic_similarity: float = field(default=0.0)
    # Share of the person's words that the offer uses, weighted by rarity; words outside the title count half.
    word_overlap: float = field(default=0.0)
    features: Features = field(default_factory=dict)  # the known ones, from 0 to 1: more is a better fit
    title_likeness: float = field(default=0.0)  # similarity of the offer's title to the person's text
    comparison: Comparison = field(default=Comparison())  # what decided the features, for the reasons


@dataclass(frozen=True, slots=True)
class _QueryWords:
    """The person's words, once the candidates have shown which of them are places abroad."""

    foreign_places: frozenset[str]  # folded
    stems: dict[str, str]  # stem to word, without the foreign places
    weights: dict[str, float]  # word to its share of the whole: the fewer candidates use it, the larger


def score_by_weights(candidates: list[Features]) -> list[Features]:
    """The parts of each candidate's score by `WEIGHTS`, the weights of its known features scaled to sum 1."""
    return [_weigh_features(features) for features in candidates]


def _weigh_features(features: Features) -> Features:
    """What each known feature adds to one candidate's score."""
    total = sum(WEIGHTS[name] for name in features)
    return {name: WEIGHTS[name] * value / total for name, value in features.items()}


def rank(
    understanding: Understanding,
    hits: list[Hit],
    cosine_range: tuple[float, float],
    scorer: Scorer = score_by_weights,
) -> list[RankedOffer]:
    """Order candidates by falling score, without those unrelated to the person's text.

    Equal scores are ordered newer offer first, then by id, so that answers are stable.
    """
    query_words = _build_query_words(understanding, hits)
    likenesses = titles.score_similarity(understanding.query_text, [hit.card.title for hit in hits])
    compared = [
        _compare(understanding, hit, cosine_range, query_words, float(likeness))
        for hit, likeness in zip(hits, likenesses, strict=True)
    ]
    # Without distinctive words there is nothing to be related to: every candidate stays.
    if query_words.stems:
        compared = [offer for offer in compared if _is_relevant(understanding, query_words, offer)]
    parts = scorer([offer.features for offer in compared])
    ranked = [
        replace(offer, score=sum(part.values()), parts=part)
        for offer, part in zip(compared, parts, strict=True)
    ]
    return sorted(ranked, key=lambda r: (-r.score, -r.hit.card.published_at, r.hit.id.int))


def _build_query_words(understanding: Understanding, hits: list[Hit]) -> _QueryWords:
    """Separate places abroad from the person's words and weigh the rest.

    Our gazetteer covers Cameroon only. Abroad, a word is taken for a place if a candidate is located there.
    """
    localities = {name for hit in hits for name in _list_foreign_place_words(hit.card)}
    named = frozenset(word for word in understanding.stems.values() if fold(word) in localities)
    stems = {stem: word for stem, word in understanding.stems.items() if word not in named}
    return _QueryWords(frozenset(map(fold, named)), stems, _weigh_words_by_rarity(stems, hits))


def _weigh_words_by_rarity(words_by_stem: dict[str, str], hits: list[Hit]) -> dict[str, float]:
    """Weigh words by inverse document frequency among the candidates; the weights sum up to 1."""
    # A set per card: a word has a French and an English stem, but counts once for each candidate.
    counts = Counter(
        word for hit in hits for word in {words_by_stem[s] for s in hit.card.stems if s in words_by_stem}
    )
    rarity = {word: math.log(1 + (len(hits) + 1) / (counts[word] + 1)) for word in words_by_stem.values()}
    total = sum(rarity.values())
    return {word: value / total for word, value in rarity.items()}


def _list_foreign_place_words(card: Card) -> frozenset[str]:
    """The folded words of an offer's locality, if it lies outside Cameroon."""
    abroad = card.locality and card.country not in (None, HOME_COUNTRY)
    return _locality_words(card.locality or "") if abroad else frozenset()


def _is_relevant(understanding: Understanding, query_words: _QueryWords, candidate: RankedOffer) -> bool:
    """Whether an offer is related to the person's text by meaning, words, trade, or a word of its title.

    People pay a bus fare to follow up an offer: better no offer than an unrelated one.
    """
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
    """Compute the features of one candidate; its score and parts are still empty."""
    card = hit.card
    words = _match_words(query_words, card)
    is_place_named = not query_words.foreign_places.isdisjoint(_list_foreign_place_words(card))
    km = measure_distance(understanding, card)
    meaning = scale_cosine(hit.cosine, cosine_range)
    overlap = _score_word_overlap(query_words, words, card)
    comparison = compare(understanding, card, km)
    # Which features are present never depends on the single card: all candidates are scored by the same ones.
    features: Features = {"freshness": score_freshness(understanding, card)}
    if understanding.stems:
        features["text"] = SEMANTIC_SHARE * meaning + TITLE_SHARE * title_likeness + WORD_SHARE * overlap
    if understanding.occupations:
        features["occupation"] = comparison.occupation
    if understanding.place or query_words.foreign_places:
        features["place"] = 1.0 if is_place_named else comparison.place
    if understanding.kinds:
        features["kind"] = float(card.kind in understanding.kinds)
    if understanding.experience_years is not None:
        features["experience"] = score_experience(understanding.experience_years, comparison.required_years)
    features["eligibility"] = score_eligibility(comparison.met_conditions)
    return RankedOffer(
        hit, 0.0, {}, words, is_place_named, km, meaning, overlap, features, title_likeness, comparison
    )


def _match_words(query_words: _QueryWords, card: Card) -> tuple[str, ...]:
    """The person's own words whose stems the offer contains, in the order they wrote them."""
    card_stems = frozenset(card.stems)
    return tuple(dict.fromkeys(word for stem, word in query_words.stems.items() if stem in card_stems))


def _score_word_overlap(query_words: _QueryWords, matched_words: tuple[str, ...], card: Card) -> float:
    """The share of the person's words that the offer uses, by rarity; words outside its title count half."""
    title_words = {query_words.stems.get(stem) for stem in _stem_title(card.title, card.language)}
    return sum(
        query_words.weights[word] * (1.0 if word in title_words else BODY_WORD_WEIGHT)
        for word in matched_words
    )


@lru_cache(maxsize=16384)
def _stem_title(title: str, language: str | None) -> frozenset[str]:
    """The stems of a title; cached, because the same offers are ranked for many people."""
    return frozenset(stem_text(title, language))


@lru_cache(maxsize=4096)
def _locality_words(locality: str) -> frozenset[str]:
    """The folded words that name a locality, without short words and numbers ("Paris 12e": "paris")."""
    return frozenset(
        fold(word) for word in extract_content_words(locality) if len(word) > 2 and not word.isdigit()
    )
