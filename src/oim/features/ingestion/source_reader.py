"""Open a document as a source of offers: detect its format, choose its mapping, then read its records.

Each record becomes a draft or a reject as it is read, so a CSV file or feed of any length fits in memory.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import chain, islice

from oim.features.ingestion.column_contents import Guess
from oim.features.ingestion.column_guess import guess_mapping, no_title_error
from oim.features.ingestion.formats import FORMATS, NO_ROWS, match_format
from oim.features.ingestion.mapping import Mapping, apply_mapping, find_mapping
from oim.features.ingestion.normalisation import Origin, normalise
from oim.features.ingestion.records import Record, Reject, make_reject
from oim.features.ingestion.sample import generate_records as sample_records
from oim.features.ingestion.text_stream import RawDocument, open_document
from oim.features.opportunities import Draft
from oim.kit.errors import BadInputError
from oim.kit.i18n import mark

# Records read ahead, from which the mapping is guessed before the first draft.
SAMPLE_SIZE = 200


@dataclass(slots=True)
class SourceReader:
    """A document of a known format that is being read. `guesses` is empty where the mapping was declared."""

    name: str
    format: str
    encoding: str
    mapping: Mapping
    guesses: list[Guess]
    bytes_total: int | None  # None where the source does not say
    _items: Iterator[Record | Reject]
    _position: Callable[[], int]

    def drafts(self) -> Iterator[Draft | Reject]:
        """Yield a draft or a reject for every record, in order and one at a time.

        Only the first call yields anything: the bytes of the document can be read once.
        """
        for item in self._items:
            if isinstance(item, Reject):
                yield item
            else:
                origin = Origin(self.name, self.format, self.mapping.name, item.number)
                yield normalise(apply_mapping(self.mapping, item), origin)

    def bytes_read(self) -> int:
        """How many bytes of the document were read, before unpacking; what is buffered ahead is included."""
        return self._position()


@contextmanager
def open_source(document: RawDocument, source: str, mapping: Mapping | None = None) -> Iterator[SourceReader]:
    """Open a document of a source for reading within the `with` block.

    The mapping is `mapping` if passed, else the one declared for the source, else one guessed from the first
    records. Raises BadInputError for a document that cannot be read as offers.
    """
    with open_document(document) as opened:
        format_name = match_format(opened.head, document.name)
        items = _read_until_broken(FORMATS[format_name].read(opened.text))
        sample = list(islice(items, SAMPLE_SIZE))
        records = [item for item in sample if isinstance(item, Record)]
        if not records:
            raise _no_records_error(document.name, format_name, sample)
        mapping, guesses = _choose_mapping(records, source, format_name, mapping)
        yield SourceReader(
            name=document.name,
            format=format_name,
            encoding=opened.encoding,
            mapping=mapping,
            guesses=guesses,
            bytes_total=document.size,
            # The records of the sample are read already: they come first, then the remaining ones.
            _items=chain(sample, items),
            _position=opened.bytes_read,
        )


def _choose_mapping(
    records: list[Record], source: str, format_name: str, requested: Mapping | None
) -> tuple[Mapping, list[Guess]]:
    """Return the requested, declared or guessed mapping, with the guesses.

    Raises BadInputError when it finds no title in any record.
    """
    declared = requested or find_mapping(source, format_name)
    mapping, guesses = (declared, []) if declared else guess_mapping(records, source)
    # A source that renamed its columns would else give rejects only: say so at once, with the new names.
    if not any("title" in apply_mapping(mapping, record) for record in records):
        raise no_title_error(dict.fromkeys(name for record in records for name in record.fields))
    return mapping, guesses


def sample_drafts(today: date) -> Iterator[Draft | Reject]:
    """Yield the shipped sample offers, dated around `today`, normalised as those of any other source."""
    mapping = find_mapping("oim", "jsonl")
    if mapping is None:
        raise RuntimeError("the mapping of our own records is not installed")
    for number, fields in enumerate(sample_records(today), start=1):
        yield normalise(
            apply_mapping(mapping, Record(number, fields)), Origin("sample", "jsonl", mapping.name, number)
        )


def _no_records_error(name: str, format_name: str, sample: Sequence[Record | Reject]) -> BadInputError:
    """Build the error for a document without any readable record in its sample."""
    if not sample:
        message = NO_ROWS if format_name == "csv" else mark("No offer was found in %(file)s.")
        return BadInputError(message, file=name)
    return BadInputError(
        mark("None of the first records of %(file)s can be read. The first begins: %(excerpt)s"),
        file=name,
        excerpt=next((item.excerpt for item in sample if isinstance(item, Reject)), ""),
    )


def _read_until_broken(items: Iterator[Record | Reject]) -> Iterator[Record | Reject]:
    """Yield the items; where a compressed file is truncated or damaged, end with a reject that says so."""
    number = 0
    try:
        for item in items:
            number = item.number
            yield item
    # gzip raises EOFError for a truncated file, BadGzipFile (an OSError) or zlib.error for a damaged one.
    except (EOFError, OSError, zlib.error) as error:
        yield make_reject(number + 1, "broken-file", str(error), "")
