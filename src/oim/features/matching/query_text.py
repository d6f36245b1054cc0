"""The part of a text that is searched by: all of a short one, the core of a long one.

Embedding takes time by the length of a text, and a whole letter or CV says less by its vector than the trade
and the wish in it. Place, trade, kind and status are read from the whole text before: see `understanding`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from oim.kit.text import fold

# Characters: 96 tokens of French, which embedders read of a query, are some 380. Embedders cut at this length
# too before they count tokens, which takes time.
MAX_QUERY_LENGTH = 480
MAX_STEMS = 128  # distinct stems of a query, each looked up in the index and compared with every candidate
# A line that goes on in lower case is the same sentence, as letters are pasted with broken lines.
_SENTENCE_END = re.compile(r"(?<=[.!?;])\s+|\n(?![a-zà-ÿ])\s*")
# Sentences in which people say what they want. They stand anywhere in a letter, and rarely at its beginning.
_WISH = re.compile(
    r"\b(cherch\w*|recherch\w*|souhait\w*|voudrai\w*|veux|aimerai\w*|objectifs?|postul\w*|candidature|besoin|"
    r"looking for|seek\w*|search\w*|apply\w*|want|would like|need|objective)\b"
)


def select_query_text(text: str, trades: Sequence[str]) -> str:
    """Return a text, of a long one its core, and the names of trades after it.

    The core is made of the sentences that state a wish, then of the others in their order.
    """
    whole = ", ".join([text, *trades])
    if len(whole) <= MAX_QUERY_LENGTH:
        return whole
    # Sorting is stable: sentences of one sort stay in their order.
    sentences = sorted(_SENTENCE_END.split(text), key=lambda sentence: not _states_wish(sentence))
    # The names of all trades of a profile may be long too: half of the length is the text's in any case.
    names = _cut_at_word(", ".join(["", *trades]), MAX_QUERY_LENGTH // 2)
    return (
        _cut_at_word(" ".join(filter(None, map(str.strip, sentences))), MAX_QUERY_LENGTH - len(names)) + names
    )


def select_wishes(text: str) -> str:
    """Return the sentences of a long text that state a wish; empty for a short text, which is one wish."""
    if len(text) <= MAX_QUERY_LENGTH:
        return ""
    return " ".join(sentence.strip() for sentence in _SENTENCE_END.split(text) if _states_wish(sentence))


def _states_wish(sentence: str) -> bool:
    return _WISH.search(fold(sentence)) is not None


def limit_stems(stems: dict[str, str], first: dict[str, str]) -> dict[str, str]:
    """Return at most `MAX_STEMS` stems of a text, those of its core `first`."""
    if len(stems) <= MAX_STEMS:
        return stems
    core_first = sorted(stems, key=lambda stem: stem not in first)
    return {stem: stems[stem] for stem in islice(core_first, MAX_STEMS)}


def _cut_at_word(text: str, length: int) -> str:
    """Cut a text at the end of the last whole word within a length; one long word is cut anywhere."""
    if len(text) <= length:
        return text
    return text[: length + 1].rpartition(" ")[0].rstrip(" ,;") or text[:length]
