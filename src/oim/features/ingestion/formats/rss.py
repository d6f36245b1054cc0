"""RSS 2.0 and Atom, with the `job_listing:` names of WP Job Manager."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

from oim.features.ingestion.formats import xml
from oim.features.ingestion.records import Record, Reject


def recognises_rss(text: str) -> bool:
    """Whether the root is a feed's."""
    return xml.root_name(text) in {"rss", "feed", "rdf:rdf"}


def read_rss(text: TextIO) -> Iterator[Record | Reject]:
    """Every item or entry."""
    return xml._read_items(text, frozenset({"item", "entry"}))
