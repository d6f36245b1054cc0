"""How long somebody has worked: months of two jobs at once are counted once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from oim.features.cv.extraction.dates import Moment, Span

_YEAR = 12  # months
_MIDDLE = 7  # the month meant by a year alone


def experience(told: Iterable[Span], today: date) -> int | None:
    """Whole years of all spans together; None where there is none."""
    months: set[int] = set()
    known = False
    for span in told:
        known = True
        last = span.end or Moment(today.year, today.month)
        months.update(
            range(_month(span.start), _month(last) + (last.month is not None or span.start == last))
        )
    return len(months) // _YEAR if known else None


def _month(moment: Moment) -> int:
    return moment.year * _YEAR + (moment.month or _MIDDLE)
