"""Credentials of staff: the rules for a password, and the one-time codes of an authenticator."""

from __future__ import annotations

import secrets

import pyotp

from oim.kit.clock import read_host_clock
from oim.kit.errors import BadInputError
from oim.kit.i18n import mark

# Length rather than special characters, as NIST SP 800-63B advises.
MIN_PASSWORD_LENGTH, MAX_PASSWORD_LENGTH = 12, 200  # characters
MIN_DISTINCT_CHARACTERS = 6  # upper and lower case counted as one
TOTP_PERIOD = 30  # seconds that an authenticator shows a code (RFC 6238)


# Letters and digits that are not mistaken for one another when read aloud or from a cracked screen.
CODE_ALPHABET = "ACDEFHJKLMNPRTUVWXY3479"
RECOVERY_CODES = 8
RECOVERY_CODE_LENGTH = 10  # 45 bits: guesses are limited as those of passwords


def draw_code(length: int) -> str:
    """Draw a code that people copy and say."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(length))


def draw_recovery_codes() -> tuple[str, ...]:
    """Draw new recovery codes, written as they are shown: `ACDEF-HJKLM`."""
    half = RECOVERY_CODE_LENGTH // 2
    return tuple(f"{draw_code(half)}-{draw_code(half)}" for _ in range(RECOVERY_CODES))


def fold_recovery_code(code: str) -> str:
    """Return a recovery code as typed in the form in which it is hashed; empty where it is none."""
    folded = "".join(letter for letter in code.upper() if letter.isalnum())
    is_one = len(folded) == RECOVERY_CODE_LENGTH and set(folded) <= set(CODE_ALPHABET)
    return folded if is_one else ""


def validate_password(password: str, email: str) -> str:
    """Check a new password against the rules and return it. Raises BadInputError."""
    if not MIN_PASSWORD_LENGTH <= len(password) <= MAX_PASSWORD_LENGTH:
        raise BadInputError(
            mark("The password has %(low)s to %(high)s characters. Three or four words do well."),
            field="password",
            low=MIN_PASSWORD_LENGTH,
            high=MAX_PASSWORD_LENGTH,
        )
    email_name = email.partition("@")[0]
    # A name of up to three letters occurs in many good passwords by chance.
    contains_name = len(email_name) > 3 and email_name in password.lower()
    if len(set(password.lower())) < MIN_DISTINCT_CHARACTERS or contains_name:
        raise BadInputError(mark("This password is too easy to guess."), field="password")
    return password


def find_totp_step(key: str, code: str) -> int | None:
    """Find the time step that a code belongs to: the present one, or one before or after.

    The neighbours are for clocks that are up to 30 seconds wrong. None if the code is of none of them. By the
    clock of this host, which is to have the true time as the authenticator has: a wrong one of the database
    would shut out all staff. Steps are compared with nothing but steps.
    """
    digits = "".join(code.split())
    present_step = int(read_host_clock().timestamp()) // TOTP_PERIOD
    totp = pyotp.TOTP(key)
    steps = (present_step, present_step - 1, present_step + 1)
    return next((step for step in steps if pyotp.utils.strings_equal(totp.generate_otp(step), digits)), None)
