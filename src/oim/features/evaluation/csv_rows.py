"""Reading of CSV files with columns that an evaluation needs."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from oim.kit.errors import BadInputError
from oim.kit.i18n import mark


def read_csv_rows(path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    """Read a CSV file in UTF-8, each row by the names of its header. Raises BadInputError.

    Each row must hold all `columns`; others may stand beside them.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadInputError(mark("%(file)s cannot be read as CSV in UTF-8."), file=path) from error
    # A row that is too short has None for the columns it lacks.
    if any(row.get(column) is None for row in rows for column in columns):
        raise missing_columns(path, columns)
    return rows


def missing_columns(path: Path, columns: Sequence[str]) -> BadInputError:
    """The error that says which columns a file must hold."""
    return BadInputError(
        mark("%(file)s must hold the columns %(columns)s."), file=path, columns=", ".join(columns)
    )
