"""Sentences made comparable, phrases sought in them, and the original words around what was found."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from itertools import accumulate
from typing import Any

from oim.kit.text import fold

MAX_EXCERPT_LENGTH = 120  # characters at most
_SENTENCE_END = re.compile(r"(?<=[.!?;…])\s+|\s*[\r\n]+\s*")
_MAX_SENTENCE_LENGTH = 500  # characters: nobody's text without a full stop makes the patterns slow
_SENTENCE_PART = re.compile(rf".{{1,{_MAX_SENTENCE_LENGTH}}}(?:\s+|$)|.{{{_MAX_SENTENCE_LENGTH}}}", re.DOTALL)
_ELLIPSIS = "…"
_NAME = re.compile(r"<([a-z_]+)>")
_COMMA = re.compile(r",\s+")


@dataclass(frozen=True)
class Sentence:
    """One sentence as written, and folded."""

    original: str

    @cached_property
    def folded_text(self) -> str:
        """The words folded, as `fold` does it."""
        return fold(self.original)

    def excerpt(self, start: int, end: int) -> str:
        """The original words around a part of the folded ones, in at most 120 characters."""
        words = self.original.split()
        if len(whole := " ".join(words)) <= MAX_EXCERPT_LENGTH:
            return whole
        starts = list(accumulate((len(folded) + bool(folded) for folded in map(fold, words)), initial=0))
        first, last = bisect_right(starts, start) - 1, bisect_right(starts, end - 1) - 1
        return _widen(words, min(first, len(words) - 1), min(last, len(words) - 1))


def _widen(words: list[str], first: int, last: int) -> str:
    """The words from first to last and as many around them as there is room for."""
    while True:
        wider = max(first - 1, 0), min(last + 1, len(words) - 1)
        if wider == (first, last) or len(_join_words(words, *wider)) > MAX_EXCERPT_LENGTH:
            break
        first, last = wider
    said = _join_words(words, first, last)
    return said if len(said) <= MAX_EXCERPT_LENGTH else said[: MAX_EXCERPT_LENGTH - 1] + _ELLIPSIS


def _join_words(words: list[str], first: int, last: int) -> str:
    before = _ELLIPSIS if first else ""
    return before + " ".join(words[first : last + 1]) + (_ELLIPSIS if last < len(words) - 1 else "")


def split_sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences of a text; a line that ends ends one, and so do 500 characters."""
    return tuple(
        Sentence(part)
        for said in _SENTENCE_END.split(text)
        for part in _SENTENCE_PART.findall(said)
        if part.strip()
    )


@dataclass(frozen=True, slots=True)
class Phrases:
    """Patterns over folded sentences, and those that lift them where the two overlap.

    "Aucun frais de dossier" holds "frais de dossier", and takes it back. Sentences in which `about` finds
    nothing are passed over, which is most of them.
    """

    prefilter: re.Pattern[str]
    patterns: tuple[re.Pattern[str], ...]
    exceptions: tuple[re.Pattern[str], ...]

    def find_excerpt(self, sentences: Iterable[Sentence]) -> str | None:
        """The words around the first phrase that nothing lifts, or None."""
        for sentence in sentences:
            for start, end in self._find_spans(sentence.folded_text):
                return sentence.excerpt(start, end)
        return None

    def _find_spans(self, folded_text: str) -> Iterator[tuple[int, int]]:
        if not self.prefilter.search(folded_text):
            return
        found = [match.span() for pattern in self.patterns for match in pattern.finditer(folded_text)]
        lifted = self.exceptions if found else ()
        spared = [match.span() for pattern in lifted for match in pattern.finditer(folded_text)]
        for start, end in sorted(found):
            if not any(start < till and since < end for since, till in spared):
                yield start, end


def compile_pattern(name: str) -> re.Pattern[str]:
    """One of the named patterns."""
    return re.compile(_expand(f"<{name}>"))


def load_phrases(name: str) -> Phrases:
    """Phrases by their name. Each begins where a word does."""
    table = _load_tables()["phrases"][name]
    lifted = [one for lift in table["lifted_by"] for one in _load_tables()["lifts"][lift]]
    return Phrases(
        re.compile(_expand(table["about"])),
        tuple(_compile_at_word_start(one) for one in table["said"]),
        tuple(_compile_at_word_start(one) for one in lifted),
    )


def _compile_at_word_start(source: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{_expand(source)})")


def _expand(source: str) -> str:
    return _NAME.sub(lambda found: _expand_name(found[1]), source)


@cache
def _expand_name(name: str) -> str:
    tables = _load_tables()
    if name in tables["words"]:
        return f"(?:{'|'.join(_COMMA.split(tables['words'][name].strip()))})"
    return _expand(tables["patterns"][name])


@cache
def _load_tables() -> dict[str, Any]:
    text = (resources.files("oim.features.trust.screening") / "phrases.toml").read_text("utf-8")
    return tomllib.loads(text)
