"""The file formats of offers: how each is recognised and read. One table, `FORMATS`, lists them all.

Readers yield records under the source's own field names; `mapping` maps these to ours.
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
    """Functions that recognise a format by a file's first characters and read its records one by one."""

    recognises: Callable[[str], bool]
    read: Callable[[PeekableText], Iterator[Record | Reject]]


NO_ROWS = mark("%(file)s has no rows: its first line names the columns, and nothing follows it.")
CSV_NAMES = (".csv", ".tsv", ".csv.gz", ".tsv.gz")
# In the order in which they are tried. Feeds come before HTML pages: a feed whose items quote JSON-LD would
# pass for a page. CSV is last: almost any text with a comma could pass for CSV.
FORMATS = {
    "rss": Format(xml.recognises_rss, xml.read_rss),
    "indeed": Format(xml.recognises_job_list, xml.read_job_list),
    "jsonld": Format(jsonld.recognises, jsonld.read),
    "jsonl": Format(jsonl.recognises, jsonl.read),
    "csv": Format(csv.recognises, csv.read),
}


def match_format(head: str, name: str) -> str:
    """Return the format of a document whose text begins with `head`. Raises BadInputError if unknown."""
    for format_name, candidate in FORMATS.items():
        if candidate.recognises(head):
            return format_name
    if name.lower().endswith(CSV_NAMES) and csv.is_lone_header(head):
        raise BadInputError(NO_ROWS, file=name)
    raise BadInputError(
        mark(
            "%(file)s is in no known format. Known are CSV, JSON Lines, RSS or Atom, "
            "job XML, and HTML pages with JSON-LD."
        ),
        file=name,
    )
