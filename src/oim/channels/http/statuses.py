"""The HTTP status of each kind of error, where REST and the pages agree.

Bad input is 422 for an API, whose body was understood but cannot be used, and 400 for a form; each channel
adds its own row.
"""

from __future__ import annotations

from oim.kit.errors import (
    ConflictError,
    NotFoundError,
    OimError,
    SignInError,
    TooManyError,
    UnavailableError,
)

STATUSES: dict[type[OimError], int] = {
    SignInError: 401,
    TooManyError: 429,
    NotFoundError: 404,
    ConflictError: 409,
    UnavailableError: 503,
}
