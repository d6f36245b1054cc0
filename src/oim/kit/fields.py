"""What was typed into named fields, by a form or key by key: read as a text, a number or a choice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from oim.kit.errors import BadInputError
from oim.kit.i18n import mark
from oim.kit.text import has_line_controls

FormFields = Mapping[str, Sequence[str]]  # a field may be given several times, as ticked boxes are
Option = TypeVar("Option", bound=StrEnum)
TOO_LONG = mark(
    "This is too long: %(most)s characters at most. Characters too many: %(over)s. Shorten it, then send it "
    "again."
)


def first_value(fields: FormFields, name: str) -> str:
    """The text of a field without the space around it; empty where the field was not given."""
    return next(iter(fields.get(name, ())), "").strip()


def check_length(text: str, most: int, field: str, message: str = TOO_LONG) -> None:
    """Check that a text has at most so many characters. Raises BadInputError, which says how many too many.

    Said here and not cut off by the browser (`maxlength`), which tells nobody what it has cut. A line break
    counts once, though forms send two characters for it.
    """
    length = len(text.replace("\r\n", "\n"))
    if length > most:
        raise BadInputError(message, field=field, most=most, over=length - most)


def check_one_line(text: str, field: str) -> None:
    """Check that a text is one line without control characters. Raises BadInputError.

    No browser sends them from a field of one line; copied into a message, they could begin a line of its own
    there. A tab is a space: it comes with what is copied from a table.
    """
    if has_line_controls(text.strip()):
        raise BadInputError(
            mark("Write this on one line, without line breaks and hidden characters."), field=field
        )


def parse_number(fields: FormFields, name: str, low: int, high: int, message: str) -> int | None:
    """A whole number from `low` to `high`, None for an empty field. Raises BadInputError with `message`."""
    value = "".join(first_value(fields, name).split())  # people group digits: 50 000
    if not value:
        return None
    # The length is checked before `int`: a number of a million digits must not be converted.
    if not (value.isdecimal() and len(value) <= len(str(high)) and low <= int(value) <= high):
        raise BadInputError(message, field=name, low=low, high=high)
    return int(value)


def parse_choices(fields: FormFields, name: str, options: type[Option]) -> tuple[Option, ...]:
    """The options chosen in a field, each once, in the order given. Raises BadInputError."""
    try:
        return tuple(dict.fromkeys(options(value) for value in fields.get(name, ())))
    except ValueError:
        raise BadInputError(mark("Choose from the list."), field=name) from None


def parse_id(text: str) -> UUID:
    """The identifier written in a text. Raises BadInputError."""
    try:
        return UUID(text)
    except ValueError:
        raise BadInputError(mark("This is not an identifier."), field="id") from None
