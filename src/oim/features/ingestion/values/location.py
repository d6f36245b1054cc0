"""Where an offer is: our places for Cameroon only; what is abroad keeps the source's words."""

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
UNKNOWN_COUNTRY = "?"
PLACE_FIELDS = ("region", "department", "commune", "locality")
FRENCH_DEPARTMENT = re.compile(r"(?:\d\d|2[AB]|97\d) - ")  # "92 - Nanterre"


def locate(fields: Mapping[str, Any], title: str) -> Location:
    """The location that the fields state; where they state none, the place of Cameroon in the title."""
    region, department, commune, locality = (clean(fields.get(name)) for name in PLACE_FIELDS)
    words = tuple(filter(None, (locality, commune, department, region)))
    country = find_country(clean(fields.get("country")), words)
    place = None
    if country in (None, HOME_COUNTRY):
        place = _resolve_place(region, department, commune, locality) if words else places.find(title)
    if place:
        return _to_location(
            place, next((word for word in (locality, commune) if word and word != place.code), None)
        )
    return Location(country=None if country == UNKNOWN_COUNTRY else country, locality=next(iter(words), None))


def find_country(stated_country: str | None, words: tuple[str, ...] = ()) -> str | None:
    """The ISO 3166-1 code of the country stated, else of one that a place's words tell; "?" if unknown."""
    if stated_country:
        return _country_codes().get(fold(stated_country)) or (
            HOME_COUNTRY if "camero" in fold(stated_country) else UNKNOWN_COUNTRY
        )
    if any(FRENCH_DEPARTMENT.match(word) for word in words):
        return "FR"
    parts = (fold(part) for word in words for part in re.split(r"[,;/()|]|\s-\s", word))
    return next((code for part in parts if (code := _unambiguous_codes().get(part))), None)


@cache
def _country_codes() -> dict[str, str]:
    """Countries by code and by French and English name, folded."""
    codes: dict[str, str] = {}
    for language in ("fr", "en"):
        territories = Locale(language).territories
        codes |= {fold(str(name)): str(code) for code, name in territories.items() if len(code) == 2}
    return (
        codes
        | {code.casefold(): code for code in codes.values()}
        | {"cmr": HOME_COUNTRY, "uk": "GB", "usa": "US"}
    )


@cache
def _unambiguous_codes() -> dict[str, str]:
    """Country names that no place of Cameroon bears: Tonga is a commune."""
    return {
        name: code
        for name, code in _country_codes().items()
        if len(name) > 3 and not places.resolve(None, name)
    }


@lru_cache(maxsize=4096)
def _resolve_place(
    region: str | None, department: str | None, commune: str | None, locality: str | None
) -> Place | None:
    for text in (commune, department):
        if text and (coded := places.get(text.upper())):
            return coded
    return places.resolve(region, ", ".join(filter(None, (locality, commune, department))))


def _to_location(place: Place, locality: str | None) -> Location:
    codes = {part.level: part.code for part in places.lineage(place.code)}
    exact = place.level != "region"  # the chief town of a region says nothing of a place somewhere in it
    return Location(
        country=HOME_COUNTRY,
        region=codes.get("region"),
        department=codes.get("department"),
        commune=codes.get("commune"),
        locality=locality,
        latitude=place.latitude if exact else None,
        longitude=place.longitude if exact else None,
    )
