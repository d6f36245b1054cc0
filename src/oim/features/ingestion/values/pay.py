"""Pay: how much, for what period. Amounts that no job pays are mistakes of the source and left out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from oim.features.ingestion.values.money import (
    NO_AMOUNT,
    AmountRange,
    clean_money_text,
    parse_bounds,
    parse_range,
)
from oim.features.opportunities import PayPeriod
from oim.kit.text import fold

PERIOD_PATTERNS = (
    (re.compile(r"\b(?:horaire|l'heure|heures?|hourly|hour|hur)\b|/ ?h\b"), PayPeriod.HOUR),
    (re.compile(r"\b(?:mensuel(?:le)?s?|mois|monthly|months?|mon|pm)\b"), PayPeriod.MONTH),
    (
        re.compile(r"\b(?:annuel(?:le)?s?|ans?|annees?|annual(?:ly)?|annum|yearly|years?|ann|pa)\b"),
        PayPeriod.YEAR,
    ),
    (re.compile(r"\b(?:journalier|journaliere|jours?|daily|days?)\b|/ ?j\b"), PayPeriod.DAY),
)
WEEKLY = re.compile(r"\b(?:hebdomadaire|hebdo|semaines?|weekly|weeks?|wee)\b")
# XAF for which pay is credible; the least a year is the minimum wage of farm work.
CREDIBLE_XAF = {
    PayPeriod.HOUR: (50, 200_000),
    PayPeriod.DAY: (500, 1_000_000),
    PayPeriod.MONTH: (10_000, 15_000_000),
    PayPeriod.YEAR: (540_000, 180_000_000),
    None: (500, 180_000_000),
}


@dataclass(frozen=True, slots=True)
class Pay:
    """Pay in XAF for each period."""

    low: int | None = None
    high: int | None = None
    period: PayPeriod | None = None


def parse_pay(low: Any, high: Any, period: Any, text: Any, default_currency: str | None) -> Pay:
    """Pay, from words where they hold an amount (feeds derive their numbers from them), else from numbers.

    `unit` is the currency of a bare number, None where it is unknown.
    """
    words, every = clean_money_text(text), clean_money_text(period)
    ends = parse_range(words, default_currency)
    if ends == NO_AMOUNT:
        ends = parse_bounds(low, high, default_currency)
    stated = _match_period(every) or _match_period(words)
    if stated is None and WEEKLY.search(f"{every} {words}"):
        return Pay()
    return Pay(*ends, stated) if _is_credible(ends, stated) else Pay()


def find_period(text: str) -> PayPeriod | None:
    """The period that a text names."""
    return _match_period(fold(text))


def _match_period(text: str) -> PayPeriod | None:
    return next((period for pattern, period in PERIOD_PATTERNS if pattern.search(text)), None)


def _is_credible(ends: AmountRange, period: PayPeriod | None) -> bool:
    least, most = CREDIBLE_XAF[period]
    known = [end for end in ends if end is not None]
    return bool(known) and least <= known[0] and known[-1] <= most
