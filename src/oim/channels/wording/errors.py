"""Errors in words: the message in the reader's language, with its numbers as they are written there."""

from __future__ import annotations

from oim.kit.errors import OimError
from oim.kit.i18n import Translator, format_number

MIN_GROUPED = 10_000  # smaller numbers may be years, which are not grouped


def render_error(error: OimError, t: Translator) -> str:
    """Render the message of an error: `100 000 000 au plus`, not `100000000 au plus`."""
    return t(error.message, **{name: _format(value, t) for name, value in error.values.items()})


def _format(value: object, t: Translator) -> object:
    is_large = isinstance(value, int) and abs(value) >= MIN_GROUPED
    return format_number(value, t.language) if is_large else value  # type: ignore[arg-type]
