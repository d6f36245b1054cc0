"""How long somebody has worked: months of two jobs at once are counted once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from oim.features.cv.extraction.dates import Span, YearMonth

_MONTHS_PER_YEAR = 12  # months
_DEFAULT_MONTH = 7  # the month meant by a year alone


def count_experience_years(spans: Iterable[Span], today: date) -> int | None:
    """Whole years of all spans together; None where there is none."""
    months: set[int] = set()
    known = False
    for span in spans:
        known = True
        last = span.end or YearMonth(today.year, today.month)
        months.update(
            range(
                _month_number(span.start),
                _month_number(last) + (last.month is not None or span.start == last),
            )
        )
    return len(months) // _MONTHS_PER_YEAR if known else None


def _month_number(moment: YearMonth) -> int:
    return moment.year * _MONTHS_PER_YEAR + (moment.month or _DEFAULT_MONTH)
