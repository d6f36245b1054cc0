"""Sentences made comparable, phrases sought in them, and the original words around what was found."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from oim.kit.text import fold

EXCERPT = 120  # characters at most
_ENDS = re.compile(r"(?<=[.!?;…])\s+|\s*[\r\n]+\s*")
_LONGEST = 500  # characters: nobody's text without a full stop makes the patterns slow
_PARTS = re.compile(rf".{{1,{_LONGEST}}}(?:\s+|$)|.{{{_LONGEST}}}", re.DOTALL)
_MORE = "…"


@dataclass(frozen=True)
class Sentence:
    """One sentence as written, and folded."""

    original: str

    @cached_property
    def folded(self) -> str:
        """The words folded, as `fold` does it."""
        return fold(self.original)

    def excerpt(self, start: int, end: int) -> str:
        """The original words around a part of the folded ones, in at most 120 characters."""
        words = self.original.split()
        if len(whole := " ".join(words)) <= EXCERPT:
            return whole
        starts = list(accumulate((len(folded) + bool(folded) for folded in map(fold, words)), initial=0))
        first, last = bisect_right(starts, start) - 1, bisect_right(starts, end - 1) - 1
        return _widened(words, min(first, len(words) - 1), min(last, len(words) - 1))


def _widened(words: list[str], first: int, last: int) -> str:
    """The words from first to last and as many around them as there is room for."""
    while True:
        wider = max(first - 1, 0), min(last + 1, len(words) - 1)
        if wider == (first, last) or len(_cut(words, *wider)) > EXCERPT:
            break
        first, last = wider
    said = _cut(words, first, last)
    return said if len(said) <= EXCERPT else said[: EXCERPT - 1] + _MORE


def _cut(words: list[str], first: int, last: int) -> str:
    before = _MORE if first else ""
    return before + " ".join(words[first : last + 1]) + (_MORE if last < len(words) - 1 else "")


def sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences of a text; a line that ends ends one, and so do 500 characters."""
    return tuple(
        Sentence(part) for said in _ENDS.split(text) for part in _PARTS.findall(said) if part.strip()
    )


@dataclass(frozen=True, slots=True)
class Phrases:
    """Patterns over folded sentences, and those that lift them where the two overlap.

    "Aucun frais de dossier" holds "frais de dossier", and takes it back. Sentences in which `about` finds
    nothing are passed over, which is most of them.
    """

    about: re.Pattern[str]
    said: tuple[re.Pattern[str], ...]
    lifted: tuple[re.Pattern[str], ...]

    def found(self, within: Iterable[Sentence]) -> str | None:
        """The words around the first phrase that nothing lifts, or None."""
        for sentence in within:
            for start, end in self._spans(sentence.folded):
                return sentence.excerpt(start, end)
        return None

    def _spans(self, folded: str) -> Iterator[tuple[int, int]]:
        if not self.about.search(folded):
            return
        found = [match.span() for pattern in self.said for match in pattern.finditer(folded)]
        lifted = self.lifted if found else ()
        spared = [match.span() for pattern in lifted for match in pattern.finditer(folded)]
        for start, end in sorted(found):
            if not any(start < till and since < end for since, till in spared):
                yield start, end
