"""Conversion of texts to the default alphabet of GSM 03.38 (3GPP TS 23.038), which every phone shows."""

from __future__ import annotations

import re
from unicodedata import combining, normalize

# The basic set of 3GPP TS 23.038, section 6.2.1: one septet a character.
_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# The extension table, section 6.2.1.1: each is sent as two septets, an escape and the character.
_EXTENDED = frozenset("^{}\\[~]|€")
# Quotation marks with the space that French puts inside them: « mot », “word”.
_QUOTES = re.compile(r"[«“]\s?|\s?[»”]")
# Typographic characters that the alphabet lacks. Line breaks go too, although it has them: one line only.
_REPLACEMENTS = str.maketrans(
    {
        "’": "'", "‘": "'", "–": "-", "—": "-", "‑": "-",
        "…": "...", "œ": "oe", "Œ": "OE", "·": "-", "•": "-", "→": ">", "\u00a0": " ", "\u202f": " ",
        "\t": " ", "\n": " ", "\r": " ",
    }
)  # fmt: skip
ELLIPSIS = "..."


def to_gsm(text: str) -> str:
    """Convert a text to the alphabet: accents that it lacks are dropped (ê: e), other signs become `?`."""
    # NFC first: an e and a combining acute must become the é that the alphabet has.
    quoted = _QUOTES.sub('"', normalize("NFC", text))
    return "".join(map(_to_gsm_character, quoted.translate(_REPLACEMENTS))).strip()


def gsm_length(text: str) -> int:
    """Count the septets a text takes when sent. An SMS holds 160, or 153 where it is one of several."""
    return len(text) + sum(sign in _EXTENDED for sign in text)


def truncate_gsm(text: str, max_length: int) -> str:
    """Cut a text to `max_length` septets, `...` included: after a whole word if there is one."""
    if gsm_length(text) <= max_length:
        return text
    # One by one from the end, since characters differ in length.
    prefix = text
    while gsm_length(prefix) > max_length - len(ELLIPSIS):
        prefix = prefix[:-1]
    whole_words = prefix if text[len(prefix)].isspace() else prefix.rpartition(" ")[0]
    # A parenthesis that the cut leaves open goes as a whole: "niveau (bac," becomes "niveau...".
    if "(" in whole_words and ")" not in whole_words.rpartition("(")[2]:
        whole_words = whole_words.rpartition("(")[0]
    return (whole_words or prefix).rstrip(" ,;:-(") + ELLIPSIS


def _to_gsm_character(sign: str) -> str:
    """Convert one character, after the replacements."""
    if sign in _BASIC or sign in _EXTENDED:
        return sign
    # NFKD splits a character into its letter and its accents: ê becomes e and U+0302, which is dropped. An
    # accent alone, left over from a letter that NFC could not join, becomes nothing instead of `?`.
    bare = "".join(part for part in normalize("NFKD", sign) if not combining(part))
    return bare if bare and all(part in _BASIC for part in bare) else "" if combining(sign) else "?"
