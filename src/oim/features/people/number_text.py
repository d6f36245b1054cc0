"""Finding telephone numbers in a text as people write it: `Tel: 677123456 (MTN)`, `677123456 / 699123456`.

People copy numbers with words, signs and links around them, and registers hold two numbers in one cell. What
was meant is read where only one number is there; of several, none is taken for the person.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import phonenumbers
from phonenumbers import PhoneNumber

DEFAULT_REGION = "CM"  # of numbers written without a country code
MIN_DIGITS = 6  # digits from which a text is meant as a telephone number
MAX_DIGITS = 60  # digits of a text that are looked at: three numbers with their country code, and words
_LETTER = r"[^\W\d_]"
# The letter O where a zero was meant: beside a digit, and no part of a word ("67O123456", not "677 ou 699").
_LETTER_FOR_ZERO = re.compile(rf"(?<=\d)[oO](?!{_LETTER})|(?<!{_LETTER})[oO](?=\d)")
# What one number is written with. A plus begins a number, so it ends the one before it.
_RUN = re.compile(r"\+?[\d\s().·–-]*\d")
# "677 12 34 56 / 57": the end of a second number that begins as the first.
_SHORT_SECOND = re.compile(r"\d\s*/\s*\d{1,4}(?!\s*[/\d])")
_LINK = re.compile(r"wa\.me/|whatsapp\.com/")  # numbers in these have a country code without its plus


def find_numbers(text: str) -> tuple[PhoneNumber, ...]:
    """Find the different valid numbers in a text.

    Two where a second one is only begun, as in `677 12 34 56 / 57`: that it is there is all that counts.
    """
    text = _LETTER_FOR_ZERO.sub("0", text)
    if count_digits(text) > MAX_DIGITS:
        return ()
    runs = [re.sub(r"[^\d+]", "", run[0]) for run in _RUN.finditer(text)]
    long_runs = [run for run in runs if count_digits(run) >= MIN_DIGITS]
    is_link = _LINK.search(text.lower()) is not None
    # "677/12/34/56": short pieces of one number, with no word between them.
    whole = [] if long_runs or re.search(_LETTER, text) else ["".join(runs)]
    numbers = [number for run in long_runs or whole for number in _parse_run(run, is_link=is_link)]
    if long_runs and len(numbers) == 1 and len(runs) > 1 and _SHORT_SECOND.search(text):
        return numbers[0], numbers[0]
    return tuple({phonenumbers.format_number(number, 0): number for number in numbers}.values())


def count_digits(text: str) -> int:
    """Count the digits of a text, of any script."""
    return sum(letter.isdecimal() for letter in text)


def _parse_run(digits: str, *, is_link: bool) -> Iterator[PhoneNumber]:
    """Yield the number that a run of digits is, or the two that it holds one behind the other."""
    if number := _parse_valid(digits) or (_parse_valid(f"+{digits}") if is_link else None):
        yield number
        return
    for cut in range(MIN_DIGITS, len(digits) - MIN_DIGITS + 1):
        first, second = _parse_valid(digits[:cut]), _parse_valid(digits[cut:])
        if first and second:
            yield from (first, second)
            return


def _parse_valid(digits: str) -> PhoneNumber | None:
    """Parse digits as a valid number; None where they are none."""
    try:
        number = phonenumbers.parse(digits, DEFAULT_REGION)
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) else None
