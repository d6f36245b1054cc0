"""Index phrases that name concepts (occupations or skills) and find them in a text.

A phrase is looked up as a sequence of stems, in dictionaries that are built once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from math import exp, log
from typing import Generic, TypeVar

from oim.features.occupations.text_terms import TextTerms, extract_terms

SCORE_SATURATION = 1.2  # how fast the score of a phrase approaches 1 with the weight of its terms
MIN_NEARNESS = 0.6  # share of its score that a match very far from the start keeps
NEARNESS_HALF_DISTANCE = 6.0  # terms from the start at which half of the other share is lost
CORRECTED_WORD_FACTOR = 0.85  # share of its score that a match keeps for each word that was misspelt
LANGUAGES = ("fr", "en")

# Stems in alphabetical order, so that the order of words does not matter: "tomato seller" is "sell tomatoes".
Phrase = tuple[str, ...]
Concept = TypeVar("Concept")


@dataclass(frozen=True, slots=True)
class PhraseIndex(Generic[Concept]):
    """Phrases as stems of one language, the concepts they name, and the weight of each stem.

    A stem of one concept only weighs 1, common ones less. `max_terms` is the length of the longest phrase.
    """

    phrases: dict[Phrase, tuple[Concept, ...]]
    weights: dict[str, float]
    max_terms: int

    def score_phrase(self, phrase: Phrase) -> float:
        """How surely a phrase names its concepts, from 0 to 1."""
        # Each further term adds less: a phrase of one rare term scores 0.70, of two 0.91.
        return 1.0 - exp(-SCORE_SATURATION * sum(self.weights[term] for term in phrase))


@dataclass(frozen=True, slots=True)
class BilingualIndex(Generic[Concept]):
    """The same phrases indexed twice, by French and by English stems."""

    french: PhraseIndex[Concept]
    english: PhraseIndex[Concept]


@dataclass(frozen=True, slots=True)
class Match(Generic[Concept]):
    """A phrase found in a text: the terms from `start` up to `end`, the concepts it names, its score."""

    start: int
    end: int
    concepts: tuple[Concept, ...]
    score: float


def build_index(
    entries: Iterable[tuple[Concept, str, str | None]], key: Callable[[Concept], str]
) -> BilingualIndex[Concept]:
    """Index entries of concept, phrase and language (None: people use the phrase in both languages).

    Concepts with the same `key` count as the same. A stem is rare when the concepts of its phrases have few
    keys.
    """
    # Dictionaries serve as ordered sets: which concept comes first must not depend on hashes.
    tables: tuple[dict[Phrase, dict[Concept, None]], ...] = (defaultdict(dict), defaultdict(dict))
    for concept, text, language in entries:
        for table_language, table, stems in zip(LANGUAGES, tables, extract_terms(text), strict=True):
            if stems and language in (None, table_language):
                table[tuple(sorted(stems))][concept] = None
    french, english = (
        _build_language_index({phrase: tuple(concepts) for phrase, concepts in table.items()}, key)
        for table in tables
    )
    return BilingualIndex(french, english)


def find_concepts(
    layers: Iterable[BilingualIndex[Concept]], terms: TextTerms, key: Callable[[Concept], str]
) -> list[tuple[Concept, float]]:
    """Return the concepts that a text names with their scores, highest first, one concept a key.

    A later layer counts only for terms that no earlier layer matches. A phrase scores higher the longer and
    rarer it is, the nearer it stands to the start, and the larger its share of the text.
    """
    best: dict[str, tuple[Concept, float]] = {}
    for match in _drop_overlaps([list(_match_both_languages(index, terms)) for index in layers]):
        for concept in match.concepts:
            if key(concept) not in best or best[key(concept)][1] < match.score:
                best[key(concept)] = (concept, round(match.score, 4))
    return sorted(best.values(), key=lambda scored: -scored[1])


def _build_language_index(
    phrases: dict[Phrase, tuple[Concept, ...]], key: Callable[[Concept], str]
) -> PhraseIndex[Concept]:
    """Weigh the terms of phrases in one language by how few concepts they belong to."""
    keys_by_term: dict[str, set[str]] = defaultdict(set)
    for phrase, concepts in phrases.items():
        for term in phrase:
            keys_by_term[term].update(map(key, concepts))
    # As inverse document frequency: a term of one key weighs 1, of ten keys 0.30.
    weights = {term: 1.0 / (1.0 + log(len(keys))) for term, keys in keys_by_term.items()}
    return PhraseIndex(phrases, weights, max(map(len, phrases), default=0))


def _match_both_languages(index: BilingualIndex[Concept], terms: TextTerms) -> Iterator[Match[Concept]]:
    """Yield the matches of French and of English phrases: people mix both languages in one sentence."""
    yield from _find_matches(index.french, terms.french, terms.corrected_flags)
    yield from _find_matches(index.english, terms.english, terms.corrected_flags)


def _find_matches(
    index: PhraseIndex[Concept], stems: list[str], corrected_flags: list[bool]
) -> Iterator[Match[Concept]]:
    """Yield a match for every run of stems that is a phrase of the index, overlapping ones included."""
    for start in range(len(stems)):
        for end in range(start + 1, min(start + index.max_terms, len(stems)) + 1):
            # No phrase has this stem: no longer run from the same start can be a phrase either.
            if stems[end - 1] not in index.weights:
                break
            phrase = tuple(sorted(stems[start:end]))
            concepts = index.phrases.get(phrase)
            if concepts:
                score = _score_match(index.score_phrase(phrase), start, (end - start) / len(stems))
                yield Match(
                    start, end, concepts, score * CORRECTED_WORD_FACTOR ** sum(corrected_flags[start:end])
                )


def _score_match(phrase_score: float, start: int, share: float) -> float:
    """Raise the score of a phrase by its share of the text, lower it by its distance from the start."""
    # A title starts with the trade; what comes later tells the place, the employer or the customers.
    nearness = MIN_NEARNESS + (1.0 - MIN_NEARNESS) / (1.0 + start / NEARNESS_HALF_DISTANCE)
    return (phrase_score + (1.0 - phrase_score) * share / 2.0) * nearness


def _drop_overlaps(layers: list[list[Match[Concept]]]) -> Iterator[Match[Concept]]:
    """Yield the matches that no longer one overlaps; among equally long ones, an earlier layer wins."""
    # Sorted by length, longest first, then by layer, then by start. The match itself cannot be compared.
    ranked = [
        (match.start - match.end, layer, match.start, match)
        for layer, matches in enumerate(layers)
        for match in matches
    ]
    # By position of a term, the span that claimed it. The same span may be claimed again, by a phrase of the
    # other language: "maçon" is found in the French and in the English index.
    claims: dict[int, tuple[int, int, int]] = {}
    for _, layer, _, match in sorted(ranked, key=lambda entry: entry[:3]):
        span = (layer, match.start, match.end)
        if all(claims.get(position, span) == span for position in range(match.start, match.end)):
            claims.update(dict.fromkeys(range(match.start, match.end), span))
            yield match
