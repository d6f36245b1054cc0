"""Texts as people should read them: no mark-up, no control characters, nothing where a source says "N/A"."""

from __future__ import annotations

import re
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from oim.kit.text import fold

EMPTY_VALUE = re.compile(
    r"[-–—.?/\s]*|n[./]?[acd]\.?|#n/a|null|none|nan|nil|undefined|neant|not specified|"
    r"non (?:communique|precise|renseigne|specifie)e?"
)
MAX_EMPTY_VALUE_LENGTH = 20  # characters
MAX_LINE_LENGTH = 1_000  # characters: a longer name, place or sum of money is none
MAX_ITEMS = 50
BLOCK_TAGS = (
    "p|div|li|ul|ol|br|hr|h[1-6]|tr|table|section|article|header|footer|blockquote|dt|dd|dl|pre|figure|title"
)
OTHER_TAGS = (
    "a|abbr|b|body|button|center|code|em|font|form|head|html|i|iframe|img|input|label|link|main|meta|nav|s|"
    "script|small|span|strong|style|sub|sup|svg|tbody|td|th|thead|tt|u|video|o:p"
)
BLOCK_TAG = re.compile(rf"</?(?:{BLOCK_TAGS})\b[^<>]*>", re.IGNORECASE)
MARKUP = re.compile(rf"</?(?:{BLOCK_TAGS}|{OTHER_TAGS})\b[^<>]*>|<!--|&#?\w{{2,31}};", re.IGNORECASE)
INVISIBLE = re.compile(
    "[\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\u00ad\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]"
)
WEB_ADDRESS = re.compile(r"(?=.{1,2000}$)https?://[^\s/]+\S*", re.IGNORECASE)
UNESCAPE_PASSES = 3  # feeds escape their mark-up up to twice


def clean(value: Any) -> str | None:
    """One line of text, of a scalar, of a list's items, or of an object's name; None for nothing said."""
    if value is None:
        return None
    line = truncate(" ".join(strip_markup(value).split()), MAX_LINE_LENGTH)
    return None if _is_empty_value(line) else line


def clean_paragraphs(value: Any) -> str:
    """A text with its paragraphs: single line ends within, at most one empty line between."""
    lines = [" ".join(line.split()) for line in strip_markup(value).splitlines()]
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    return "" if _is_empty_value(text) else text


def _is_empty_value(text: str) -> bool:
    return len(text) <= MAX_EMPTY_VALUE_LENGTH and EMPTY_VALUE.fullmatch(fold(text)) is not None


def strip_markup(value: Any) -> str:
    """A value's text without mark-up, its line ends kept; of a list, its items one after another."""
    if isinstance(value, list):
        return ", ".join(filter(None, map(_scalar_text, value)))
    return _scalar_text(value)


def _scalar_text(value: Any) -> str:
    """The text of a scalar, or of an object's name. Values nested deeper say nothing to us."""
    if isinstance(value, dict):
        value = value.get("name") or value.get("@value")
    text = str(value) if isinstance(value, str | int | float) else ""
    for _ in range(UNESCAPE_PASSES):
        if not MARKUP.search(text):
            break
        text = _strip_tags(text)
    return INVISIBLE.sub("", text)


def _strip_tags(text: str) -> str:
    if BLOCK_TAG.search(text):
        text = BLOCK_TAG.sub(lambda tag: f"\n{tag[0]}", " ".join(text.split()))
    page = LexborHTMLParser(text)
    page.strip_tags(["script", "style", "head", "iframe"])
    return page.body.text() if page.body else ""


def split_items(value: Any) -> tuple[str, ...]:
    """The texts of a list, or of a text whose items stand between commas, semicolons or bars; 50 at most."""
    parts = value if isinstance(value, list) else re.split(r"[,;|\n]", strip_markup(value))
    return tuple(dict.fromkeys(filter(None, map(clean, parts[:MAX_ITEMS]))))


def truncate(text: str, max_length: int) -> str:
    """The text, or its words that fit in `longest` characters."""
    if len(text) <= max_length:
        return text
    words = text[: max_length + 1].rsplit(None, 1)[0]
    return words if len(words) <= max_length else text[:max_length]


def parse_url(value: Any) -> str | None:
    """A web address, the first of a list; None for any other text."""
    text = _scalar_text(value[0] if isinstance(value, list) and value else value).strip()
    return text if WEB_ADDRESS.fullmatch(text) else None
