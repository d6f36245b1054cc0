"""Texts in the default alphabet of GSM 03.38 (3GPP TS 23.038), which any phone shows, and their length."""

from __future__ import annotations

import re
from unicodedata import combining, normalize

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[~]|€")  # each sent as two characters
_QUOTES = re.compile(r"[«“]\s*|\s*[»”]")
_REPLACEMENTS = str.maketrans(
    {
        "’": "'", "‘": "'", "–": "-", "—": "-", "‑": "-",
        "…": "...", "œ": "oe", "Œ": "OE", "·": "-", "•": "-", "→": ">", "\u00a0": " ", "\u202f": " ",
        "\t": " ", "\n": " ", "\r": " ",
    }
)  # fmt: skip
ELLIPSIS = "..."


def to_gsm(text: str) -> str:
    """The text in that alphabet. An accent that it lacks is left out (ê: e), another sign becomes `?`."""
    quoted = _QUOTES.sub('"', normalize("NFC", text))
    return "".join(map(_to_gsm_character, quoted.translate(_REPLACEMENTS))).strip()


def gsm_length(text: str) -> int:
    """How many characters a text takes once sent."""
    return len(text) + sum(sign in _EXTENDED for sign in text)


def truncate(text: str, max_length: int) -> str:
    """The text in at most so many characters: cut after a word, else, in one long word, anywhere."""
    if gsm_length(text) <= max_length:
        return text
    held = text
    while gsm_length(held) > max_length - len(ELLIPSIS):
        held = held[:-1]
    whole = held if text[len(held)].isspace() else held.rpartition(" ")[0]
    if "(" in whole and ")" not in whole.rpartition("(")[2]:
        whole = whole.rpartition("(")[0]
    return (whole or held).rstrip(" ,;:-(") + ELLIPSIS


def _to_gsm_character(sign: str) -> str:
    if sign in _BASIC or sign in _EXTENDED:
        return sign
    bare = "".join(part for part in normalize("NFKD", sign) if not combining(part))
    return bare if bare and all(part in _BASIC for part in bare) else "" if combining(sign) else "?"
