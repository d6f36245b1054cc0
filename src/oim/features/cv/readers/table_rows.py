"""The lines of a table's row: what stands side by side in it stays on one line where it belongs together.

A CV is often a table: the dates in one cell; the job, its employer and its tasks in the cell beside it, on a
line each. Or it is one row of two long cells, which are two columns that have nothing to do with one another.
"""

from __future__ import annotations

from collections.abc import Sequence

from oim.features.cv.readers.date_cells import is_dates

Cell = Sequence[str]  # its lines
MAX_DATE_LINES = 3  # lines over which the dates of one entry may be broken, its place included


def join_row(cells: Sequence[Cell]) -> list[str]:
    """Return the lines of a row, and an empty one at its end where its cells have more than one line each.

    A row of single lines is one line, its cells separated by tabs.
    """
    filled = [cell for cell in ([line for line in cell if line.strip()] for cell in cells) if cell]
    if all(len(cell) == 1 for cell in filled):
        return ["\t".join(cell[0] for cell in filled)]
    dates = [index for index, cell in enumerate(filled) if _is_date_cell(cell)]
    if len(dates) == 1 and len(filled) > 1:
        return [*_join_dates(filled, dates[0]), ""]
    return [line for cell in cells for line in (*cell, "")]


def _is_date_cell(cell: Cell) -> bool:
    """Whether a cell holds the dates of entries: of each line, or of one over some lines with its place."""
    return all(map(is_dates, cell)) or (
        len(cell) <= MAX_DATE_LINES and (is_dates(" ".join(cell)) or is_dates(cell[0]))
    )


def _join_dates(filled: Sequence[Cell], index: int) -> list[str]:
    """Join the dates to the first line beside them, or line by line where each line has its own."""
    dates, beside = filled[index], [cell for number, cell in enumerate(filled) if number != index]
    has_own_dates = all(map(is_dates, dates)) and all(len(cell) == len(dates) for cell in beside)
    if len(dates) > 1 and has_own_dates and not _is_broken_span(dates):
        return ["\t".join(parts) for parts in zip(*filled, strict=True)]
    is_whole = is_dates(" ".join(dates))
    first = " ".join(dates) if is_whole else dates[0]
    heads = [cell[0] for cell in beside]
    # Read in the order of the row, so that what names the job stands where its writer put it.
    heads.insert(index, first)
    rest = [line for cell in beside for line in cell[1:]]
    return ["\t".join(heads), *rest, *([] if is_whole else dates[1:])]


def _is_broken_span(dates: Cell) -> bool:
    """Whether two lines are the first and the last date of one entry: `2019 -` above `2022`."""
    return len(dates) == 2 and dates[0].rstrip().endswith(("-", "–", "à", "to"))
