"""Read CSV: detect the delimiter and reject broken rows one by one.

A quotation mark that is never closed would swallow the rows after it; here it costs its own line only.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from oim.features.ingestion import text_stream
from oim.features.ingestion.records import Record, Reject, make_reject
from oim.kit.errors import BadInputError
from oim.kit.i18n import mark

DELIMITERS = ",;\t|"
NO_SCORE = (0.0, 0)  # of a delimiter that splits the header into fewer than two cells
SAMPLE_LENGTH = 64 * 1024  # characters from which the delimiter is detected
MAX_ROW_LENGTH = 1_000_000  # characters of a row, so of a cell too
MAX_HEADER_LENGTH = 2_000  # characters of a line that is taken for a header without its rows
# How XML and HTML begin: their commas and semicolons separate nothing.
_MARKUP = re.compile(r"\s*<[!?/a-z]", re.IGNORECASE)
# Unclosed quotes after which reading stops. Each costs up to a million characters before it is noticed, so a
# file with one on every line would take far too long.
MAX_UNCLOSED_QUOTES = 20

# The limit of the csv module is one for the whole process; its default, 128 KB, is too low.
csv.field_size_limit(MAX_ROW_LENGTH)


class _UnclosedQuote(Exception):
    """Signals a quotation mark that is not closed within `MAX_ROW_LENGTH` characters or before the end."""


class _ReplayableLines:
    """An iterator of lines for csv.reader that remembers those of the current row, to read them again."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._replayed: deque[str] = deque()
        self.row_lines: list[str] = []
        self._row_length = 0

    def __iter__(self) -> _ReplayableLines:
        return self

    def __next__(self) -> str:
        # Raised in here, under csv.reader, the exception passes through it to `_read_rows`.
        if self._row_length > MAX_ROW_LENGTH:
            raise _UnclosedQuote
        line = self._replayed.popleft() if self._replayed else next(self._lines, None)
        if line is None:
            # The reader wants another line within a row, so the file ends inside quotes.
            if self.row_lines:
                raise _UnclosedQuote
            raise StopIteration
        self.row_lines.append(line)
        self._row_length += len(line)
        return line

    def start_row(self) -> None:
        """Forget the lines of the row before; the next line begins a row."""
        self.row_lines, self._row_length = [], 0

    def replay_row(self) -> None:
        """Read the lines of the current row again, except the first, which is rejected."""
        self._replayed.extendleft(reversed(self.row_lines[1:]))


def recognises(text: str) -> bool:
    """Whether a text looks like CSV: a delimiter splits its first line, and it is no XML or HTML."""
    return not _MARKUP.match(text) and detect_delimiter(text) is not None


def is_lone_header(text: str) -> bool:
    """Whether a text is one line that may name columns, and no row."""
    line = text.strip()
    return 0 < len(line) <= MAX_HEADER_LENGTH and "\n" not in line and not _MARKUP.match(line)


def detect_delimiter(text: str) -> str | None:
    """Return the delimiter that splits the most rows into as many cells as the header; None if none does."""
    # The sample may end within a row, so its last line is left out, unless the sample has two lines only.
    complete = text[: text.rfind("\n") + 1] if text.count("\n") > 1 else text
    scores = {delimiter: _score(complete, delimiter) for delimiter in DELIMITERS}
    best = max(scores, key=lambda delimiter: scores[delimiter])
    return best if scores[best] > NO_SCORE else None


def _score(text: str, delimiter: str) -> tuple[float, int]:
    """Score a delimiter: columns of the header times the share of rows that agree; then few quotes in cells.

    A wrong delimiter cuts quoted cells apart and so leaves their quotation marks in the cells.
    """
    try:
        rows = [row for row in islice(csv.reader(text.splitlines(True), delimiter=delimiter), 50) if row]
    except csv.Error:
        return NO_SCORE
    widths = [len(row) for row in rows]
    if not widths or widths[0] < 2:
        return NO_SCORE
    quoted_cells = sum('"' in cell for row in rows for cell in row)
    return widths[0] * widths.count(widths[0]) / len(widths), -quoted_cells


def read(text: text_stream.PeekableText) -> Iterator[Record | Reject]:
    """Yield every data row, numbered from 1. Raises BadInputError for a header that cannot be read."""
    delimiter = detect_delimiter(text.peek(SAMPLE_LENGTH)) or ","
    rows = _read_rows(_ReplayableLines(text_stream.read_lines(text, MAX_ROW_LENGTH)), delimiter)
    header = next((row for row in rows if row), None)
    if not isinstance(header, list):
        raise BadInputError(mark("The first line, which should name the columns, cannot be read."))
    names = _column_names(header)
    for number, row in enumerate(rows, 1):
        if isinstance(row, Reject):
            yield replace(row, number=number)
        # An empty row is no reject, but it keeps its number, as it does in a spreadsheet.
        elif any(row):
            yield _to_record(number, names, row)


def _read_rows(lines: _ReplayableLines, delimiter: str) -> Iterator[list[str] | Reject]:
    """Yield the cells of each row; a reject, not numbered yet, for a row that cannot be read."""
    # Strict: csv.reader raises an error for text after a closing quote, which it would else read somehow.
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True, strict=True)
    unclosed_count = 0
    while True:
        lines.start_row()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except _UnclosedQuote:
            unclosed_count += 1
            if unclosed_count > MAX_UNCLOSED_QUOTES:
                yield make_reject(0, "broken-file", "", lines.row_lines[0])
                return
            yield _reject_row(lines, "")
        except csv.Error as error:
            yield _reject_row(lines, str(error))
        else:
            yield cells


def _reject_row(lines: _ReplayableLines, detail: str) -> Reject:
    """Reject the first line of the current row; its other lines are read again as rows of their own."""
    lines.replay_row()
    reason = "too-long" if len(lines.row_lines[0]) > MAX_ROW_LENGTH else "broken-quote"
    return make_reject(0, reason, detail, lines.row_lines[0])


def _column_names(header: list[str]) -> list[str]:
    """Return unique column names: "#2" for a second column without name, "titre #3" for a repeated one."""
    names: list[str] = []
    for position, cell in enumerate(header, 1):
        name = " ".join(cell.split()) or f"#{position}"
        names.append(f"{name} #{position}" if name in names else name)
    return names


def _to_record(number: int, names: list[str], cells: list[str]) -> Record | Reject:
    """Build the record of a row; reject one with NUL bytes or another number of cells than the header."""
    excerpt = " | ".join(cells)
    if "\0" in excerpt:
        return make_reject(number, "nul-byte", "", excerpt)
    # Empty cells after the last column are accepted: spreadsheets export them ("Peintre,Douala,,,").
    if len(cells) < len(names) or any(cells[len(names) :]):
        return make_reject(number, "ragged", f"{len(cells)} / {len(names)}", excerpt)
    return Record(number, dict(zip(names, cells, strict=False)))
