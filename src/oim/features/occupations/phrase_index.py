"""Phrases that name things, and where a text holds them: word sequences looked up in tables built once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from math import exp, log
from typing import Generic, TypeVar

from oim.features.occupations.text_terms import Reading, terms

SURENESS = 1.2  # how fast the score of a phrase nears 1 with the weight of its terms
LATE = 0.6  # what a match far from the start keeps of its score
HALFWAY = 6.0  # terms from the start at which half of the rest is lost
MENDED = 0.85  # what a phrase keeps of its score for each of its words that was mended
LANGUAGES = ("fr", "en")

Phrase = tuple[str, ...]  # terms in alphabetical order: "tomato seller" is "sell tomatoes"
Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class Index(Generic[Thing]):
    """Phrases in one language's stems, what they name, and the weight of each term (rare: 1)."""

    phrases: dict[Phrase, tuple[Thing, ...]]
    weights: dict[str, float]
    longest: int

    def strength(self, phrase: Phrase) -> float:
        """How surely a phrase names its things, 0 to 1."""
        return 1.0 - exp(-SURENESS * sum(self.weights[term] for term in phrase))


@dataclass(frozen=True, slots=True)
class Pair(Generic[Thing]):
    """The index of French stems and that of English stems."""

    french: Index[Thing]
    english: Index[Thing]


@dataclass(frozen=True, slots=True)
class Match(Generic[Thing]):
    """A phrase found in a text: its place in terms, what it names, its score."""

    start: int
    end: int
    things: tuple[Thing, ...]
    score: float


def build(named: Iterable[tuple[Thing, str, str | None]], key: Callable[[Thing], str]) -> Pair[Thing]:
    """Index phrases: what each names, its text, its language (None: people say it in either).

    A term is the rarer the fewer keys the things of its phrases have.
    """
    tables: tuple[dict[Phrase, dict[Thing, None]], ...] = (defaultdict(dict), defaultdict(dict))
    for thing, text, language in named:
        for own, table, stems in zip(LANGUAGES, tables, terms(text), strict=True):
            if stems and language in (None, own):
                table[tuple(sorted(stems))][thing] = None
    french, english = (
        _index({phrase: tuple(things) for phrase, things in table.items()}, key) for table in tables
    )
    return Pair(french, english)


def best(
    layers: Iterable[Pair[Thing]], reading: Reading, key: Callable[[Thing], str]
) -> list[tuple[Thing, float]]:
    """What a text names, surest first, one a key; a later layer speaks where earlier ones are silent.

    A phrase counts more the longer and rarer it is, the nearer to the start, the more of the text it is.
    """
    found: dict[str, tuple[Thing, float]] = {}
    for match in _longest([list(_in_pair(pair, reading)) for pair in layers]):
        for thing in match.things:
            if key(thing) not in found or found[key(thing)][1] < match.score:
                found[key(thing)] = (thing, round(match.score, 4))
    return sorted(found.values(), key=lambda named: -named[1])


def _index(phrases: dict[Phrase, tuple[Thing, ...]], key: Callable[[Thing], str]) -> Index[Thing]:
    groups: dict[str, set[str]] = defaultdict(set)
    for phrase, things in phrases.items():
        for term in phrase:
            groups[term].update(map(key, things))
    weights = {term: 1.0 / (1.0 + log(len(keys))) for term, keys in groups.items()}
    return Index(phrases, weights, max(map(len, phrases), default=0))


def _in_pair(pair: Pair[Thing], reading: Reading) -> Iterator[Match[Thing]]:
    yield from _matches(pair.french, reading.french, reading.mended)
    yield from _matches(pair.english, reading.english, reading.mended)


def _matches(index: Index[Thing], stems: list[str], mended: list[bool]) -> Iterator[Match[Thing]]:
    for start in range(len(stems)):
        for end in range(start + 1, min(start + index.longest, len(stems)) + 1):
            if stems[end - 1] not in index.weights:
                break
            phrase = tuple(sorted(stems[start:end]))
            things = index.phrases.get(phrase)
            if things:
                score = _score(index.strength(phrase), start, (end - start) / len(stems))
                yield Match(start, end, things, score * MENDED ** sum(mended[start:end]))


def _score(strength: float, start: int, share: float) -> float:
    """A phrase's strength, raised by its share of the text, lowered by its distance from the start."""
    nearness = LATE + (1.0 - LATE) / (1.0 + start / HALFWAY)
    return (strength + (1.0 - strength) * share / 2.0) * nearness


def _longest(layers: list[list[Match[Thing]]]) -> Iterator[Match[Thing]]:
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
