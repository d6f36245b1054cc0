"""Normalisation of texts for comparison."""

from __future__ import annotations

import re
import unicodedata

_MARKS = re.compile("[\u0300-\u036f]")  # combining marks: NFKD splits "é" into "e" and such a mark


def fold(text: str) -> str:
    """Fold a text: lower case, no accents, ligatures split, straight apostrophes, single spaces.

    `"  Éleveur\\tde  Bœufs "` becomes `eleveur de boeufs`. Folding twice changes nothing.
    """
    if not text.isascii():  # most texts of a query are, and are folded faster without this
        # NFKD leaves œ whole, though it splits other ligatures such as ﬁ. It comes first, since it turns a
        # few rare letters into œ.
        text = unicodedata.normalize("NFKD", text).replace("’", "'").replace("œ", "oe").replace("Œ", "Oe")
        text = _MARKS.sub("", text)
    return " ".join(text.casefold().split())
