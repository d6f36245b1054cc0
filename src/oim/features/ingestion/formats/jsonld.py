"""schema.org offers in the JSON-LD of one HTML page, wherever they stand in its graph."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from oim.features.ingestion.formats import xml
from oim.features.ingestion.records import Record, Reject, make_reject
from oim.features.ingestion.text_stream import PeekableText
from oim.kit.errors import BadInputError
from oim.kit.i18n import mark

MAX_PAGE_LENGTH = 10_000_000  # characters
JSON_LD_TYPE = "application/ld+json"
OFFER_TYPES = frozenset(
    (
        "JobPosting",
        "EducationalOccupationalProgram",
        "Course",
        "LoanOrCredit",
        "Grant",
        "MonetaryGrant",
    )
)


def recognises(text: str) -> bool:
    """Whether it is an HTML page, or a part of one that holds JSON-LD."""
    return xml.root_name(text) == "html" or (text.lstrip().startswith("<") and JSON_LD_TYPE in text)


def read(text: PeekableText) -> Iterator[Record | Reject]:
    """Every offer of the page, in order. Raises BadInputError for a page over 10 MB."""
    html = text.read(MAX_PAGE_LENGTH + 1)
    if len(html) > MAX_PAGE_LENGTH:
        raise BadInputError(mark("A page over 10 MB cannot be read."))
    page = LexborHTMLParser(html)
    found = [item for block in _find_blocks(page) for item in _find_offers(block)]
    if len(found) == 1 and isinstance(found[0], dict):
        _add_canonical_url(found[0], page)
    for number, item in enumerate(found, 1):
        if isinstance(item, dict):
            yield Record(number, item)
        else:
            yield make_reject(number, "broken-json", "", item)


def _find_blocks(page: LexborHTMLParser) -> Iterator[str]:
    for node in page.css("script[type]"):
        if (node.attributes.get("type") or "").partition(";")[0].strip().lower() == JSON_LD_TYPE:
            yield node.text()


def _find_offers(block: str) -> Iterator[dict[str, Any] | str]:
    """The offers of one block; a block that cannot be read, as it stands."""
    try:
        waiting = deque([json.loads(block, strict=False)])
    except (ValueError, RecursionError):
        yield block
        return
    while waiting:
        value = waiting.popleft()
        if isinstance(value, dict) and _types_of_node(value) & OFFER_TYPES:
            yield value
        elif isinstance(value, dict):
            waiting.extendleft(reversed(value.values()))
        elif isinstance(value, list):
            waiting.extendleft(reversed(value))


def _types_of_node(node: dict[str, Any]) -> set[str]:
    """The types of a node, without the address of their vocabulary."""
    stated = node.get("@type")
    names = stated if isinstance(stated, list) else [stated]
    return {name.replace(":", "/").rpartition("/")[2] for name in names if isinstance(name, str)}


def _add_canonical_url(offer: dict[str, Any], page: LexborHTMLParser) -> None:
    """The address that the page states for itself, where its only offer states none."""
    link = page.css_first("link[rel=canonical]")
    if link and link.attributes.get("href"):
        offer.setdefault("url", link.attributes["href"])
