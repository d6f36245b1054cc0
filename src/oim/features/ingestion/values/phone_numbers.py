"""Telephone numbers in what a source wrote, as far as they are safe to offer to a person.

Only numbers of Cameroon and of the offer's own country, of types that cost an ordinary call: a premium number
pays whoever published it, and a foreign one may.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import phonenumbers
from phonenumbers import Leniency, PhoneNumber, PhoneNumberFormat, PhoneNumberMatcher, PhoneNumberType

HOME_COUNTRY = "CM"
_MOBILE_TYPES = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})
_OFFERED_TYPES = _MOBILE_TYPES | {PhoneNumberType.FIXED_LINE, PhoneNumberType.TOLL_FREE}
# A sum ("677 123 456 FCFA"), or the number of an account to which money is sent: no number to call.
_AMOUNT_AFTER = re.compile(r"\s?(?:f|f?cfa|xaf|francs?|€|euros?)\b", re.IGNORECASE)
_ACCOUNT_BEFORE = re.compile(
    r"(?:orange money|\bom|momo|mobile money|compte|account|siret|siren|rccm|niu|fax)"
    r"\W*(?:n[°o]\W*|number\W*)?"
    r"(?:au |to |sur |on |: ?)?$",
    re.IGNORECASE,
)
_SPREADSHEET_FRACTION = re.compile(r"(?<=\d{7})\.0+(?![.\d])")  # spreadsheets write 677123456.0


@dataclass(frozen=True, slots=True)
class FoundNumber:
    """A number in E.164, where it stands in the text, and whether it is of a mobile telephone."""

    value: str
    start: int
    end: int
    is_mobile: bool


def find_numbers(text: str, country: str | None) -> Iterator[FoundNumber]:
    """Yield the numbers of a text that are safe to offer, in order; `country`: where the offer is."""
    home = country or HOME_COUNTRY
    written = _SPREADSHEET_FRACTION.sub(lambda match: " " * len(match[0]), text)
    for match in PhoneNumberMatcher(written, home, leniency=Leniency.VALID):
        is_account = _ACCOUNT_BEFORE.search(written[max(0, match.start - 30) : match.start])
        if is_account or _AMOUNT_AFTER.match(written, match.end) or not _is_offered(match.number, home):
            continue
        value = phonenumbers.format_number(match.number, PhoneNumberFormat.E164)
        yield FoundNumber(value, match.start, match.end, _is_mobile(match.number))


def parse_mobile(digits: str, country: str | None) -> str | None:
    """A mobile number with its country code, from the digits of a link to WhatsApp; None for any other."""
    number = next(find_numbers(f"+{digits}", country), None)
    return number.value if number and number.is_mobile else None


def _is_offered(number: PhoneNumber, home: str) -> bool:
    region = phonenumbers.region_code_for_number(number)
    return region in (HOME_COUNTRY, home) and phonenumbers.number_type(number) in _OFFERED_TYPES


def _is_mobile(number: PhoneNumber) -> bool:
    return phonenumbers.number_type(number) in _MOBILE_TYPES
