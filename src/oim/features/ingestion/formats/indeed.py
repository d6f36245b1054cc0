"""The XML that job boards exchange: a `source` or `jobs` of `job` elements."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

from oim.features.ingestion.formats import xml
from oim.features.ingestion.records import Record, Reject


def looks(text: str) -> bool:
    """Whether the root is a list of jobs."""
    return xml.root(text) in {"source", "jobs"}


def read(text: TextIO) -> Iterator[Record | Reject]:
    """Every job."""
    return xml.items(text, frozenset({"job"}))
