"""A text as folded words with their places in it, for readers that look for what people say."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from oim.kit.text import fold

# Words, and the marks at which a sentence or its part ends. Other marks, apostrophes too, only part words.
_TOKEN = re.compile(r"\w+|[.,;:!?()\n]")


@dataclass(frozen=True, slots=True)
class WordText:
    """A text with its normal form: folded words and marks, each once, with one space between.

    `starts` are where each token begins in the normal form, `spans` where it stands in the text itself.
    """

    text: str
    normal: str
    starts: tuple[int, ...]
    spans: tuple[tuple[int, int], ...]

    def cut(self, start: int, end: int) -> str:
        """The part of the text itself whose words stand from `start` up to `end` in the normal form."""
        first, last = bisect_left(self.starts, start), bisect_right(self.starts, end - 1) - 1
        return self.text[self.spans[first][0] : self.spans[last][1]] if first <= last else ""

    def remove(self, ranges: Iterable[tuple[int, int]]) -> str:
        """The text itself without the words that stand in some ranges of the normal form."""
        gone = {
            index
            for start, end in ranges
            for index in range(bisect_left(self.starts, start), bisect_left(self.starts, end))
        }
        pieces, position = [], 0
        for index in sorted(gone):
            start, end = self.spans[index]
            pieces.append(self.text[position:start])
            position = end
        return "".join([*pieces, self.text[position:]])


def split_words(text: str) -> WordText:
    """Split a text into words and marks."""
    matches = list(_TOKEN.finditer(text))
    tokens = ["." if match.group() == "\n" else fold(match.group()) for match in matches]
    starts, position = [], 0
    for token in tokens:
        starts.append(position)
        position += len(token) + 1
    return WordText(text, " ".join(tokens), tuple(starts), tuple(match.span() for match in matches))
