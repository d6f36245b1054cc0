"""Links and telephone numbers in the description of an offer, which only a trusted one may have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import phonenumbers

HOME_COUNTRY = "CM"
# Neither quotation marks nor letters that nobody sees: what turns the direction of writing hides an address.
_URL = r"https?://[^\s<>\"«»“”\u200b-\u200f\u2028-\u202e\u2060-\u2069]+"
_AMOUNT_OR_LONGER = (
    r"\w|[ .,-]?\d|[ ]?(?:f|f?cfa|xaf|francs?)\b"  # what follows shows that it was a sum, or longer
)
_PHONE_NUMBER = rf"(?<![\w+])(?:(?:\+|00)237[ .-]?)?[26](?:[ .-]?\d){{8}}(?!{_AMOUNT_OR_LONGER})"
_LINK = re.compile(f"(?P<url>{_URL})|(?P<number>{_PHONE_NUMBER})", re.IGNORECASE)
_TRAILING_PUNCTUATION = ".,;:!?'’…*_"
_BRACKETS = {")": "(", "]": "[", "}": "{"}


@dataclass(frozen=True, slots=True)
class TextSegment:
    """A part of a text as written; `href` where it can be followed: `https://…` or `tel:+237…`."""

    text: str
    href: str | None = None


def linkify(text: str, trusted: bool) -> list[TextSegment]:
    """The pieces of a text in order; together they are the text. Nothing is a link unless it is trusted."""
    if not trusted:
        return [TextSegment(text)] if text else []
    pieces, done = [], 0
    for start, end, href in _find_links(text):
        pieces += [TextSegment(text[done:start]), TextSegment(text[start:end], href)]
        done = end
    return [piece for piece in (*pieces, TextSegment(text[done:])) if piece.text]


def _find_links(text: str) -> Iterator[tuple[int, int, str]]:
    for found in _LINK.finditer(text):
        said = found[0] if found["number"] else _strip_trailing(found[0])
        href = _to_tel_uri(said) if found["number"] else _safe_url(said)
        if href:
            yield found.start(), found.start() + len(said), href


def _strip_trailing(url: str) -> str:
    """An address without the punctuation of the sentence around it."""
    while url[-1] in _TRAILING_PUNCTUATION or (
        url[-1] in _BRACKETS and url.count(url[-1]) > url.count(_BRACKETS[url[-1]])
    ):
        url = url[:-1]
    return url


def _safe_url(url: str) -> str | None:
    """An address that can be followed: of a host with a dot, and without a name before it, which misleads."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return None
    return url if "." in host.strip(".") and "@" not in parts.netloc else None


def _to_tel_uri(text: str) -> str | None:
    number = phonenumbers.parse(text, HOME_COUNTRY)
    if not phonenumbers.is_valid_number(number):
        return None
    return f"tel:{phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)}"
