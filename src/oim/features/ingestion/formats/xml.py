"""Read XML item by item: RSS 2.0 and Atom feeds, and the XML that job boards exchange.

Elements are freed once read, so a feed of any length fits in memory. A file that declares entities is
refused (defusedxml): they can expand without end or include local files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from oim.features.ingestion.records import Record, Reject, make_reject
from oim.features.ingestion.text_stream import PeekableText
from oim.kit.errors import BadInputError
from oim.kit.i18n import mark

MAX_ITEM_LENGTH = 10_000_000  # characters of one item
# What may precede the first tag: the XML declaration, processing instructions and comments.
PROLOGUE = re.compile(r"\s*(?:<\?.*?\?>|<!--.*?-->|\s)*", re.DOTALL)
# "<!DOCTYPE html" (group 1) or "<rss" (group 2).
FIRST_TAG = re.compile(r"<!doctype\s+([\w:]+)|<([\w:.-]+)", re.IGNORECASE)
# Characters that XML 1.0 forbids and feeds contain all the same: control characters and two non-characters.
FORBIDDEN = dict.fromkeys([*(set(range(32)) - {9, 10, 13}), 0xFFFE, 0xFFFF], " ")


def root_name(text: str) -> str:
    """Return the name of the first element or document type in lower case; empty where there is none."""
    prologue = PROLOGUE.match(text)
    tag = FIRST_TAG.match(text, prologue.end() if prologue else 0)
    return (tag[1] or tag[2]).lower() if tag else ""


class _ItemTooLong(Exception):
    """Signals an item longer than any offer."""


class _LimitedText:
    """A text for the parser, without forbidden characters, that stops at an item over `MAX_ITEM_LENGTH`."""

    def __init__(self, text: PeekableText) -> None:
        self._text = text
        self.item_length = 0

    def read(self, size: int = -1, /) -> str:
        """Read up to `size` characters. Raises _ItemTooLong."""
        part = self._text.read(size)
        self.item_length += len(part)
        if self.item_length > MAX_ITEM_LENGTH:
            raise _ItemTooLong
        return part.translate(FORBIDDEN)


def _read_items(text: PeekableText, tags: frozenset[str]) -> Iterator[Record | Reject]:
    """Yield every element with one of `tags` as a record of its children's texts by name.

    Names keep their prefix (`job_listing:location`). Raises BadInputError for a file that declares entities.
    """
    source = _LimitedText(text)
    number = 0
    try:
        for number, fields in enumerate(_iterate_items(source, tags), 1):
            yield Record(number, fields)
            # Counts what was read since the last item; the parser reads ahead, so it is not exact.
            source.item_length = 0
    except DefusedXmlException as error:
        raise BadInputError(mark("The XML declares its own entities, which is not accepted.")) from error
    # XML is not readable beyond its first error: the items before it are kept, and a reject ends the file.
    except (ParseError, _ItemTooLong) as error:
        yield make_reject(number + 1, "broken-file", str(error), "")


def _iterate_items(source: _LimitedText, tags: frozenset[str]) -> Iterator[dict[str, Any]]:
    """Yield the fields of each item, and free every element that was read."""
    prefixes: dict[str, str] = {}
    open_elements: list[Element] = []
    is_inside_item = False
    # For "start-ns" the parser gives a pair, prefix and namespace; for "start" and "end" an element.
    for event, node in iterparse(source, events=("start-ns", "start", "end")):
        if event == "start-ns":
            prefixes[node[1]] = node[0]
            continue
        if event == "start":
            open_elements.append(node)
            is_inside_item = is_inside_item or _local_name(node) in tags
            continue
        open_elements.pop()
        if _local_name(node) in tags:
            yield _item_fields(node, prefixes)
            is_inside_item = False
        # Drop the element from its parent, or the tree of the whole feed would stay in memory. Within an item
        # the children are still needed.
        if open_elements and not is_inside_item:
            open_elements[-1].clear()


def _local_name(element: Element) -> str:
    """Return the tag in lower case without its namespace: "{http://www.w3.org/2005/Atom}entry" is "entry"."""
    return element.tag.rpartition("}")[2].lower()


def _item_fields(item: Element, prefixes: dict[str, str]) -> dict[str, Any]:
    """Return the texts of an item's children by name; a list of texts for a name that is repeated."""
    fields: dict[str, Any] = {}
    for child in item:
        name, value = _prefixed_name(child, prefixes), _element_text(child)
        if name in fields and value:
            previous = fields[name]
            fields[name] = [*previous, value] if isinstance(previous, list) else [previous, value]
        elif value:
            fields[name] = value
    return fields


def _prefixed_name(element: Element, prefixes: dict[str, str]) -> str:
    """Return the name of an element with the prefix that the file gives to its namespace."""
    uri, _, local = element.tag.rpartition("}")
    prefix = prefixes.get(uri.lstrip("{"), "")
    return f"{prefix}:{local}" if prefix else local


def _element_text(element: Element) -> str:
    """Return the text of an element; else, in Atom, its link (`href`) or its category (`term`)."""
    # Atom links with another `rel` ("self", "edit") lead to the feed and not to the page of the offer.
    if element.get("rel", "alternate") != "alternate":
        return ""
    words = " ".join(part.strip() for part in element.itertext() if part.strip())
    return words or element.get("href", "") or element.get("term", "")


def recognises_rss(text: str) -> bool:
    """Whether the root element is that of an RSS or Atom feed."""
    return root_name(text) in {"rss", "feed", "rdf:rdf"}


def read_rss(text: PeekableText) -> Iterator[Record | Reject]:
    """Yield every item of an RSS feed, with the `job_listing:` fields of WP Job Manager, or entry of Atom."""
    return _read_items(text, frozenset({"item", "entry"}))


def recognises_job_list(text: str) -> bool:
    """Whether the root element is that of a job board's list (`source` or `jobs`)."""
    return root_name(text) in {"source", "jobs"}


def read_job_list(text: PeekableText) -> Iterator[Record | Reject]:
    """Yield every `job` element of the XML that job boards exchange."""
    return _read_items(text, frozenset({"job"}))
