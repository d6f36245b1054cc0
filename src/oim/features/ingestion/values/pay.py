"""Parse pay: amounts in XAF and their period. Amounts that no job pays are dropped as mistakes."""

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
from oim.features.ingestion.values.text import clean
from oim.features.opportunities import PayPeriod
from oim.kit.text import fold

# In folded text; the first that matches counts, so "14 € l'heure, payé au mois" is hourly. "hur", "mon" and
# "ann" are unit codes of UN/CEFACT, which schema.org uses.
PERIOD_PATTERNS = (
    (re.compile(r"\b(?:horaire|l'heure|heures?|hourly|hour|hur)\b|/ ?h\b"), PayPeriod.HOUR),
    (re.compile(r"\b(?:mensuel(?:le)?s?|mois|monthly|months?|mon|pm|p\.m)\b"), PayPeriod.MONTH),
    (
        re.compile(r"\b(?:annuel(?:le)?s?|ans?|annees?|annual(?:ly)?|annum|yearly|years?|ann|pa)\b"),
        PayPeriod.YEAR,
    ),
    (re.compile(r"\b(?:journalier|journaliere|jours?|daily|days?)\b|/ ?j\b"), PayPeriod.DAY),
)
# The week is no period of ours (`PayPeriod`): pay for a week is dropped and not converted.
WEEKLY = re.compile(r"\b(?:hebdomadaire|hebdo|semaines?|weekly|weeks?|wee)\b")
# Credible pay in XAF by period, from and to. The least for a year is the minimum wage of farm work
# (45,000 a month). None is for pay without a period.
CREDIBLE_XAF = {
    PayPeriod.HOUR: (50, 200_000),
    PayPeriod.DAY: (500, 1_000_000),
    PayPeriod.MONTH: (10_000, 15_000_000),
    PayPeriod.YEAR: (540_000, 180_000_000),
    None: (500, 180_000_000),
}


@dataclass(frozen=True, slots=True)
class Pay:
    """Pay in XAF for one period; an end that is open or unknown is None."""

    low: int | None = None
    high: int | None = None
    period: PayPeriod | None = None


def parse_pay(low: Any, high: Any, period: Any, text: Any, default_currency: str | None) -> Pay:
    """Parse pay from its text where that states an amount, else from its two numbers.

    The text comes first because feeds derive their numbers from it, sometimes wrongly. `default_currency` is
    that of bare numbers, None where it is unknown.
    """
    words, period_words = clean_money_text(text), clean_money_text(period)
    ends = parse_range(words, default_currency)
    if ends == NO_AMOUNT:
        ends = parse_bounds(low, high, default_currency)
    # The period may be written beside an amount of its own: "150000 per month".
    texts = (period_words, words, fold(clean(low) or ""), fold(clean(high) or ""))
    stated = next(filter(None, map(_match_period, texts)), None)
    if stated is None and WEEKLY.search(" ".join(texts)):
        return Pay()
    return Pay(*ends, stated) if _is_credible(ends, stated) else Pay()


def find_period(text: str) -> PayPeriod | None:
    """Return the pay period that a text names; None if it names none."""
    return _match_period(fold(text))


def _match_period(text: str) -> PayPeriod | None:
    """Return the period of the first pattern that matches a folded text."""
    return next((period for pattern, period in PERIOD_PATTERNS if pattern.search(text)), None)


def _is_credible(ends: AmountRange, period: PayPeriod | None) -> bool:
    """Whether pay is known and within the credible range of its period."""
    least, most = CREDIBLE_XAF[period]
    known = [end for end in ends if end is not None]
    return bool(known) and least <= known[0] and known[-1] <= most
