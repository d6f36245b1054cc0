"""Counts without names, by month: what stays when everything of a person is erased.

Nothing here can be led back to anybody.
"""

from oim.features.statistics.service import (
    MIN_CELL_COUNT,
    Cell,
    increment,
    load_table,
    replace_count,
    this_month,
)

__all__ = ["MIN_CELL_COUNT", "Cell", "increment", "load_table", "replace_count", "this_month"]
