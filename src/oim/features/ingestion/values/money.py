"""Parse amounts of money into whole XAF (CFA franc of Central Africa); None where unsure or absurd.

Euros are converted at their legal parity; amounts in any other currency are dropped. A text is split into
tokens (numbers, currencies, words that join the ends of a range), and the first amount or range is read.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, NamedTuple

from oim.features.ingestion.values.text import clean
from oim.kit.text import fold

XAF_PER_EUR = Decimal("655.957")  # XAF for one euro, fixed by law since 1999
# "?" is any currency that is not converted.
XAF, EUR, OTHER_CURRENCY = "XAF", "EUR", "?"
MAX_XAF = 10**11  # XAF, some 150 million euros: no offer is larger

# In folded text. A bare "f" or "franc" is taken for XAF, except Swiss francs.
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
# Digits grouped by three, with decimals perhaps: "150 000", "1.500.000", "150 000,50".
GROUPED_NUMBER = r"(\d{1,3}(?:[ .,']\d{3}){1,6})(?!\d)(?:[.,](\d{1,2})(?!\d))?"
# A number takes its multiplier ("150k", "2 millions") if no letters follow except of a currency ("25kf").
# A filler stands between number and currency ("millions de francs") and is dropped.
TOKEN = re.compile(
    rf"(?P<number>{GROUPED_NUMBER}|\d+(?:[.,]\d+)?)(?: ?(?P<times>{'|'.join(MULTIPLIERS)})"
    r"(?=[\W\df]|cfa|xaf|eur|$))?|"
    rf"(?P<currency>{'|'.join(pattern for _, pattern in CURRENCY_PATTERNS)})(?![a-z'])|"
    r"(?P<join>(?:a|to|et|and|jusqu'a)(?![a-z'])|[-–—/~])|"
    r"(?P<filler>(?:de|d'|of)(?![a-z']))|"
    r"(?P<word>[a-z']+)"
)
# Numbers in a text about money that are no amounts: "sur 12 mois", "x 13", "13e mois", "10 %", "35h".
NOISE = re.compile(
    r"(?:sur|x|over) \d+(?:[.,]\d+)? ?(?:mois|months?)\b|\bx ?\d+|"
    r"(?<!\d)\d{1,9} ?(?:e|eme|th) (?:mois|month)|(?<!\d)\d{1,9}(?:[.,]\d{1,9})? ?"
    r"(?:%|(?:h|heures?|hours?|jours?|days?|semaines?|weeks?|mois|months?|ans?|years?)\b)"
)
# "dès 90 000" is folded like "des primes": before a number it is the former.
AT_LEAST = re.compile(
    r"\b(?:a partir de|des(?= ?(?:\d|f?cfa|xaf|€))|minimum|min|au moins|plus de|from|at least|starting)\b"
)
AT_MOST = re.compile(r"\b(?:jusqu'a|up to|maximum|max|moins de|at most|plafond)(?![a-z])")
FREE_OF_CHARGE = re.compile(r"\b(?:gratuite?s?|gratuitement|free|sans frais)\b")


class AmountRange(NamedTuple):
    """A range in XAF; both ends are equal for a single amount, and an open or unknown end is None."""

    low: int | None
    high: int | None


NO_AMOUNT = AmountRange(None, None)


class _Token(NamedTuple):
    """A token of a text about money.

    `kind` is one letter, so that a regular expression can match a sequence of tokens: n for a number, c for a
    currency, j for a word or sign that joins two ends, w for any other word.
    """

    kind: str
    number: Decimal = Decimal(0)
    multiplier: int = 1
    currency: str = ""


def parse_currency(value: Any, *, is_local: bool) -> str | None:
    """Return the currency of bare numbers: the stated one, else XAF if `is_local`, else None."""
    text = fold(clean(value) or "")
    return _currency_code(text) if text else XAF if is_local else None


def find_currency(text: str) -> str | None:
    """Return the first currency named in a text; None if there is none."""
    return next((token.currency for token in _tokenise(fold(text)) if token.kind == "c"), None)


def parse_amount(value: Any, default_currency: str | None) -> int | None:
    """Return one amount in XAF: 0 for what is free, the lower end of a range.

    `default_currency` is that of bare numbers, None where it is unknown.
    """
    text = clean_money_text(value)
    low, high = parse_range(text, default_currency)
    if low is None and high is None and FREE_OF_CHARGE.search(text):
        return 0
    return high if low is None else low


def parse_bounds(low: Any, high: Any, default_currency: str | None) -> AmountRange:
    """Return the range that two fields state; NO_AMOUNT if its ends are out of order.

    One field that states a whole range ("de 50 000 à 500 000") gives both ends if the other field is empty.
    """
    low_range, high_range = (
        parse_range(clean_money_text(low), default_currency),
        parse_range(clean_money_text(high), default_currency),
    )
    least = high_range.low if low_range == NO_AMOUNT and high_range.low != high_range.high else low_range.low
    most = low_range.high if high_range == NO_AMOUNT and low_range.low != low_range.high else high_range.high
    return NO_AMOUNT if least is not None and most is not None and least > most else AmountRange(least, most)


def clean_money_text(value: Any) -> str:
    """Fold a text about money and remove the numbers that are no amounts."""
    # The semicolon keeps the digits on both sides of a removed number from reading as one: "150 (10 %) 000".
    return NOISE.sub(" ; ", fold(clean(value) or ""))


def parse_range(text: str, default_currency: str | None) -> AmountRange:
    """Return the first amount or range of a text cleaned by `clean_money_text`."""
    tokens = _tokenise(text)
    # A number, a currency before or after it, and perhaps a second such number joined to it. Each kind is one
    # letter, so positions in this string are positions in `tokens`.
    match = re.search("c?(n)c?(?:jc?(n)c?)?", "".join(token.kind for token in tokens))
    if not match:
        return NO_AMOUNT
    amount_tokens = tokens[match.start() : match.end()]
    # A currency at the amount counts before one elsewhere: "500 € (328 000 FCFA)" is in euros.
    code = next(
        (token.currency for token in [*amount_tokens, *tokens] if token.kind == "c"), default_currency
    )
    first = tokens[match.start(1)]
    if match[2]:
        return _to_range(first, tokens[match.start(2)], code)
    value = _to_xaf(first.number * first.multiplier, code)
    return AmountRange(None if AT_MOST.search(text) else value, None if AT_LEAST.search(text) else value)


def _to_range(first: _Token, last: _Token, currency: str | None) -> AmountRange:
    """Return the range of two numbers; NO_AMOUNT if they are out of order or not convertible."""
    # "35-40k": the multiplier of the second number is meant for both. "500 000 à 1 million": it is not.
    times = last.multiplier if first.multiplier == 1 and first.number < 1_000 else first.multiplier
    low, high = _to_xaf(first.number * times, currency), _to_xaf(last.number * last.multiplier, currency)
    return AmountRange(low, high) if low is not None and high is not None and low <= high else NO_AMOUNT


def _tokenise(text: str) -> list[_Token]:
    """Split a folded text into tokens; fillers, signs and spaces are dropped."""
    return [_to_token(match) for match in TOKEN.finditer(text) if match.lastgroup != "filler"]


def _to_token(match: re.Match[str]) -> _Token:
    """Build a token from a match of `TOKEN`."""
    if digits := match["number"]:
        return _Token("n", number=_to_decimal(digits), multiplier=MULTIPLIERS.get(match["times"] or "", 1))
    if name := match["currency"]:
        return _Token("c", currency=_currency_code(name))
    return _Token("j" if match["join"] else "w")


def _currency_code(name: str) -> str:
    """Return XAF or EUR for one of their names, else OTHER_CURRENCY."""
    return next((code for code, pattern in CURRENCY_PATTERNS if re.fullmatch(pattern, name)), OTHER_CURRENCY)


def _to_decimal(digits: str) -> Decimal:
    """Parse a number: separators between groups of three digits are dropped, another is the decimal point."""
    if grouped := re.fullmatch(GROUPED_NUMBER, digits):
        return Decimal(re.sub(r"\D", "", grouped[1]) + "." + (grouped[2] or "0"))
    return Decimal(digits.replace(",", "."))


def _to_xaf(value: Decimal, currency: str | None) -> int | None:
    """Convert an amount to whole XAF; None for another currency or an absurd amount."""
    if currency not in (XAF, EUR) or value > MAX_XAF:
        return None
    return round(value * (XAF_PER_EUR if currency == EUR else 1))
