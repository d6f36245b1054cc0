"""Refusal of NUL and of characters that reverse the direction of writing, in any text of a call.

By the latter a text is shown as another than it is: an address, a name, the file name of a CV. Unlike a
person, a program can send the text again without them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from fastapi import Request

from oim.kit.errors import BadInputError
from oim.kit.i18n import mark
from oim.kit.text import has_controls, remove_controls

# What a body of JSON that holds such a character has in it: escaped, in UTF-8, or NUL, as in UTF-16. A cheap
# look before each text is looked at; a body may have half a million.
_SUSPECT = re.compile(rb"\\u0000|\\u20[26]|\xe2\x80[\xaa-\xae]|\xe2\x81[\xa6-\xa9]|\x00")
# Telephones copy a number together with them, and the parser of numbers passes over them.
_NUMBER = re.compile(r"[\d\s+().-]+")
_MAX_FIELD = 100  # characters of a field's path in the answer


async def refuse_control_characters(request: Request) -> None:
    """Refuse a call whose query or JSON body holds such a character. Raises BadInputError with the field."""
    for name, text in request.query_params.multi_items():
        if _is_refused(name) or _is_refused(text):
            raise _make_error(name)
    # Only a body that the route reads as JSON, which FastAPI has done already, whatever type it declares:
    # uploads are read elsewhere, piece by piece, and other routes read none.
    if getattr(request.scope.get("route"), "body_field", None) is None:
        return
    if _SUSPECT.search(await request.body()) and (field := _find_field(await _read_json(request))):
        raise _make_error(field)


async def _read_json(request: Request) -> Any:
    try:
        return await request.json()
    except (ValueError, RecursionError):
        return None  # the route answers what is wrong with it


def _find_field(body: Any) -> str | None:
    """Find the path of the first text of a JSON value that is refused, names of fields included."""
    # Neither by recursion nor by a list of all paths: depth, breadth and names are the caller's choice.
    path: list[str] = []
    pending = [iter([("", body)])]
    while pending:
        name, value = next(pending[-1], (None, None))
        if name is None:
            pending.pop()
            del path[-1:]
        elif _is_refused(name) or (isinstance(value, str) and _is_refused(value)):
            # The text of a name is the fault of the object that has it.
            parts = path if _is_refused(name) else [*path, name]
            return ".".join(part[:_MAX_FIELD] for part in parts if part)[:_MAX_FIELD] or "body"
        elif isinstance(value, (dict, list)):
            path.append(name)
            pending.append(_list_items(value))
    return None


def _list_items(value: dict[str, Any] | list[Any]) -> Iterator[tuple[str, Any]]:
    """List the items of an object by their names, those of a list by their numbers."""
    if isinstance(value, dict):
        return iter(value.items())
    return ((str(index), item) for index, item in enumerate(value))


def _is_refused(text: str) -> bool:
    return has_controls(text) and not _NUMBER.fullmatch(remove_controls(text))


def _make_error(field: str) -> BadInputError:
    return BadInputError(
        mark("This text holds invisible characters (NUL, or such as reverse the direction of writing)."),
        field=remove_controls(field)[:_MAX_FIELD],
    )
