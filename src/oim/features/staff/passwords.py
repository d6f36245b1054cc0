"""Passwords of staff: long rather than odd, as NIST SP 800-63B advises."""

from __future__ import annotations

from oim.kit.errors import BadInputError
from oim.kit.i18n import mark

MIN_PASSWORD_LENGTH, MAX_PASSWORD_LENGTH = 12, 200  # characters
MIN_DISTINCT_CHARACTERS = 6  # characters


def check_password(password: str, email: str) -> str:
    """The password, where it may be used. Raises BadInputError."""
    if not MIN_PASSWORD_LENGTH <= len(password) <= MAX_PASSWORD_LENGTH:
        raise BadInputError(
            mark("The password has %(low)s to %(high)s characters. Three or four words do well."),
            field="password",
            low=MIN_PASSWORD_LENGTH,
            high=MAX_PASSWORD_LENGTH,
        )
    own = email.partition("@")[0]
    if len(set(password.lower())) < MIN_DISTINCT_CHARACTERS or (len(own) > 3 and own in password.lower()):
        raise BadInputError(mark("This password is too easy to guess."), field="password")
    return password
