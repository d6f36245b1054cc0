"""Normalisation of texts for comparison, and characters that no text of ours may hold."""

from __future__ import annotations

import re
import unicodedata

_MARKS = re.compile("[\u0300-\u036f]")  # combining marks: NFKD splits "é" into "e" and such a mark
# NUL, which PostgreSQL stores in no text, and what reverses the direction of writing (Unicode's explicit
# embeddings, overrides and isolates), by which a text can be shown as another than it is.
_LINE_CONTROLS = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]")
_CONTROLS = re.compile("[\x00\u202a-\u202e\u2066-\u2069]")


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


def has_controls(text: str) -> bool:
    """Whether a text holds NUL, or a character that changes the direction of writing."""
    return _CONTROLS.search(text) is not None


def has_line_controls(text: str) -> bool:
    """Whether a text holds a line break or another control character; a tab is none here."""
    return _LINE_CONTROLS.search(text) is not None


def remove_controls(text: str) -> str:
    """Remove NUL and the characters that change the direction of writing.

    Telephones put the latter around a number or a name that is copied: invisible, and no fault of the person.
    """
    return _CONTROLS.sub("", text)
