"""Instants as people say them: the day and the hour in Cameroon."""

from __future__ import annotations

from datetime import datetime

from oim.kit.clock import CAMEROON
from oim.kit.i18n import Translator, format_date, format_hour


def render_moment(moment: datetime, t: Translator) -> str:
    """Describe an instant by its day and its hour in Cameroon."""
    return t(
        "%(day)s at %(time)s",
        day=format_date(moment, t.language),
        time=format_hour(moment.astimezone(CAMEROON).time(), t.language),
    )
