"""The table of places in `cameroon.csv`, read once: look-up by code, and the hierarchy above and below.

Region codes are ISO 3166-2. Coordinates of most towns come from GeoNames (geonames.org, CC BY 4.0).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal, cast

Level = Literal["region", "department", "commune"]


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A line of the table: a place, and the other names that people use for it."""

    place: Place
    aliases: tuple[str, ...]


@cache
def load_rows() -> dict[str, PlaceRow]:
    """Every place by its code, in the order of codes."""
    with (resources.files("oim.features.places") / "cameroon.csv").open(encoding="utf-8") as lines:
        cells = {line["code"]: line for line in csv.DictReader(lines)}
    # Only once all lines are read: a commune without coordinates takes those of its department's line.
    return {code: _parse_row(line, cells) for code, line in cells.items()}


def get(code: str) -> Place | None:
    """The place with a code, or None."""
    row = load_rows().get(code)
    return row.place if row else None


@cache
def regions() -> tuple[Place, ...]:
    """The ten regions, in the order of codes."""
    return tuple(row.place for row in load_rows().values() if row.place.level == "region")


def children(code: str) -> tuple[Place, ...]:
    """The departments of a region or the communes of a department; empty for any other code."""
    return _load_children().get(code, ())


def lineage(code: str) -> tuple[Place, ...]:
    """The place with its ancestors, from the region down to itself; empty for an unknown code."""
    place = get(code)
    if place is None:
        return ()
    return (*lineage(place.parent), place) if place.parent else (place,)


def city_name(code: str) -> str | None:
    """The city that a department's communes make up: Douala for the Wouri. None for any other place.

    People say "Douala", and hardly ever the name of the department or "Douala III".
    """
    row = load_rows().get(code)
    names = [commune.name_fr for commune in children(code)] if row and row.place.level == "department" else []
    aliases = row.aliases if row else ()
    # The city is that alias of the department which begins the name of a commune: "Douala" in "Douala I".
    return next((alias for alias in aliases if any(name.startswith(f"{alias} ") for name in names)), None)


def common_name(code: str, language: str) -> str | None:
    """The name by which people call a place: Douala for the Wouri and for Douala III. None if unknown."""
    place = get(code)
    if place is None:
        return None
    name = place.name(language)
    part_of = city_name(place.parent) if place.parent else None
    return city_name(code) or (part_of if part_of and name.startswith(f"{part_of} ") else name)


@cache
def _load_children() -> dict[str, tuple[Place, ...]]:
    """The places directly below each place, by its code."""
    grouped: dict[str, tuple[Place, ...]] = {}
    for row in load_rows().values():
        if row.place.parent:
            grouped[row.place.parent] = (*grouped.get(row.place.parent, ()), row.place)
    return grouped


def _parse_row(line: dict[str, str], cells: dict[str, dict[str, str]]) -> PlaceRow:
    """Build the row of a line of the file; `cells` are all lines, by code."""
    position = line if line["latitude"] else cells[line["parent"]]
    place = Place(
        code=line["code"],
        level=cast(Level, line["level"]),
        parent=line["parent"] or None,
        name_fr=line["name_fr"],
        name_en=line["name_en"] or line["name_fr"],
        latitude=float(position["latitude"]),
        longitude=float(position["longitude"]),
    )
    return PlaceRow(place, tuple(filter(None, line["aliases"].split("|"))))


@dataclass(frozen=True, slots=True)
class Place:
    """A region, department or commune. Its code begins with its parent's code, so a prefix means "lies in".

    Coordinates are those of its chief town, in degrees (WGS 84). A commune without known coordinates has
    those of its department.
    """

    code: str  # CM-OU, CM-OU-03, CM-OU-0307
    level: Level
    parent: str | None
    name_fr: str
    name_en: str
    latitude: float
    longitude: float

    def name(self, language: str) -> str:
        """The English name for "en", the French name for any other language."""
        return self.name_en if language == "en" else self.name_fr
