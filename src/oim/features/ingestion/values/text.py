"""Clean texts for people to read: without mark-up and control characters, empty where a source says "N/A"."""

from __future__ import annotations

import re
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from oim.kit.text import fold

# Ways to write that there is no value, in folded text: "-", "...", "N/A", "n.c.", "null", "Non précisé".
EMPTY_VALUE = re.compile(
    r"[-–—.?/\s]*|n[./]?[acd]\.?|#n/a|null|none|nan|nil|undefined|neant|not specified|"
    r"non (?:communique|precise|renseigne|specifie)e?"
)
MAX_EMPTY_VALUE_LENGTH = 20  # characters
MAX_LINE_LENGTH = 1_000  # characters: a longer name, place or amount is cut
MAX_ITEMS = 50  # items of one list
# Elements that begin a line of their own in a page. The other ones only mark words within a line.
BLOCK_TAGS = (
    "p|div|li|ul|ol|br|hr|h[1-6]|tr|table|section|article|header|footer|blockquote|dt|dd|dl|pre|figure|title"
)
OTHER_TAGS = (
    "a|abbr|b|body|button|center|code|em|font|form|head|html|i|iframe|img|input|label|link|main|meta|nav|s|"
    "script|small|span|strong|style|sub|sup|svg|tbody|td|th|thead|tt|u|video|o:p"
)
BLOCK_TAG = re.compile(rf"</?(?:{BLOCK_TAGS})\b[^<>]*>", re.IGNORECASE)
# Only known tags count as mark-up, so that "a < b and c > d" stays as it is.
MARKUP = re.compile(rf"</?(?:{BLOCK_TAGS}|{OTHER_TAGS})\b[^<>]*>|<!--|&#?\w{{2,31}};", re.IGNORECASE)
# Zero-width and direction characters, soft hyphens, byte order marks, control characters but tab and line
# ends, and lone surrogates, which UTF-8 cannot encode.
INVISIBLE = re.compile(
    "[\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\u00ad\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]"
)
# http and https only ("javascript:" would be unsafe in a link), at most 2,000 characters, no spaces.
WEB_ADDRESS = re.compile(r"(?=.{1,2000}$)https?://[^\s/]+\S*", re.IGNORECASE)
# Feeds escape their mark-up up to twice ("&amp;lt;b&amp;gt;"); a third pass removes the tags themselves.
UNESCAPE_PASSES = 3


def clean(value: Any) -> str | None:
    """Return one line of text from a scalar, a list's items or an object's name; None where it is empty."""
    if value is None:
        return None
    line = truncate(" ".join(strip_markup(value).split()), MAX_LINE_LENGTH)
    return None if _is_empty_value(line) else line


def clean_paragraphs(value: Any) -> str:
    """Return a text with its paragraphs, separated by at most one empty line; empty where nothing is said."""
    lines = [" ".join(line.split()) for line in strip_markup(value).splitlines()]
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    return "" if _is_empty_value(text) else text


def _is_empty_value(text: str) -> bool:
    """Whether a text only says that there is no value."""
    return len(text) <= MAX_EMPTY_VALUE_LENGTH and EMPTY_VALUE.fullmatch(fold(text)) is not None


def strip_markup(value: Any) -> str:
    """Return a value's text without mark-up, with its line ends; the items of a list are joined by commas."""
    if isinstance(value, list):
        return ", ".join(filter(None, map(_scalar_text, value)))
    return _scalar_text(value)


def _scalar_text(value: Any) -> str:
    """Return the text of a scalar, or of an object's name; empty for values nested deeper."""
    # In JSON-LD, "@value" holds the text of a literal with a type or a language.
    if isinstance(value, dict):
        value = value.get("name") or value.get("@value")
    text = str(value) if isinstance(value, str | int | float) else ""
    for _ in range(UNESCAPE_PASSES):
        if not MARKUP.search(text):
            break
        text = _strip_tags(text)
    return INVISIBLE.sub("", text)


def _strip_tags(text: str) -> str:
    """Return the text of a piece of HTML, with a line for each block element."""
    # In HTML only block elements break a line; the line ends of its source count as spaces. A plain text with
    # a few inline tags keeps its own line ends.
    if BLOCK_TAG.search(text):
        text = BLOCK_TAG.sub(lambda tag: f"\n{tag[0]}", " ".join(text.split()))
    page = LexborHTMLParser(text)
    page.strip_tags(["script", "style", "head", "iframe"])
    return page.body.text() if page.body else ""


def split_items(value: Any) -> tuple[str, ...]:
    """Split a list, or a text at commas, semicolons, bars and line ends, into at most 50 different texts."""
    parts = value if isinstance(value, list) else re.split(r"[,;|\n]", strip_markup(value))
    return tuple(dict.fromkeys(filter(None, map(clean, parts[:MAX_ITEMS]))))


def truncate(text: str, max_length: int) -> str:
    """Cut a text after the last word that fits in `max_length` characters."""
    if len(text) <= max_length:
        return text
    # One character more: if it is a space, the last word fits as a whole.
    words = text[: max_length + 1].rsplit(None, 1)[0]
    return words if len(words) <= max_length else text[:max_length]


def parse_url(value: Any) -> str | None:
    """Return a web address, of a list the first; None for any other text."""
    text = _scalar_text(value[0] if isinstance(value, list) and value else value).strip()
    return text if WEB_ADDRESS.fullmatch(text) else None
