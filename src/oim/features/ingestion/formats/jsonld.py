"""Read the schema.org offers in the JSON-LD of one HTML page, at any depth of its graph."""

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

MAX_PAGE_LENGTH = 10_000_000  # characters; a page is parsed as a whole, in memory
JSON_LD_TYPE = "application/ld+json"
# Types of https://schema.org that are jobs, courses or support to businesses.
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
    """Whether a text begins like an HTML page, or is a part of one with JSON-LD."""
    return xml.root_name(text) == "html" or (text.lstrip().startswith("<") and JSON_LD_TYPE in text)


def read(text: PeekableText) -> Iterator[Record | Reject]:
    """Yield every offer of the page, in order. Raises BadInputError for a page over 10 MB."""
    html = text.read(MAX_PAGE_LENGTH + 1)
    if len(html) > MAX_PAGE_LENGTH:
        raise BadInputError(mark("A page over 10 MB cannot be read."))
    page = LexborHTMLParser(html)
    items = [item for block in _find_blocks(page) for item in _find_offers(block)]
    # With several offers the address of the page is that of a list, and would be the same for all of them.
    if len(items) == 1 and isinstance(items[0], dict):
        _add_canonical_url(items[0], page)
    for number, item in enumerate(items, 1):
        if isinstance(item, dict):
            yield Record(number, item)
        else:
            yield make_reject(number, "broken-json", "", item)


def _find_blocks(page: LexborHTMLParser) -> Iterator[str]:
    """Yield the text of every JSON-LD script of the page."""
    for node in page.css("script[type]"):
        # The type may have parameters: "application/ld+json; charset=utf-8".
        if (node.attributes.get("type") or "").partition(";")[0].strip().lower() == JSON_LD_TYPE:
            yield node.text()


def _find_offers(block: str) -> Iterator[dict[str, Any] | str]:
    """Yield the offers of one block in the order of the page; the block itself where it is not JSON.

    Offers may be at the top, in "@graph", in lists or within other nodes; one within an offer is ignored.
    """
    try:
        # Not strict: pages have line breaks within strings, which JSON forbids.
        pending = deque([json.loads(block, strict=False)])
    except (ValueError, RecursionError):
        yield block
        return
    # Depth first without recursion. `extendleft` reverses what it adds, so the values are reversed before to
    # come out in the order of the page.
    while pending:
        value = pending.popleft()
        if isinstance(value, dict) and _types_of_node(value) & OFFER_TYPES:
            yield value
        elif isinstance(value, dict):
            pending.extendleft(reversed(value.values()))
        elif isinstance(value, list):
            pending.extendleft(reversed(value))


def _types_of_node(node: dict[str, Any]) -> set[str]:
    """Return the types of a node without their vocabulary: "https://schema.org/Grant" is "Grant"."""
    stated = node.get("@type")
    names = stated if isinstance(stated, list) else [stated]
    # The colon is for compact names: "schema:Grant" is "Grant" too.
    return {name.replace(":", "/").rpartition("/")[2] for name in names if isinstance(name, str)}


def _add_canonical_url(offer: dict[str, Any], page: LexborHTMLParser) -> None:
    """Give the only offer of a page the canonical address of the page, where it states none itself."""
    link = page.css_first("link[rel=canonical]")
    if link and link.attributes.get("href"):
        offer.setdefault("url", link.attributes["href"])
