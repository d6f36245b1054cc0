"""Read JSON Lines, one object per line, and also a JSON array of objects of at most 10 MB."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from oim.features.ingestion import text_stream
from oim.features.ingestion.records import Record, Reject, make_reject
from oim.kit.errors import BadInputError
from oim.kit.i18n import mark

MAX_LINE_LENGTH = 1_000_000  # characters of a line
# Characters of an array. It is parsed as a whole, so it must fit in memory several times over.
MAX_ARRAY_LENGTH = 10_000_000


def recognises(text: str) -> bool:
    """Whether a text begins like a JSON object or array."""
    return text.lstrip().startswith(("{", "["))


def read(text: text_stream.PeekableText) -> Iterator[Record | Reject]:
    """Yield every object in order. Raises BadInputError for an array that is too large or malformed."""
    # A byte order mark that decoding did not drop is no part of the array.
    is_array = text.peek(text_stream.HEAD_SIZE).lstrip("\ufeff \t\r\n").startswith("[")
    for number, item in enumerate(_read_array(text) if is_array else _read_lines(text), 1):
        if isinstance(item, dict):
            yield Record(number, item)
        else:
            yield _to_reject(number, item)


def _read_lines(text: text_stream.PeekableText) -> Iterator[dict[str, Any] | str]:
    """Yield the object of each line; a line that is not an object, unchanged."""
    for line in text_stream.read_lines(text, MAX_LINE_LENGTH):
        if line.strip():
            # "{}" is falsy and so becomes a reject: an object without fields is no offer.
            yield _parse_object(line) or line


def _parse_object(line: str) -> dict[str, Any] | None:
    """Parse a line as a JSON object; None for anything else."""
    try:
        value = json.loads(line) if len(line) <= MAX_LINE_LENGTH else None
    # Brackets nested some thousand deep exhaust the parser's recursion.
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _read_array(text: text_stream.PeekableText) -> Iterator[dict[str, Any] | str]:
    """Yield the objects of an array; another value, as JSON text."""
    # One character more than allowed shows that the array is too long, without reading all of it.
    content = text.read(MAX_ARRAY_LENGTH + 1)
    if len(content) > MAX_ARRAY_LENGTH:
        raise BadInputError(mark("A JSON array over 10 MB cannot be read: save it as JSON Lines."))
    try:
        values = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise BadInputError(mark("The JSON array is broken: %(why)s."), why=str(error)) from error
    for value in values:
        yield value if isinstance(value, dict) else json.dumps(value)


def _to_reject(number: int, line: str) -> Reject:
    """Reject a line that is not an object."""
    reason = "too-long" if len(line) > MAX_LINE_LENGTH else "broken-json"
    return make_reject(number, reason, "", line)
