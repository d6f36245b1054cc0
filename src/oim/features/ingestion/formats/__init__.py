"""The formats that offers come in: how each is recognised and read, one module a format, one table.

What the fields of a record mean is `mapping`'s matter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from oim.features.ingestion.formats import csv, jsonl, jsonld, xml
from oim.features.ingestion.records import Record, Reject
from oim.features.ingestion.text_stream import PeekableText
from oim.kit.errors import BadInputError
from oim.kit.i18n import mark


@dataclass(frozen=True, slots=True)
class Format:
    """How a format is told from a file's first characters, and how its records are read, one by one."""

    recognises: Callable[[str], bool]
    read: Callable[[PeekableText], Iterator[Record | Reject]]


# In the order in which they are tried: almost any text could pass for CSV.
FORMATS = {
    "rss": Format(xml.recognises_rss, xml.read_rss),
    "indeed": Format(xml.recognises_job_list, xml.read_job_list),
    "jsonld": Format(jsonld.recognises, jsonld.read),
    "jsonl": Format(jsonl.recognises, jsonl.read),
    "csv": Format(csv.recognises, csv.read),
}


def match_format(head: str, name: str) -> str:
    """The format of a document whose text begins with `head`. Raises BadInputError."""
    for format_name, form in FORMATS.items():
        if form.recognises(head):
            return format_name
    raise BadInputError(
        mark(
            "%(file)s is in no known format. Known are CSV, JSON Lines, RSS or Atom, "
            "job XML, and HTML pages with JSON-LD."
        ),
        file=name,
    )
