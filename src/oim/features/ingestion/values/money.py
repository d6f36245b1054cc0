"""Amounts of money in whole XAF. What is unsure or absurd is None.

Euros are converted at their legal parity; amounts in any other currency are left out.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, NamedTuple

from oim.features.ingestion.values.text import clean
from oim.kit.text import fold

XAF_PER_EUR = Decimal("655.957")  # XAF for one euro, fixed by law since 1999
XAF, EUR, OTHER_CURRENCY = "XAF", "EUR", "?"
MAX_XAF = 10**11  # XAF

CURRENCY_PATTERNS = (
    (XAF, r"f\.? ?cfa|cfa|xaf|francs?(?! suisse)|frs?|f"),
    (EUR, r"€|euros?|eur"),
    (
        OTHER_CURRENCY,
        r"us ?\$|\$|usd|dollars?|£|gbp|pounds?|livres?|xof|ngn|nairas?|₦|chf|francs? suisses?|cad|jpy|¥|inr|"
        r"₹|mad|dirhams?|dinars?|cny|yuan|ghs|cedis?|kes|zar|rands?",
    ),
)
MULTIPLIERS = {
    "k": 1_000,
    "mille": 1_000,
    "thousand": 1_000,
    "m": 1_000_000,
    "million": 1_000_000,
    "millions": 1_000_000,
    "milliard": 1_000_000_000,
    "milliards": 1_000_000_000,
    "billion": 1_000_000_000,
}
GROUPED_NUMBER = r"(\d{1,3}(?:[ .,']\d{3})+)(?!\d)(?:[.,](\d{1,2})(?!\d))?"
TOKEN = re.compile(
    rf"(?P<number>{GROUPED_NUMBER}|\d+(?:[.,]\d+)?)(?: ?(?P<times>{'|'.join(MULTIPLIERS)})"
    r"(?=[\W\df]|cfa|xaf|eur|$))?|"
    rf"(?P<currency>{'|'.join(pattern for _, pattern in CURRENCY_PATTERNS)})(?![a-z'])|"
    r"(?P<join>(?:a|to|et|and|jusqu'a)(?![a-z'])|[-–—/~])|"
    r"(?P<filler>(?:de|d'|of)(?![a-z']))|"
    r"(?P<word>[a-z']+)"
)
# Numbers in a sentence about money that are no amounts.
NOISE = re.compile(
    r"(?:sur|x|over) \d+(?:[.,]\d+)? ?(?:mois|months?)\b|\bx ?\d+|\d+ ?(?:e|eme|th) (?:mois|month)|"
    r"\d+(?:[.,]\d+)? ?(?:%|(?:h|heures?|hours?|jours?|days?|semaines?|weeks?|mois|months?|ans?|years?)\b)"
)
AT_LEAST = re.compile(r"\b(?:a partir de|des|minimum|min|au moins|plus de|from|at least|starting)\b")
AT_MOST = re.compile(r"\b(?:jusqu'a|up to|maximum|max|moins de|at most|plafond)(?![a-z])")
FREE_OF_CHARGE = re.compile(r"\b(?:gratuite?s?|gratuitement|free|sans frais)\b")


class AmountRange(NamedTuple):
    """The two ends of a range in XAF; the same twice for one amount; None for an open or unknown end."""

    low: int | None
    high: int | None


NO_AMOUNT = AmountRange(None, None)


class _Token(NamedTuple):
    kind: str  # n a number, c a currency, j a join of two ends, w a word
    number: Decimal = Decimal(0)
    multiplier: int = 1
    currency: str = ""


def parse_currency(value: Any, *, is_local: bool) -> str | None:
    """What bare numbers count in: the currency stated, else XAF where the offer is not known to be abroad."""
    text = fold(clean(value) or "")
    return _currency_code(text) if text else XAF if is_local else None


def find_currency(text: str) -> str | None:
    """The currency that a text names anywhere."""
    return next((token.currency for token in _tokenise(fold(text)) if token.kind == "c"), None)


def parse_amount(value: Any, default_currency: str | None) -> int | None:
    """One amount in XAF, 0 for what is free; of a range, its lower end. `unit`: as of a bare number."""
    text = clean_money_text(value)
    low, high = parse_range(text, default_currency)
    if low is None and high is None and FREE_OF_CHARGE.search(text):
        return 0
    return high if low is None else low


def parse_bounds(low: Any, high: Any, default_currency: str | None) -> AmountRange:
    """The ends that two fields state; one that states a range alone gives both. NONE if out of order."""
    lows, highs = (
        parse_range(clean_money_text(low), default_currency),
        parse_range(clean_money_text(high), default_currency),
    )
    least = highs.low if lows == NO_AMOUNT and highs.low != highs.high else lows.low
    most = lows.high if highs == NO_AMOUNT and lows.low != lows.high else highs.high
    return NO_AMOUNT if least is not None and most is not None and least > most else AmountRange(least, most)


def clean_money_text(value: Any) -> str:
    """A text about money, folded, without the numbers that are no amounts."""
    return NOISE.sub(" ; ", fold(clean(value) or ""))


def parse_range(text: str, default_currency: str | None) -> AmountRange:
    """The first amount or range of a text that `sentence` gave."""
    tokens = _tokenise(text)
    found = re.search("c?(n)c?(?:jc?(n)c?)?", "".join(token.kind for token in tokens))
    if not found:
        return NO_AMOUNT
    beside = tokens[found.start() : found.end()]
    code = next((token.currency for token in [*beside, *tokens] if token.kind == "c"), default_currency)
    first = tokens[found.start(1)]
    if found[2]:
        return _to_range(first, tokens[found.start(2)], code)
    value = _to_xaf(first.number * first.multiplier, code)
    return AmountRange(None if AT_MOST.search(text) else value, None if AT_LEAST.search(text) else value)


def _to_range(first: _Token, last: _Token, currency: str | None) -> AmountRange:
    """Two ends, where they are in order. "35-40k": the word for thousand stands for both."""
    times = last.multiplier if first.multiplier == 1 and first.number < 1_000 else first.multiplier
    low, high = _to_xaf(first.number * times, currency), _to_xaf(last.number * last.multiplier, currency)
    return AmountRange(low, high) if low is not None and high is not None and low <= high else NO_AMOUNT


def _tokenise(text: str) -> list[_Token]:
    return [_to_token(found) for found in TOKEN.finditer(text) if found.lastgroup != "filler"]


def _to_token(match: re.Match[str]) -> _Token:
    if digits := match["number"]:
        return _Token("n", number=_to_decimal(digits), multiplier=MULTIPLIERS.get(match["times"] or "", 1))
    if name := match["currency"]:
        return _Token("c", currency=_currency_code(name))
    return _Token("j" if match["join"] else "w")


def _currency_code(name: str) -> str:
    return next((code for code, pattern in CURRENCY_PATTERNS if re.fullmatch(pattern, name)), OTHER_CURRENCY)


def _to_decimal(digits: str) -> Decimal:
    if grouped := re.fullmatch(GROUPED_NUMBER, digits):
        return Decimal(re.sub(r"\D", "", grouped[1]) + "." + (grouped[2] or "0"))
    return Decimal(digits.replace(",", "."))


def _to_xaf(value: Decimal, currency: str | None) -> int | None:
    if currency not in (XAF, EUR) or value > MAX_XAF:
        return None
    return round(value * (XAF_PER_EUR if currency == EUR else 1))
