"""A file opened as a source of offers: format, mapping, then one draft or reject at a time."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path

from oim.features.ingestion.column_contents import Guess
from oim.features.ingestion.column_guess import guess_mapping, no_title_error
from oim.features.ingestion.formats import FORMATS, match_format
from oim.features.ingestion.mapping import Mapping, apply_mapping, find_mapping
from oim.features.ingestion.normalisation import Origin, normalise
from oim.features.ingestion.records import Record, Reject, make_reject
from oim.features.ingestion.sample import generate_records as sample_records
from oim.features.ingestion.text_stream import open_text, read_head
from oim.features.opportunities import Draft
from oim.kit.errors import BadInputError
from oim.kit.i18n import mark

SAMPLE_SIZE = 200  # records looked at before the first draft


@dataclass(slots=True)
class SourceFile:
    """A file recognised and ready to be read. `guesses` is empty where the mapping was declared."""

    path: Path
    format: str
    encoding: str
    mapping: Mapping
    guesses: list[Guess]
    bytes_total: int
    bytes_read: Callable[[], int] = field(default=lambda: 0)

    def drafts(self) -> Iterator[Draft | Reject]:
        """Every record of the file in order, read from the start at each call and never held together."""
        for item in self._items():
            if isinstance(item, Reject):
                yield item
            else:
                origin = Origin(self.path.name, self.format, self.mapping.name, item.number)
                yield normalise(apply_mapping(self.mapping, item), origin)
        self.bytes_read = lambda: self.bytes_total

    def _items(self) -> Iterator[Record | Reject]:
        with open_text(self.path, self.encoding) as file:
            self.bytes_read = file.raw.tell
            yield from _read_until_broken(FORMATS[self.format].read(file.text))


def open_source(path: Path, source: str, given: Mapping | None = None) -> SourceFile:
    """Recognise a file of a source; its columns are those of the mapping given, else declared, else guessed.

    Raises BadInputError for a file that cannot be read as offers.
    """
    first = read_head(path)
    format_name = match_format(first, path.name)
    with open_text(path, first.encoding) as file:
        sample = list(islice(_read_until_broken(FORMATS[format_name].read(file.text)), SAMPLE_SIZE))
    records = [item for item in sample if isinstance(item, Record)]
    if not records:
        raise _no_records_error(path, sample)
    declared = given or find_mapping(source, format_name)
    mapping, guesses = (declared, []) if declared else guess_mapping(records, source)
    if not any("title" in apply_mapping(mapping, record) for record in records):
        raise no_title_error(dict.fromkeys(name for record in records for name in record.fields))
    return SourceFile(path, format_name, first.encoding, mapping, guesses, path.stat().st_size)


def sample_drafts(today: date) -> Iterator[Draft | Reject]:
    """The shipped sample, its dates around `today`, through the same steps as any other source."""
    mapping = find_mapping("oim", "jsonl")
    if mapping is None:
        raise RuntimeError("the mapping of our own records is not installed")
    for number, fields in enumerate(sample_records(today), start=1):
        yield normalise(
            apply_mapping(mapping, Record(number, fields)), Origin("sample", "jsonl", mapping.name, number)
        )


def _no_records_error(path: Path, sample: Sequence[Record | Reject]) -> BadInputError:
    if not sample:
        return BadInputError(mark("No offer was found in %(file)s."), file=path.name)
    return BadInputError(
        mark("None of the first records of %(file)s can be read. The first begins: %(excerpt)s"),
        file=path.name,
        excerpt=next((item.excerpt for item in sample if isinstance(item, Reject)), ""),
    )


def _read_until_broken(items: Iterator[Record | Reject]) -> Iterator[Record | Reject]:
    """The items; where a packed file breaks off, a last reject that says so."""
    number = 0
    try:
        for item in items:
            number = item.number
            yield item
    except (EOFError, OSError, zlib.error) as error:
        yield make_reject(number + 1, "broken-file", str(error), "")
