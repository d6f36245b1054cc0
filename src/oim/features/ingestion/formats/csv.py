"""CSV: delimiter found out, broken rows refused one by one. A broken quote costs its own line only."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import TextIO

from oim.features.ingestion import text_stream
from oim.features.ingestion.records import Record, Reject, refuse
from oim.kit.errors import BadInputError
from oim.kit.i18n import mark

DELIMITERS = ",;\t|"
NOT_IT = (0.0, 0)
SAMPLE = 64 * 1024  # characters
LONGEST = 1_000_000  # characters of a row, so of a field
RUNAWAYS = 20  # quotes that ran over LONGEST: beyond, each line would cost a million characters

csv.field_size_limit(LONGEST)  # the module's own limit, 128 KB, is shared by the process and too low


class _Runaway(Exception):
    """A quote that nothing closes."""


class _Lines:
    """Lines for csv.reader, holding those of the present row so that they can be read again."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._again: deque[str] = deque()
        self.row: list[str] = []
        self._length = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if self._length > LONGEST:
            raise _Runaway
        line = self._again.popleft() if self._again else next(self._lines, None)
        if line is None:
            if self.row:
                raise _Runaway
            raise StopIteration
        self.row.append(line)
        self._length += len(line)
        return line

    def start_row(self) -> None:
        self.row, self._length = [], 0

    def give_back(self) -> None:
        """Read the row's lines again, but for the first."""
        self._again.extendleft(reversed(self.row[1:]))


def looks(text: str) -> bool:
    """Whether the first line has a delimiter."""
    return delimiter(text) is not None


def delimiter(text: str) -> str | None:
    """The character that cuts the most rows of a text into as many cells as its header has."""
    complete = text[: text.rfind("\n") + 1] if text.count("\n") > 1 else text
    scores = {mark_: _score(complete, mark_) for mark_ in DELIMITERS}
    best = max(scores, key=lambda mark_: scores[mark_])
    return best if scores[best] > NOT_IT else None


def _score(text: str, mark_: str) -> tuple[float, int]:
    """How many columns most rows agree on; between equals, the fewest quotation marks left in cells."""
    try:
        rows = [row for row in islice(csv.reader(text.splitlines(True), delimiter=mark_), 50) if row]
    except csv.Error:
        return NOT_IT
    widths = [len(row) for row in rows]
    if not widths or widths[0] < 2:
        return NOT_IT
    marks_left = sum('"' in cell for row in rows for cell in row)
    return widths[0] * widths.count(widths[0]) / len(widths), -marks_left


def read(text: TextIO) -> Iterator[Record | Reject]:
    """Every data row, numbered from 1. Raises BadInputError for a header that cannot be read."""
    mark_ = delimiter(text.read(SAMPLE)) or ","
    text.seek(0)
    rows = _rows(_Lines(text_stream.lines(text, LONGEST)), mark_)
    header = next((row for row in rows if row), None)
    if not isinstance(header, list):
        raise BadInputError(mark("The first line, which should name the columns, cannot be read."))
    names = _names(header)
    for number, row in enumerate(rows, 1):
        if isinstance(row, Reject):
            yield replace(row, number=number)
        elif any(row):
            yield _record(number, names, row)


def _rows(lines: _Lines, mark_: str) -> Iterator[list[str] | Reject]:
    reader = csv.reader(lines, delimiter=mark_, skipinitialspace=True, strict=True)
    runaways = 0
    while True:
        lines.start_row()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except _Runaway:
            runaways += 1
            if runaways > RUNAWAYS:
                yield refuse(0, "broken-file", "", lines.row[0])
                return
            yield _broken(lines, "")
        except csv.Error as error:
            yield _broken(lines, str(error))
        else:
            yield cells


def _broken(lines: _Lines, detail: str) -> Reject:
    lines.give_back()
    reason = "too-long" if len(lines.row[0]) > LONGEST else "broken-quote"
    return refuse(0, reason, detail, lines.row[0])


def _names(header: list[str]) -> list[str]:
    """The columns' names, made different from one another; a nameless one is called by its place."""
    names: list[str] = []
    for place, cell in enumerate(header, 1):
        name = " ".join(cell.split()) or f"#{place}"
        names.append(f"{name} #{place}" if name in names else name)
    return names


def _record(number: int, names: list[str], cells: list[str]) -> Record | Reject:
    excerpt = " | ".join(cells)
    if "\0" in excerpt:
        return refuse(number, "nul-byte", "", excerpt)
    if len(cells) < len(names) or any(cells[len(names) :]):
        return refuse(number, "ragged", f"{len(cells)} / {len(names)}", excerpt)
    return Record(number, dict(zip(names, cells, strict=False)))
