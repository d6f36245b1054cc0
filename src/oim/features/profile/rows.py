"""Rows of labelled fields: a field's name says its list, its row and what it is, such as `job-0-title`.

They work without JavaScript: a page shows the rows that are filled in and some empty ones.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from oim.kit.fields import FormFields, first_value

EMPTY_ROWS = 3  # shown after the last that is filled in


@dataclass(frozen=True, slots=True)
class Row:
    """A row in which something is typed, in the fields of the whole form."""

    fields: FormFields
    list_name: str
    number: int

    def field(self, part: str) -> str:
        """The name of a field of this row."""
        return f"{self.list_name}-{self.number}-{part}"

    def value(self, part: str) -> str:
        """What is typed in a field of this row; empty where nothing is."""
        return first_value(self.fields, self.field(part))


def list_rows(fields: FormFields, list_name: str) -> list[Row]:
    """List the rows of a list in which something is typed, in their order. An empty row is none."""
    pattern = re.compile(rf"{list_name}-(\d{{1,2}})-[a-z]+")
    numbers = {
        int(match[1])
        for name in fields
        if (match := pattern.fullmatch(name)) and any(value.strip() for value in fields[name])
    }
    return [Row(fields, list_name, number) for number in sorted(numbers)]


def fill_row(list_name: str, number: int, values: Mapping[str, object]) -> dict[str, object]:
    """The fields of a row that has these values."""
    return {f"{list_name}-{number}-{part}": value for part, value in values.items()}


def count_rows(fields: FormFields, list_name: str) -> int:
    """How many rows to show: those filled in, and empty ones to add more."""
    rows = list_rows(fields, list_name)
    return (rows[-1].number + 1 if rows else 0) + EMPTY_ROWS
