"""JSON Lines: one object a line; also one array of objects, where the file is small."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from oim.features.ingestion import text_stream
from oim.features.ingestion.records import Record, Reject, make_reject
from oim.kit.errors import BadInputError
from oim.kit.i18n import mark

MAX_LINE_LENGTH = 1_000_000  # characters of a line
MAX_ARRAY_LENGTH = 10_000_000  # characters of an array


def recognises(text: str) -> bool:
    """Whether it begins like an object or an array."""
    return text.lstrip().startswith(("{", "["))


def read(text: text_stream.PeekableText) -> Iterator[Record | Reject]:
    """Every object in order. Raises BadInputError for an array that is too large or broken."""
    is_array = text.peek(text_stream.HEAD_SIZE).lstrip("\ufeff \t\r\n").startswith("[")
    for number, item in enumerate(_read_array(text) if is_array else _read_lines(text), 1):
        if isinstance(item, dict):
            yield Record(number, item)
        else:
            yield _to_reject(number, item)


def _read_lines(text: text_stream.PeekableText) -> Iterator[dict[str, Any] | str]:
    """Each line's object; a line that is none, as it stands."""
    for line in text_stream.read_lines(text, MAX_LINE_LENGTH):
        if line.strip():
            yield _parse_object(line) or line


def _parse_object(line: str) -> dict[str, Any] | None:
    try:
        value = json.loads(line) if len(line) <= MAX_LINE_LENGTH else None
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _read_array(text: text_stream.PeekableText) -> Iterator[dict[str, Any] | str]:
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
    reason = "too-long" if len(line) > MAX_LINE_LENGTH else "broken-json"
    return make_reject(number, reason, "", line)
