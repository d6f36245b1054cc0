"""CSV: delimiter found out, broken rows refused one by one. A broken quote costs its own line only."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from oim.features.ingestion import text_stream
from oim.features.ingestion.records import Record, Reject, make_reject
from oim.kit.errors import BadInputError
from oim.kit.i18n import mark

DELIMITERS = ",;\t|"
NO_SCORE = (0.0, 0)
SAMPLE_LENGTH = 64 * 1024  # characters
MAX_ROW_LENGTH = 1_000_000  # characters of a row, so of a field
MAX_UNCLOSED_QUOTES = 20  # quotes that ran over LONGEST: beyond, each line would cost a million characters

csv.field_size_limit(MAX_ROW_LENGTH)  # the module's own limit, 128 KB, is shared by the process and too low


class _UnclosedQuote(Exception):
    """A quote that nothing closes."""


class _ReplayableLines:
    """Lines for csv.reader, holding those of the present row so that they can be read again."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._replayed: deque[str] = deque()
        self.row_lines: list[str] = []
        self._row_length = 0

    def __iter__(self) -> _ReplayableLines:
        return self

    def __next__(self) -> str:
        if self._row_length > MAX_ROW_LENGTH:
            raise _UnclosedQuote
        line = self._replayed.popleft() if self._replayed else next(self._lines, None)
        if line is None:
            if self.row_lines:
                raise _UnclosedQuote
            raise StopIteration
        self.row_lines.append(line)
        self._row_length += len(line)
        return line

    def start_row(self) -> None:
        self.row_lines, self._row_length = [], 0

    def replay_row(self) -> None:
        """Read the row's lines again, but for the first."""
        self._replayed.extendleft(reversed(self.row_lines[1:]))


def recognises(text: str) -> bool:
    """Whether the first line has a delimiter."""
    return detect_delimiter(text) is not None


def detect_delimiter(text: str) -> str | None:
    """The character that cuts the most rows of a text into as many cells as its header has."""
    complete = text[: text.rfind("\n") + 1] if text.count("\n") > 1 else text
    scores = {mark_: _score(complete, mark_) for mark_ in DELIMITERS}
    best = max(scores, key=lambda mark_: scores[mark_])
    return best if scores[best] > NO_SCORE else None


def _score(text: str, delimiter: str) -> tuple[float, int]:
    """How many columns most rows agree on; between equals, the fewest quotation marks left in cells."""
    try:
        rows = [row for row in islice(csv.reader(text.splitlines(True), delimiter=delimiter), 50) if row]
    except csv.Error:
        return NO_SCORE
    widths = [len(row) for row in rows]
    if not widths or widths[0] < 2:
        return NO_SCORE
    marks_left = sum('"' in cell for row in rows for cell in row)
    return widths[0] * widths.count(widths[0]) / len(widths), -marks_left


def read(text: text_stream.PeekableText) -> Iterator[Record | Reject]:
    """Every data row, numbered from 1. Raises BadInputError for a header that cannot be read."""
    delimiter = detect_delimiter(text.peek(SAMPLE_LENGTH)) or ","
    rows = _read_rows(_ReplayableLines(text_stream.read_lines(text, MAX_ROW_LENGTH)), delimiter)
    header = next((row for row in rows if row), None)
    if not isinstance(header, list):
        raise BadInputError(mark("The first line, which should name the columns, cannot be read."))
    names = _column_names(header)
    for number, row in enumerate(rows, 1):
        if isinstance(row, Reject):
            yield replace(row, number=number)
        elif any(row):
            yield _to_record(number, names, row)


def _read_rows(lines: _ReplayableLines, delimiter: str) -> Iterator[list[str] | Reject]:
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True, strict=True)
    runaways = 0
    while True:
        lines.start_row()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except _UnclosedQuote:
            runaways += 1
            if runaways > MAX_UNCLOSED_QUOTES:
                yield make_reject(0, "broken-file", "", lines.row_lines[0])
                return
            yield _reject_row(lines, "")
        except csv.Error as error:
            yield _reject_row(lines, str(error))
        else:
            yield cells


def _reject_row(lines: _ReplayableLines, detail: str) -> Reject:
    lines.replay_row()
    reason = "too-long" if len(lines.row_lines[0]) > MAX_ROW_LENGTH else "broken-quote"
    return make_reject(0, reason, detail, lines.row_lines[0])


def _column_names(header: list[str]) -> list[str]:
    """The columns' names, made different from one another; a nameless one is called by its place."""
    names: list[str] = []
    for place, cell in enumerate(header, 1):
        name = " ".join(cell.split()) or f"#{place}"
        names.append(f"{name} #{place}" if name in names else name)
    return names


def _to_record(number: int, names: list[str], cells: list[str]) -> Record | Reject:
    excerpt = " | ".join(cells)
    if "\0" in excerpt:
        return make_reject(number, "nul-byte", "", excerpt)
    if len(cells) < len(names) or any(cells[len(names) :]):
        return make_reject(number, "ragged", f"{len(cells)} / {len(names)}", excerpt)
    return Record(number, dict(zip(names, cells, strict=False)))
