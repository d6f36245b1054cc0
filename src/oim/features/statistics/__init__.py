"""Counts without names, by month: what stays when everything of a person is erased.

Nothing here can be led back to anybody.
"""

from oim.features.statistics.service import LEAST, Cell, count, recount, table, this_month

__all__ = ["LEAST", "Cell", "count", "recount", "table", "this_month"]
