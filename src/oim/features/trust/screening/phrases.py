"""Search for phrases in folded sentences, with excerpts of the original words.

The phrases are in `phrases.toml`: regular expressions over folded text (lower case, no accents), in which
<name> stands for a list of words or another pattern of that file.
"""

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

MAX_EXCERPT_LENGTH = 120  # characters
# White space after a mark that ends a sentence, or line ends: "10.000 F" is not cut, "Tél. 6" is.
_SENTENCE_END = re.compile(r"(?<=[.!?;…])\s+|[\r\n]\s*")
_MAX_SENTENCE_LENGTH = 500  # characters: a text without a full stop must not make the patterns slow
# At most 500 characters up to white space; where there is none, exactly 500.
_SENTENCE_PART = re.compile(rf".{{1,{_MAX_SENTENCE_LENGTH}}}(?:\s+|$)|.{{{_MAX_SENTENCE_LENGTH}}}", re.DOTALL)
_ELLIPSIS = "…"
_NAME = re.compile(r"<([a-z_]+)>")  # <mobile_money>
_COMMA = re.compile(r",\s+")


@dataclass(frozen=True)
class Sentence:
    """One sentence as written, and the same folded for comparison."""

    original: str

    @cached_property
    def folded_text(self) -> str:
        """The sentence folded by `kit.text.fold`: lower case, no accents, single spaces."""
        return fold(self.original)

    def excerpt(self, start: int, end: int) -> str:
        """The original words around the part `start:end` of the folded text, in at most 120 characters."""
        words = self.original.split()
        if len(whole := " ".join(words)) <= MAX_EXCERPT_LENGTH:
            return whole
        # Folding changes lengths ("œ" becomes "oe"), so positions in the folded text are mapped to words:
        # `starts` holds where each word begins in it. A word that folds to nothing takes no space there.
        starts = list(accumulate((len(folded) + bool(folded) for folded in map(fold, words)), initial=0))
        first, last = bisect_right(starts, start) - 1, bisect_right(starts, end - 1) - 1
        return _widen(words, min(first, len(words) - 1), min(last, len(words) - 1))


def _widen(words: list[str], first: int, last: int) -> str:
    """Join the words from first to last, and as many around them as fit into an excerpt."""
    while True:
        wider = max(first - 1, 0), min(last + 1, len(words) - 1)
        if wider == (first, last) or len(_join_words(words, *wider)) > MAX_EXCERPT_LENGTH:
            break
        first, last = wider
    text = _join_words(words, first, last)
    # The words found may alone be too long for an excerpt.
    return text if len(text) <= MAX_EXCERPT_LENGTH else text[: MAX_EXCERPT_LENGTH - 1] + _ELLIPSIS


def _join_words(words: list[str], first: int, last: int) -> str:
    """Join the words from first to last, with an ellipsis where words are left out."""
    before = _ELLIPSIS if first else ""
    return before + " ".join(words[first : last + 1]) + (_ELLIPSIS if last < len(words) - 1 else "")


def split_sentences(text: str) -> tuple[Sentence, ...]:
    """Split a text into sentences, at punctuation, at line ends and after 500 characters."""
    return tuple(
        Sentence(part)
        for sentence in _SENTENCE_END.split(text)
        for part in _SENTENCE_PART.findall(sentence)
        if part.strip()
    )


@dataclass(frozen=True, slots=True)
class Phrases:
    """Patterns over folded sentences, and exceptions that cancel a match where the two overlap.

    "Aucun frais de dossier" contains "frais de dossier" and denies it. `prefilter` is a quick pattern: a
    sentence that it does not match, as most do not, is skipped.
    """

    prefilter: re.Pattern[str]
    patterns: tuple[re.Pattern[str], ...]
    exceptions: tuple[re.Pattern[str], ...]

    def find_excerpt(self, sentences: Iterable[Sentence]) -> str | None:
        """The original words around the first phrase that no exception cancels, or None."""
        for sentence in sentences:
            for start, end in self._find_spans(sentence.folded_text):
                return sentence.excerpt(start, end)
        return None

    def _find_spans(self, folded_text: str) -> Iterator[tuple[int, int]]:
        """The start and end of each match that no exception overlaps, in the order of the text."""
        if not self.prefilter.search(folded_text):
            return
        spans = [match.span() for pattern in self.patterns for match in pattern.finditer(folded_text)]
        exceptions = self.exceptions if spans else ()
        cancelled = [match.span() for pattern in exceptions for match in pattern.finditer(folded_text)]
        for start, end in sorted(spans):
            # Two spans overlap when each begins before the other ends.
            if not any(
                start < cancelled_end and cancelled_start < end
                for cancelled_start, cancelled_end in cancelled
            ):
                yield start, end


def compile_pattern(name: str) -> re.Pattern[str]:
    """Compile a named pattern or word list of `phrases.toml`."""
    return re.compile(_expand(f"<{name}>"))


def load_phrases(name: str) -> Phrases:
    """Compile a table [phrases.NAME] of `phrases.toml`."""
    table = _load_tables()["phrases"][name]
    exceptions = [pattern for lift in table["lifted_by"] for pattern in _load_tables()["lifts"][lift]]
    return Phrases(
        re.compile(_expand(table["about"])),
        tuple(_compile_at_word_start(pattern) for pattern in table["said"]),
        tuple(_compile_at_word_start(pattern) for pattern in exceptions),
    )


def _compile_at_word_start(source: str) -> re.Pattern[str]:
    """Compile a pattern that matches only where a word begins."""
    return re.compile(rf"\b(?:{_expand(source)})")


def _expand(source: str) -> str:
    """Replace every <name> in a pattern by what it stands for."""
    return _NAME.sub(lambda match: _expand_name(match[1]), source)


@cache
def _expand_name(name: str) -> str:
    """The regular expression that a name stands for. Raises KeyError for an unknown name."""
    tables = _load_tables()
    # [words] holds alternatives with commas between them; [patterns] holds expressions that may use names.
    if name in tables["words"]:
        return f"(?:{'|'.join(_COMMA.split(tables['words'][name].strip()))})"
    return _expand(tables["patterns"][name])


@cache
def _load_tables() -> dict[str, Any]:
    """Read `phrases.toml`, once for the process."""
    text = (resources.files("oim.features.trust.screening") / "phrases.toml").read_text("utf-8")
    return tomllib.loads(text)
