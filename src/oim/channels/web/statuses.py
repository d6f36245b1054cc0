"""The HTTP status of a page that shows an error, beside its form or alone."""

from __future__ import annotations

from oim.channels.http.responses import STATUSES
from oim.channels.web.security import CrossSiteError
from oim.kit.errors import BadInputError, OimError

# `status_of` takes the first class that fits, so a class stands before its base class: CrossSiteError and
# TooLargeError are BadInputErrors too.
PAGE_STATUSES: dict[type[OimError], int] = {CrossSiteError: 403, **STATUSES, BadInputError: 400}

Status = int | OimError  # of a page; that of an error brings with it when to try again


def status_of(error: OimError) -> int:
    """The HTTP status of an error's page."""
    return next((status for kind, status in PAGE_STATUSES.items() if isinstance(error, kind)), 500)
