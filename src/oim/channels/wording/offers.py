"""The lines of an offer's card: who, where, until when. What is not stated is said to be so."""

from __future__ import annotations

from datetime import datetime

from babel import Locale

from oim.features import places
from oim.features.opportunities import Draft, Kind, Location
from oim.kit.clock import CAMEROON
from oim.kit.i18n import Translator, format_date, mark

CLOSING_SOON = 7  # days before the end from which the days left are told

_UNNAMED_PUBLISHERS = {
    Kind.EMPLOYMENT: mark("Employer not named"),
    Kind.TRAINING: mark("School not named"),
    Kind.AGR: mark("Programme not named"),
}


def render_publisher(draft: Draft, t: Translator) -> str:
    """Who publishes an offer."""
    return draft.organisation or t(_UNNAMED_PUBLISHERS[draft.kind])


def render_place(location: Location, t: Translator) -> str:
    """Where an offer is: its town and region, with the country when abroad."""
    town = location.locality or place_name(location.commune or location.department, t)
    names = [town, place_name(location.region, t), _foreign_country(location.country, t)]
    return ", ".join(dict.fromkeys(name for name in names if name)) or t("Place not stated")


def place_name(code: str | None, t: Translator) -> str | None:
    """The name of a place's code, where it is known."""
    place = places.get(code) if code else None
    return place.name(t.language) if place else None


def _foreign_country(country: str | None, t: Translator) -> str | None:
    return None if country in (None, "CM") else Locale.parse(t.language).territories.get(country, country)


def render_deadline(valid_through: datetime | None, at: datetime, t: Translator) -> str:
    """Until when an offer is open, seen from the instant `at`; near the end, with the days left."""
    if valid_through is None:
        return t("No closing date stated")
    day = format_date(valid_through, t.language)
    if valid_through < at:
        return t("Closed since %(day)s", day=day)
    left = (valid_through.astimezone(CAMEROON).date() - at.astimezone(CAMEROON).date()).days
    if left == 0:
        return t("Until today, %(day)s", day=day)
    if left > CLOSING_SOON:
        return t("Until %(day)s", day=day)
    return t.plural(
        "Until %(day)s (%(count)s day left)", "Until %(day)s (%(count)s days left)", left, day=day
    )
