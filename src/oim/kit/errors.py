"""The one tree of errors. Nothing here knows HTTP, USSD or a terminal: each channel translates it.

OimError
├── BadInputError       what was given cannot be used; the person can mend it
├── NotFoundError       what was asked for does not exist (any more)
├── ConflictError       what was asked contradicts what is there
├── SignInError         who asks is not known, or not any more; signing in helps
├── TooManyError        it was asked too often; waiting helps
└── UnavailableError    something this needs does not answer; trying later may help
"""

from __future__ import annotations


class OimError(Exception):
    """An error a person may see: a message to translate, with the values it names."""

    code = "error"

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message % values if values else message)
        self.message = message
        self.values = values


class BadInputError(OimError):
    """What was given cannot be used; `field` names the part of the input at fault, where there is one."""

    code = "bad-input"

    def __init__(self, message: str, *, field: str | None = None, **values: object) -> None:
        super().__init__(message, **values)
        self.field = field


class NotFoundError(OimError):
    """What was asked for does not exist, or no longer."""

    code = "not-found"


class ConflictError(OimError):
    """What was asked contradicts what is already there."""

    code = "conflict"


class SignInError(OimError):
    """Who asks is not known, or not any more."""

    code = "sign-in"


class TooManyError(OimError):
    """It was asked too often: again after `wait` seconds."""

    code = "too-many"

    def __init__(self, message: str, *, wait: int, **values: object) -> None:
        super().__init__(message, **values)
        self.wait = wait


class UnavailableError(OimError):
    """Something that this needs does not answer now."""

    code = "unavailable"
