"""Links and telephone numbers in the description of an offer, which only a trusted one may have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import phonenumbers

HOME = "CM"
# Neither quotation marks nor letters that nobody sees: what turns the direction of writing hides an address.
_URL = r"https?://[^\s<>\"«»“”\u200b-\u200f\u2028-\u202e\u2060-\u2069]+"
_NO_NUMBER = r"\w|[ .,-]?\d|[ ]?(?:f|f?cfa|xaf|francs?)\b"  # what follows shows that it was a sum, or longer
_NUMBER = rf"(?<![\w+])(?:(?:\+|00)237[ .-]?)?[26](?:[ .-]?\d){{8}}(?!{_NO_NUMBER})"
_FOUND = re.compile(f"(?P<url>{_URL})|(?P<number>{_NUMBER})", re.IGNORECASE)
_TRAILING = ".,;:!?'’…*_"
_BRACKETS = {")": "(", "]": "[", "}": "{"}


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text as written; `href` where it can be followed: `https://…` or `tel:+237…`."""

    text: str
    href: str | None = None


def linkified(text: str, trusted: bool) -> list[Piece]:
    """The pieces of a text in order; together they are the text. Nothing is a link unless it is trusted."""
    if not trusted:
        return [Piece(text)] if text else []
    pieces, done = [], 0
    for start, end, href in _links(text):
        pieces += [Piece(text[done:start]), Piece(text[start:end], href)]
        done = end
    return [piece for piece in (*pieces, Piece(text[done:])) if piece.text]


def _links(text: str) -> Iterator[tuple[int, int, str]]:
    for found in _FOUND.finditer(text):
        said = found[0] if found["number"] else _without_trailing(found[0])
        href = _dialled(said) if found["number"] else _address(said)
        if href:
            yield found.start(), found.start() + len(said), href


def _without_trailing(url: str) -> str:
    """An address without the punctuation of the sentence around it."""
    while url[-1] in _TRAILING or (
        url[-1] in _BRACKETS and url.count(url[-1]) > url.count(_BRACKETS[url[-1]])
    ):
        url = url[:-1]
    return url


def _address(url: str) -> str | None:
    """An address that can be followed: of a host with a dot, and without a name before it, which misleads."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return None
    return url if "." in host.strip(".") and "@" not in parts.netloc else None


def _dialled(said: str) -> str | None:
    number = phonenumbers.parse(said, HOME)
    if not phonenumbers.is_valid_number(number):
        return None
    return f"tel:{phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)}"
