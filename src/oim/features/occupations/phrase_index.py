"""Phrases that name things, and where a text holds them: word sequences looked up in tables built once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from math import exp, log
from typing import Generic, TypeVar

from oim.features.occupations.text_terms import TextTerms, extract_terms

SCORE_SATURATION = 1.2  # how fast the score of a phrase nears 1 with the weight of its terms
MIN_NEARNESS = 0.6  # what a match far from the start keeps of its score
NEARNESS_HALF_DISTANCE = 6.0  # terms from the start at which half of the rest is lost
CORRECTED_WORD_FACTOR = 0.85  # what a phrase keeps of its score for each of its words that was mended
LANGUAGES = ("fr", "en")

Phrase = tuple[str, ...]  # terms in alphabetical order: "tomato seller" is "sell tomatoes"
Concept = TypeVar("Concept")


@dataclass(frozen=True, slots=True)
class PhraseIndex(Generic[Concept]):
    """Phrases in one language's stems, what they name, and the weight of each term (rare: 1)."""

    phrases: dict[Phrase, tuple[Concept, ...]]
    weights: dict[str, float]
    max_terms: int

    def score_phrase(self, phrase: Phrase) -> float:
        """How surely a phrase names its things, 0 to 1."""
        return 1.0 - exp(-SCORE_SATURATION * sum(self.weights[term] for term in phrase))


@dataclass(frozen=True, slots=True)
class BilingualIndex(Generic[Concept]):
    """The index of French stems and that of English stems."""

    french: PhraseIndex[Concept]
    english: PhraseIndex[Concept]


@dataclass(frozen=True, slots=True)
class Match(Generic[Concept]):
    """A phrase found in a text: its place in terms, what it names, its score."""

    start: int
    end: int
    concepts: tuple[Concept, ...]
    score: float


def build_index(
    entries: Iterable[tuple[Concept, str, str | None]], key: Callable[[Concept], str]
) -> BilingualIndex[Concept]:
    """Index phrases: what each names, its text, its language (None: people say it in either).

    A term is the rarer the fewer keys the things of its phrases have.
    """
    tables: tuple[dict[Phrase, dict[Concept, None]], ...] = (defaultdict(dict), defaultdict(dict))
    for thing, text, language in entries:
        for own, table, stems in zip(LANGUAGES, tables, extract_terms(text), strict=True):
            if stems and language in (None, own):
                table[tuple(sorted(stems))][thing] = None
    french, english = (
        _build_language_index({phrase: tuple(things) for phrase, things in table.items()}, key)
        for table in tables
    )
    return BilingualIndex(french, english)


def find_concepts(
    layers: Iterable[BilingualIndex[Concept]], terms: TextTerms, key: Callable[[Concept], str]
) -> list[tuple[Concept, float]]:
    """What a text names, surest first, one a key; a later layer speaks where earlier ones are silent.

    A phrase counts more the longer and rarer it is, the nearer to the start, the more of the text it is.
    """
    found: dict[str, tuple[Concept, float]] = {}
    for match in _drop_overlaps([list(_match_both_languages(pair, terms)) for pair in layers]):
        for thing in match.concepts:
            if key(thing) not in found or found[key(thing)][1] < match.score:
                found[key(thing)] = (thing, round(match.score, 4))
    return sorted(found.values(), key=lambda named: -named[1])


def _build_language_index(
    phrases: dict[Phrase, tuple[Concept, ...]], key: Callable[[Concept], str]
) -> PhraseIndex[Concept]:
    groups: dict[str, set[str]] = defaultdict(set)
    for phrase, things in phrases.items():
        for term in phrase:
            groups[term].update(map(key, things))
    weights = {term: 1.0 / (1.0 + log(len(keys))) for term, keys in groups.items()}
    return PhraseIndex(phrases, weights, max(map(len, phrases), default=0))


def _match_both_languages(index: BilingualIndex[Concept], terms: TextTerms) -> Iterator[Match[Concept]]:
    yield from _find_matches(index.french, terms.french, terms.corrected_flags)
    yield from _find_matches(index.english, terms.english, terms.corrected_flags)


def _find_matches(
    index: PhraseIndex[Concept], stems: list[str], corrected_flags: list[bool]
) -> Iterator[Match[Concept]]:
    for start in range(len(stems)):
        for end in range(start + 1, min(start + index.max_terms, len(stems)) + 1):
            if stems[end - 1] not in index.weights:
                break
            phrase = tuple(sorted(stems[start:end]))
            things = index.phrases.get(phrase)
            if things:
                score = _score_match(index.score_phrase(phrase), start, (end - start) / len(stems))
                yield Match(
                    start, end, things, score * CORRECTED_WORD_FACTOR ** sum(corrected_flags[start:end])
                )


def _score_match(phrase_score: float, start: int, share: float) -> float:
    """A phrase's strength, raised by its share of the text, lowered by its distance from the start."""
    nearness = MIN_NEARNESS + (1.0 - MIN_NEARNESS) / (1.0 + start / NEARNESS_HALF_DISTANCE)
    return (phrase_score + (1.0 - phrase_score) * share / 2.0) * nearness


def _drop_overlaps(layers: list[list[Match[Concept]]]) -> Iterator[Match[Concept]]:
    """Every match but those that a longer one, or an equal one of an earlier layer, overlaps."""
    ranked = [
        (match.start - match.end, layer, match.start, match)
        for layer, matches in enumerate(layers)
        for match in matches
    ]
    taken: dict[int, tuple[int, int, int]] = {}
    for _, layer, _, match in sorted(ranked, key=lambda entry: entry[:3]):
        span = (layer, match.start, match.end)
        if all(taken.get(position, span) == span for position in range(match.start, match.end)):
            taken.update(dict.fromkeys(range(match.start, match.end), span))
            yield match
