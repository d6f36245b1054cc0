"""PINs: short enough to be remembered and typed on any telephone, so the easiest to guess are refused."""

from __future__ import annotations

from oim.kit.errors import BadInputError
from oim.kit.i18n import mark

SHORTEST, LONGEST = 4, 8  # digits
_YEARS = ("19", "20")  # of birth: what others try first
_RUNS = ("01234567890123", "98765432109876")


def check_pin(pin: str) -> str:
    """The PIN, where it may be used. Raises BadInputError."""
    said = "".join(pin.split())
    if not (said.isascii() and said.isdecimal() and SHORTEST <= len(said) <= LONGEST):
        raise BadInputError(
            mark("The PIN is %(low)s to %(high)s digits."), field="pin", low=SHORTEST, high=LONGEST
        )
    year = len(said) == SHORTEST and said.startswith(_YEARS)
    if len(set(said)) < 2 or year or any(said in run for run in _RUNS):
        raise BadInputError(
            mark(
                "This PIN is too easy to guess: no year, not the same digit each time, nor digits in a row."
            ),
            field="pin",
        )
    return said
