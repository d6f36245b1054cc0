"""Consents as forms show them."""

from __future__ import annotations

from oim.channels.wording import CONSENTS
from oim.kit.i18n import Translator


def consent_choices(t: Translator) -> list[tuple[str, str, str]]:
    """Of each purpose its value, what it is for, and what that means."""
    return [(purpose.value, t(title), t(meaning)) for purpose, (title, meaning) in CONSENTS.items()]
