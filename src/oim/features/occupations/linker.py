"""Which occupations a text names: its word sequences looked up in an index of phrases, built once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from math import exp, log

from oim.features.occupations.trades import trades
from oim.features.occupations.types import Link, Occupation
from oim.features.occupations.words import terms

SURENESS = 1.2  # how fast the score of a phrase nears 1 with the weight of its terms
LATE = 0.6  # what a match far from the start keeps of its score
HALFWAY = 6.0  # terms from the start at which half of the rest is lost

Phrase = tuple[str, ...]  # terms in alphabetical order: "tomato seller" is "sell tomatoes"


@dataclass(frozen=True, slots=True)
class Index:
    """Phrases in one language's stems, the trades they name, and the weight of each term (rare: 1)."""

    phrases: dict[Phrase, tuple[Occupation, ...]]
    weights: dict[str, float]
    longest: int

    def strength(self, phrase: Phrase) -> float:
        """How surely a phrase names its trades, 0 to 1."""
        return 1.0 - exp(-SURENESS * sum(self.weights[term] for term in phrase))


@dataclass(frozen=True, slots=True)
class Match:
    """A phrase found in a text: its place in terms, what it names, its score."""

    start: int
    end: int
    occupations: tuple[Occupation, ...]
    score: float


def link(text: str, limit: int = 3) -> tuple[Link, ...]:
    """The occupations that a French or English text names, surest first, one an ISCO-08 unit group.

    A phrase counts more the longer and rarer it is, the nearer to the start, the more of the text it is.
    """
    found = [
        match
        for index, stems in zip(_indexes(), terms(text), strict=True)
        for match in _matches(index, stems)
    ]
    best: dict[str, Link] = {}
    for match in _longest(found):
        for occupation in match.occupations:
            if occupation.isco not in best or best[occupation.isco].score < match.score:
                best[occupation.isco] = Link(occupation, round(match.score, 4))
    return tuple(sorted(best.values(), key=lambda named: -named.score)[:limit])


@cache
def _indexes() -> tuple[Index, Index]:
    """The index of French stems and that of English stems."""
    named: tuple[dict[Phrase, dict[Occupation, None]], ...] = (defaultdict(dict), defaultdict(dict))
    for trade in trades():
        for text in trade.phrases:
            for phrases, stems in zip(named, terms(text), strict=True):
                phrases[tuple(sorted(stems))][trade.occupation] = None
    french, english = (_index({key: tuple(value) for key, value in phrases.items()}) for phrases in named)
    return french, english


def _index(phrases: dict[Phrase, tuple[Occupation, ...]]) -> Index:
    groups: dict[str, set[str]] = defaultdict(set)
    for phrase, occupations in phrases.items():
        for term in phrase:
            groups[term].update(occupation.isco for occupation in occupations)
    weights = {term: 1.0 / (1.0 + log(len(codes))) for term, codes in groups.items()}
    return Index(phrases, weights, max(map(len, phrases)))


def _matches(index: Index, stems: list[str]) -> Iterator[Match]:
    for start in range(len(stems)):
        for end in range(start + 1, min(start + index.longest, len(stems)) + 1):
            if stems[end - 1] not in index.weights:
                break
            phrase = tuple(sorted(stems[start:end]))
            occupations = index.phrases.get(phrase)
            if occupations:
                score = _score(index.strength(phrase), start, (end - start) / len(stems))
                yield Match(start, end, occupations, score)


def _score(strength: float, start: int, share: float) -> float:
    """A phrase's strength, raised by its share of the text, lowered by its distance from the start."""
    nearness = LATE + (1.0 - LATE) / (1.0 + start / HALFWAY)
    return (strength + (1.0 - strength) * share / 2.0) * nearness


def _longest(found: list[Match]) -> Iterator[Match]:
    """Every match but those that a longer one overlaps."""
    taken: dict[int, tuple[int, int]] = {}
    for match in sorted(found, key=lambda match: (match.start - match.end, match.start)):
        span = (match.start, match.end)
        if all(taken.get(position, span) == span for position in range(*span)):
            taken.update(dict.fromkeys(range(*span), span))
            yield match
