"""PINs: short enough to be remembered and typed on any telephone, so the easiest to guess are refused."""

from __future__ import annotations

from oim.kit.errors import BadInputError
from oim.kit.i18n import mark

MIN_PIN_LENGTH, MAX_PIN_LENGTH = 4, 8  # digits
_YEAR_PREFIXES = ("19", "20")  # of birth: what others try first
_DIGIT_RUNS = ("01234567890123", "98765432109876")


def check_pin(pin: str) -> str:
    """The PIN, where it may be used. Raises BadInputError."""
    said = "".join(pin.split())
    if not (said.isascii() and said.isdecimal() and MIN_PIN_LENGTH <= len(said) <= MAX_PIN_LENGTH):
        raise BadInputError(
            mark("The PIN is %(low)s to %(high)s digits."),
            field="pin",
            low=MIN_PIN_LENGTH,
            high=MAX_PIN_LENGTH,
        )
    year = len(said) == MIN_PIN_LENGTH and said.startswith(_YEAR_PREFIXES)
    if len(set(said)) < 2 or year or any(said in run for run in _DIGIT_RUNS):
        raise BadInputError(
            mark(
                "This PIN is too easy to guess: no year, not the same digit each time, nor digits in a row."
            ),
            field="pin",
        )
    return said
