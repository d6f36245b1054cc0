"""Rules for staff passwords: length rather than special characters, as NIST SP 800-63B advises."""

from __future__ import annotations

from oim.kit.errors import BadInputError
from oim.kit.i18n import mark

MIN_PASSWORD_LENGTH, MAX_PASSWORD_LENGTH = 12, 200  # characters
MIN_DISTINCT_CHARACTERS = 6  # upper and lower case counted as one


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
