"""Statistics: counts by month, without names. They remain when everything about a person is erased.

Nothing here can be traced back to anybody.
"""

from oim.features.statistics.service import (
    MIN_CELL_COUNT,
    Cell,
    increment,
    list_cells,
    load_table,
    replace_count,
    this_month,
)

__all__ = ["MIN_CELL_COUNT", "Cell", "increment", "list_cells", "load_table", "replace_count", "this_month"]
