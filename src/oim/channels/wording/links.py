"""Web links and telephone links in the descriptions of offers, for trusted offers only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import phonenumbers

HOME_COUNTRY = "CM"  # the country of a number without a prefix
# Up to a space, a bracket of HTML, a quotation mark or an invisible character (U+200B-200F, 2028-202E,
# 2060-2069). Among these are the marks that reverse the direction of writing: "https://a.cm/\u202egpj"
# would show another address than it opens.
_URL = r"https?://[^\s<>\"«»“”\u200b-\u200f\u2028-\u202e\u2060-\u2069]+"
# What must not follow a telephone number: it would be a longer number, or a sum ("677 123 456 FCFA").
_AMOUNT_OR_LONGER = r"\w|[ .,-]?\d|[ ]?(?:f|f?cfa|xaf|francs?)\b"
# Nine digits that start with 6 (mobile) or 2 (fixed), grouped in any way, with or without the prefix of
# Cameroon: "6 77 12 34 56", "+237 699-12-34-56", "00237677123456".
_PHONE_NUMBER = rf"(?<![\w+])(?:(?:\+|00)237[ .-]?)?[26](?:[ .-]?\d){{8}}(?!{_AMOUNT_OR_LONGER})"
_LINK = re.compile(f"(?P<url>{_URL})|(?P<number>{_PHONE_NUMBER})", re.IGNORECASE)
# The punctuation of the sentence around an address, and the `*` and `_` of emphasis.
_TRAILING_PUNCTUATION = ".,;:!?'’…*_"
_BRACKETS = {")": "(", "]": "[", "}": "{"}


@dataclass(frozen=True, slots=True)
class TextSegment:
    """A part of a text as it was written; `href` is its link, if any: `https://…` or `tel:+237…`."""

    text: str
    href: str | None = None


def linkify(text: str, trusted: bool) -> list[TextSegment]:
    """Split a text into segments, some of them links. Joined together, the segments are the text again.

    An untrusted text gets no links: they could lead people to a fraud.
    """
    if not trusted:
        return [TextSegment(text)] if text else []
    segments, position = [], 0
    for start, end, href in _find_links(text):
        segments += [TextSegment(text[position:start]), TextSegment(text[start:end], href)]
        position = end
    return [segment for segment in (*segments, TextSegment(text[position:])) if segment.text]


def _find_links(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield the start, the end and the target of each link in a text, in order."""
    for match in _LINK.finditer(text):
        link_text = match[0] if match["number"] else _strip_trailing(match[0])
        href = _to_tel_uri(link_text) if match["number"] else _to_safe_url(link_text)
        if href:
            yield match.start(), match.start() + len(link_text), href


def _strip_trailing(url: str) -> str:
    """Strip from an address the punctuation of the sentence around it."""
    # A closing bracket goes only where no opening one in the address matches it: "(https://a.cm/b)" loses it,
    # "https://a.cm/b_(c)" keeps it. It ends at the latest at the "//", which is never stripped.
    while url[-1] in _TRAILING_PUNCTUATION or (
        url[-1] in _BRACKETS and url.count(url[-1]) > url.count(_BRACKETS[url[-1]])
    ):
        url = url[:-1]
    return url


def _to_safe_url(url: str) -> str | None:
    """Return an address that is safe to link, else None.

    Its host has a dot, and no user name stands before it: "https://bank.cm@fraud.example" opens the latter.
    """
    try:
        parts = urlsplit(url)
        # `urlsplit` raises ValueError for a broken IPv6 address, and `port` for a port that is no number: the
        # port is read for that check only.
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return None
    return url if "." in host.strip(".") and "@" not in parts.netloc else None


def _to_tel_uri(text: str) -> str | None:
    """Convert a telephone number to a `tel:` URI, None where no such number is in use."""
    number = phonenumbers.parse(text, HOME_COUNTRY)
    if not phonenumbers.is_valid_number(number):
        return None
    return f"tel:{phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)}"
