"""schema.org offers in the JSON-LD of one HTML page, wherever they stand in its graph."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator
from typing import Any, TextIO

from selectolax.lexbor import LexborHTMLParser

from oim.features.ingestion.formats import xml
from oim.features.ingestion.records import Record, Reject, refuse
from oim.kit.errors import BadInputError
from oim.kit.i18n import mark

WHOLE = 10_000_000  # characters
MIME = "application/ld+json"
TYPES = frozenset(
    (
        "JobPosting",
        "EducationalOccupationalProgram",
        "Course",
        "LoanOrCredit",
        "Grant",
        "MonetaryGrant",
    )
)


def looks(text: str) -> bool:
    """Whether it is an HTML page, or a part of one that holds JSON-LD."""
    return xml.root(text) == "html" or (text.lstrip().startswith("<") and MIME in text)


def read(text: TextIO) -> Iterator[Record | Reject]:
    """Every offer of the page, in order. Raises BadInputError for a page over 10 MB."""
    html = text.read(WHOLE + 1)
    if len(html) > WHOLE:
        raise BadInputError(mark("A page over 10 MB cannot be read."))
    page = LexborHTMLParser(html)
    found = [item for block in _blocks(page) for item in _offers(block)]
    if len(found) == 1 and isinstance(found[0], dict):
        _give_address(found[0], page)
    for number, item in enumerate(found, 1):
        if isinstance(item, dict):
            yield Record(number, item)
        else:
            yield refuse(number, "broken-json", "", item)


def _blocks(page: LexborHTMLParser) -> Iterator[str]:
    for node in page.css("script[type]"):
        if (node.attributes.get("type") or "").partition(";")[0].strip().lower() == MIME:
            yield node.text()


def _offers(block: str) -> Iterator[dict[str, Any] | str]:
    """The offers of one block; a block that cannot be read, as it stands."""
    try:
        waiting = deque([json.loads(block, strict=False)])
    except (ValueError, RecursionError):
        yield block
        return
    while waiting:
        value = waiting.popleft()
        if isinstance(value, dict) and types(value) & TYPES:
            yield value
        elif isinstance(value, dict):
            waiting.extendleft(reversed(value.values()))
        elif isinstance(value, list):
            waiting.extendleft(reversed(value))


def types(node: dict[str, Any]) -> set[str]:
    """The types of a node, without the address of their vocabulary."""
    stated = node.get("@type")
    names = stated if isinstance(stated, list) else [stated]
    return {name.replace(":", "/").rpartition("/")[2] for name in names if isinstance(name, str)}


def _give_address(offer: dict[str, Any], page: LexborHTMLParser) -> None:
    """The address that the page states for itself, where its only offer states none."""
    link = page.css_first("link[rel=canonical]")
    if link and link.attributes.get("href"):
        offer.setdefault("url", link.attributes["href"])
