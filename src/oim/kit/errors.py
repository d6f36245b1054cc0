"""The hierarchy of errors that people may see. Each channel (HTTP, USSD, terminal) translates them itself.

OimError
├── BadInputError       the input cannot be used; the person can correct it
│   └── TooLargeError   there is too much of it
├── NotFoundError       the requested object does not exist, or no longer
├── ConflictError       the request contradicts the present state
├── SignInError         the caller is not signed in, or no longer; signing in helps
├── TooManyError        there were too many requests; waiting helps
└── UnavailableError    something that is needed does not answer; trying later may help
"""

from __future__ import annotations


class OimError(Exception):
    """An error that a person may see: a message to translate, and the values that it names."""

    code = "error"  # stable, for programs that call the API

    def __init__(self, message: str, **values: object) -> None:
        # Without values a `%` in the message is literal, as in "50% of it".
        super().__init__(message % values if values else message)
        # Kept separately: the message is translated first, and the values are put in then.
        self.message = message
        self.values = values


class BadInputError(OimError):
    """The input cannot be used; `field` names the part of it at fault, where there is one."""

    code = "bad-input"

    def __init__(self, message: str, *, field: str | None = None, **values: object) -> None:
        super().__init__(message, **values)
        self.field = field


class TooLargeError(BadInputError):
    """There is more input than is read."""

    code = "too-large"


class NotFoundError(OimError):
    """The requested object does not exist, or no longer."""

    code = "not-found"


class ConflictError(OimError):
    """The request contradicts the present state."""

    code = "conflict"


class SignInError(OimError):
    """The caller is not signed in, or no longer."""

    code = "sign-in"


class TooManyError(OimError):
    """There were too many requests; the next is accepted after `wait` seconds."""

    code = "too-many"

    def __init__(self, message: str, *, wait: int, **values: object) -> None:
        super().__init__(message, **values)
        self.wait = wait


class UnavailableError(OimError):
    """Something that is needed does not answer now."""

    code = "unavailable"
