"""Refusal of NUL and of characters that reverse the direction of writing, in any text of a call.

By the latter a text is shown as another than it is: an address, a name, the file name of a CV. Unlike a
person, a program can be told to send the text without them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from fastapi import Request

from oim.kit.errors import BadInputError
from oim.kit.i18n import mark
from oim.kit.text import has_controls, remove_controls

# Telephones copy a number together with them, and the parser of numbers passes over them.
_NUMBER = re.compile(r"[\d\s+().-]+")
_MAX_FIELD = 100  # characters of a field's path in the answer


async def refuse_control_characters(request: Request) -> None:
    """Refuse a call whose query or JSON body holds such a character. Raises BadInputError with the field."""
    for name, text in request.query_params.multi_items():
        _check(name, text)
    # FastAPI has read a body of JSON already, and Starlette keeps what it read.
    if "json" in request.headers.get("content-type", ""):
        for name, text in _list_texts(await _read_json(request)):
            _check(name, text)


async def _read_json(request: Request) -> Any:
    try:
        return await request.json()
    except (ValueError, RecursionError):
        return None  # the route answers what is wrong with it


def _list_texts(body: Any) -> Iterator[tuple[str, str]]:
    """List the texts of a JSON value, names of fields included, each with the path of its field."""
    # Without recursion: how deep a body is nested is the caller's choice.
    pending: list[tuple[str, Any]] = [("", body)]
    while pending:
        path, value = pending.pop()
        if isinstance(value, str):
            yield path or "body", value
        elif isinstance(value, dict):
            yield from ((path or "body", name) for name in value)
            pending += [(f"{path}.{name}".lstrip("."), item) for name, item in value.items()]
        elif isinstance(value, list):
            pending += [(f"{path}.{index}".lstrip("."), item) for index, item in enumerate(value)]


def _check(field: str, text: str) -> None:
    """Check a text. Raises BadInputError."""
    if has_controls(text) and not _NUMBER.fullmatch(remove_controls(text)):
        raise BadInputError(
            mark("This text holds invisible characters (NUL, or such as reverse the direction of writing)."),
            field=remove_controls(field)[:_MAX_FIELD],
        )
