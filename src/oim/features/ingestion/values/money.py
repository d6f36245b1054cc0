"""Amounts of money in whole XAF. What is unsure or absurd is None.

Euros are converted at their legal parity; amounts in any other currency are left out.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, NamedTuple

from oim.features.ingestion.values.text import clean
from oim.kit.text import fold

PARITY = Decimal("655.957")  # XAF for one euro, fixed by law since 1999
XAF, EUR, OTHER = "XAF", "EUR", "?"
MOST = 10**11  # XAF

CURRENCIES = (
    (XAF, r"f\.? ?cfa|cfa|xaf|francs?(?! suisse)|frs?|f"),
    (EUR, r"€|euros?|eur"),
    (
        OTHER,
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
GROUPED = r"(\d{1,3}(?:[ .,']\d{3})+)(?!\d)(?:[.,](\d{1,2})(?!\d))?"
TOKEN = re.compile(
    rf"(?P<number>{GROUPED}|\d+(?:[.,]\d+)?)(?: ?(?P<times>{'|'.join(MULTIPLIERS)})"
    r"(?=[\W\df]|cfa|xaf|eur|$))?|"
    rf"(?P<currency>{'|'.join(pattern for _, pattern in CURRENCIES)})(?![a-z'])|"
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
FREE = re.compile(r"\b(?:gratuite?s?|gratuitement|free|sans frais)\b")


class Span(NamedTuple):
    """The two ends of a range in XAF; the same twice for one amount; None for an open or unknown end."""

    low: int | None
    high: int | None


NONE = Span(None, None)


class _Token(NamedTuple):
    kind: str  # n a number, c a currency, j a join of two ends, w a word
    number: Decimal = Decimal(0)
    times: int = 1
    code: str = ""


def currency(value: Any, *, is_local: bool) -> str | None:
    """What bare numbers count in: the currency stated, else XAF where the offer is not known to be abroad."""
    text = fold(clean(value) or "")
    return _code(text) if text else XAF if is_local else None


def named(text: str) -> str | None:
    """The currency that a text names anywhere."""
    return next((token.code for token in _tokens(fold(text)) if token.kind == "c"), None)


def amount(value: Any, unit: str | None) -> int | None:
    """One amount in XAF, 0 for what is free; of a range, its lower end. `unit`: as of a bare number."""
    text = sentence(value)
    low, high = span(text, unit)
    if low is None and high is None and FREE.search(text):
        return 0
    return high if low is None else low


def bounds(low: Any, high: Any, unit: str | None) -> Span:
    """The ends that two fields state; one that states a range alone gives both. NONE if out of order."""
    lows, highs = span(sentence(low), unit), span(sentence(high), unit)
    least = highs.low if lows == NONE and highs.low != highs.high else lows.low
    most = lows.high if highs == NONE and lows.low != lows.high else highs.high
    return NONE if least is not None and most is not None and least > most else Span(least, most)


def sentence(value: Any) -> str:
    """A text about money, folded, without the numbers that are no amounts."""
    return NOISE.sub(" ; ", fold(clean(value) or ""))


def span(text: str, unit: str | None) -> Span:
    """The first amount or range of a text that `sentence` gave."""
    tokens = _tokens(text)
    found = re.search("c?(n)c?(?:jc?(n)c?)?", "".join(token.kind for token in tokens))
    if not found:
        return NONE
    beside = tokens[found.start() : found.end()]
    code = next((token.code for token in [*beside, *tokens] if token.kind == "c"), unit)
    first = tokens[found.start(1)]
    if found[2]:
        return _range(first, tokens[found.start(2)], code)
    value = _xaf(first.number * first.times, code)
    return Span(None if AT_MOST.search(text) else value, None if AT_LEAST.search(text) else value)


def _range(first: _Token, last: _Token, code: str | None) -> Span:
    """Two ends, where they are in order. "35-40k": the word for thousand stands for both."""
    times = last.times if first.times == 1 and first.number < 1_000 else first.times
    low, high = _xaf(first.number * times, code), _xaf(last.number * last.times, code)
    return Span(low, high) if low is not None and high is not None and low <= high else NONE


def _tokens(text: str) -> list[_Token]:
    return [_token(found) for found in TOKEN.finditer(text) if found.lastgroup != "filler"]


def _token(found: re.Match[str]) -> _Token:
    if digits := found["number"]:
        return _Token("n", number=_number(digits), times=MULTIPLIERS.get(found["times"] or "", 1))
    if name := found["currency"]:
        return _Token("c", code=_code(name))
    return _Token("j" if found["join"] else "w")


def _code(name: str) -> str:
    return next((code for code, pattern in CURRENCIES if re.fullmatch(pattern, name)), OTHER)


def _number(digits: str) -> Decimal:
    if grouped := re.fullmatch(GROUPED, digits):
        return Decimal(re.sub(r"\D", "", grouped[1]) + "." + (grouped[2] or "0"))
    return Decimal(digits.replace(",", "."))


def _xaf(value: Decimal, code: str | None) -> int | None:
    if code not in (XAF, EUR) or value > MOST:
        return None
    return round(value * (PARITY if code == EUR else 1))
