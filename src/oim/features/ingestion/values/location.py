"""Locate an offer: by place codes in Cameroon; abroad by its country and the source's own words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

from babel import Locale

from oim.features import places
from oim.features.ingestion.values.text import clean
from oim.features.opportunities import Location
from oim.features.places import Place
from oim.kit.text import fold

HOME_COUNTRY = "CM"
# Stands for a stated country that is not known: it is abroad at any rate.
UNKNOWN_COUNTRY = "?"
PLACE_FIELDS = ("region", "department", "commune", "locality")
# As France Travail writes places: "92 - Nanterre", "2A - Ajaccio", "974 - Saint-Denis".
FRENCH_DEPARTMENT = re.compile(r"(?:\d\d|2[AB]|97\d) - ")


def locate(fields: Mapping[str, Any], title: str) -> Location:
    """Return the location that the fields state; if they state none, a place of Cameroon in the title."""
    region, department, commune, locality = (clean(fields.get(name)) for name in PLACE_FIELDS)
    words = tuple(filter(None, (locality, commune, department, region)))
    country = find_country(clean(fields.get("country")), words)
    place = None
    # Only where the country allows it: abroad, "Centre-Val de Loire" must not become the region Centre.
    if country in (None, HOME_COUNTRY):
        place = _resolve_place(region, department, commune, locality) if words else places.find(title)
    if place:
        # A source may state our own code as the place; people should read a name, so a code is no locality.
        return _to_location(
            place, next((word for word in (locality, commune) if word and word != place.code), None)
        )
    return Location(country=None if country == UNKNOWN_COUNTRY else country, locality=next(iter(words), None))


def find_country(stated_country: str | None, words: tuple[str, ...] = ()) -> str | None:
    """Return the ISO 3166-1 code of the stated country, else of a country named in a place's words.

    UNKNOWN_COUNTRY for a stated country that is not known; None where no country is stated or named.
    """
    if stated_country:
        # Babel knows "Cameroun" and "Cameroon" but not "Republic of Cameroon".
        return _country_codes().get(fold(stated_country)) or (
            HOME_COUNTRY if "camero" in fold(stated_country) else UNKNOWN_COUNTRY
        )
    if any(FRENCH_DEPARTMENT.match(word) for word in words):
        return "FR"
    # "Abuja, Nigeria", "Luxembourg (ville)", "Paris - France", but not the hyphen of "Guinée-Bissau".
    parts = (fold(part) for word in words for part in re.split(r"[,;/()|]|\s-\s", word))
    return next((code for part in parts if (code := _unambiguous_codes().get(part))), None)


@cache
def _country_codes() -> dict[str, str]:
    """Return country codes by code and by French and English name, folded (names of Unicode CLDR)."""
    codes: dict[str, str] = {}
    for language in ("fr", "en"):
        territories = Locale(language).territories
        # Territories with codes of three digits are continents and regions.
        codes |= {fold(str(name)): str(code) for code, name in territories.items() if len(code) == 2}
    return (
        codes
        | {code.casefold(): code for code in codes.values()}
        | {"cmr": HOME_COUNTRY, "uk": "GB", "usa": "US"}
    )


@cache
def _unambiguous_codes() -> dict[str, str]:
    """Return codes by country names that are not places of Cameroon too, as Tonga is, nor mere codes."""
    return {
        name: code
        for name, code in _country_codes().items()
        if len(name) > 3 and not places.resolve(None, name)
    }


@lru_cache(maxsize=4096)
def _resolve_place(
    region: str | None, department: str | None, commune: str | None, locality: str | None
) -> Place | None:
    """Return the place of Cameroon that the fields state: by code, else by name within the region."""
    for text in (commune, department):
        if text and (place := places.get(text.upper())):
            return place
    return places.resolve(region, ", ".join(filter(None, (locality, commune, department))))


def _to_location(place: Place, locality: str | None) -> Location:
    """Build the location of a place of Cameroon, with the codes of all levels above it."""
    codes = {part.level: part.code for part in places.lineage(place.code)}
    # The coordinates of a region are those of its chief town: an offer somewhere in it may be far away.
    exact = place.level != "region"
    return Location(
        country=HOME_COUNTRY,
        region=codes.get("region"),
        department=codes.get("department"),
        commune=codes.get("commune"),
        locality=locality,
        latitude=place.latitude if exact else None,
        longitude=place.longitude if exact else None,
    )
