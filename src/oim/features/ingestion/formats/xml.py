"""XML read item by item: what has been read is let go, so a feed of any length fits in memory.

Entities that a file declares itself are refused (defusedxml).
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
PROLOGUE = re.compile(r"\s*(?:<\?.*?\?>|<!--.*?-->|\s)*", re.DOTALL)
FIRST_TAG = re.compile(r"<!doctype\s+([\w:]+)|<([\w:.-]+)", re.IGNORECASE)
# Characters that XML forbids and feeds hold all the same.
FORBIDDEN = dict.fromkeys([*(set(range(32)) - {9, 10, 13}), 0xFFFE, 0xFFFF], " ")


def root_name(text: str) -> str:
    """The name of the first element or document type, in small letters; empty where there is none."""
    prologue = PROLOGUE.match(text)
    tag = FIRST_TAG.match(text, prologue.end() if prologue else 0)
    return (tag[1] or tag[2]).lower() if tag else ""


class _ItemTooLong(Exception):
    """One item is longer than any offer."""


class _LimitedText:
    """A text for the parser, without forbidden characters; it stops at an item that does not end."""

    def __init__(self, text: PeekableText) -> None:
        self._text = text
        self.item_length = 0

    def read(self, size: int = -1, /) -> str:
        part = self._text.read(size)
        self.item_length += len(part)
        if self.item_length > MAX_ITEM_LENGTH:
            raise _ItemTooLong
        return part.translate(FORBIDDEN)


def _read_items(text: PeekableText, tags: frozenset[str]) -> Iterator[Record | Reject]:
    """Every element with one of `tags`, as its children's texts by name (`prefix:name` where prefixed).

    Raises BadInputError for a file that declares entities.
    """
    source = _LimitedText(text)
    number = 0
    try:
        for number, fields in enumerate(_iterate_items(source, tags), 1):
            yield Record(number, fields)
            source.item_length = 0
    except DefusedXmlException as error:
        raise BadInputError(mark("The XML declares its own entities, which is not accepted.")) from error
    except (ParseError, _ItemTooLong) as error:
        yield make_reject(number + 1, "broken-file", str(error), "")


def _iterate_items(source: _LimitedText, tags: frozenset[str]) -> Iterator[dict[str, Any]]:
    prefixes: dict[str, str] = {}
    open_: list[Element] = []
    inside = False
    for event, thing in iterparse(source, events=("start-ns", "start", "end")):
        if event == "start-ns":
            prefixes[thing[1]] = thing[0]
            continue
        if event == "start":
            open_.append(thing)
            inside = inside or _local_name(thing) in tags
            continue
        open_.pop()
        if _local_name(thing) in tags:
            yield _item_fields(thing, prefixes)
            inside = False
        if open_ and not inside:
            open_[-1].clear()


def _local_name(element: Element) -> str:
    return element.tag.rpartition("}")[2].lower()


def _item_fields(item: Element, prefixes: dict[str, str]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for child in item:
        name, value = _prefixed_name(child, prefixes), _element_text(child)
        if name in fields and value:
            known = fields[name]
            fields[name] = [*known, value] if isinstance(known, list) else [known, value]
        elif value:
            fields[name] = value
    return fields


def _prefixed_name(element: Element, prefixes: dict[str, str]) -> str:
    uri, _, local = element.tag.rpartition("}")
    prefix = prefixes.get(uri.lstrip("{"), "")
    return f"{prefix}:{local}" if prefix else local


def _element_text(element: Element) -> str:
    """An element's text, else the address it points to (Atom) or the word it holds."""
    if element.get("rel", "alternate") != "alternate":
        return ""
    words = " ".join(part.strip() for part in element.itertext() if part.strip())
    return words or element.get("href", "") or element.get("term", "")


def recognises_rss(text: str) -> bool:
    """Whether the root is a feed's."""
    return root_name(text) in {"rss", "feed", "rdf:rdf"}


def read_rss(text: PeekableText) -> Iterator[Record | Reject]:
    """Every item or entry."""
    return _read_items(text, frozenset({"item", "entry"}))


def recognises_job_list(text: str) -> bool:
    """Whether the root is a list of jobs."""
    return root_name(text) in {"source", "jobs"}


def read_job_list(text: PeekableText) -> Iterator[Record | Reject]:
    """Every job."""
    return _read_items(text, frozenset({"job"}))
