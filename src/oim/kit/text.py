"""Texts made comparable."""

from __future__ import annotations

import re
import unicodedata

_MARKS = re.compile("[\u0300-\u036f]")


def fold(text: str) -> str:
    """Lower case, no accents, ligatures apart, straight apostrophes, single spaces."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text).replace("’", "'").replace("œ", "oe").replace("Œ", "Oe")
        text = _MARKS.sub("", text)
    return " ".join(text.casefold().split())
