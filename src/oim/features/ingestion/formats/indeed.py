"""The XML that job boards exchange: a `source` or `jobs` of `job` elements."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

from oim.features.ingestion.formats import xml
from oim.features.ingestion.records import Record, Reject


def recognises_job_list(text: str) -> bool:
    """Whether the root is a list of jobs."""
    return xml.root_name(text) in {"source", "jobs"}


def read_job_list(text: TextIO) -> Iterator[Record | Reject]:
    """Every job."""
    return xml._read_items(text, frozenset({"job"}))
