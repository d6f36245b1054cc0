"""The table of places, read once from `cameroon.csv`.

Region codes are ISO 3166-2. Coordinates of most towns are those of GeoNames (geonames.org, CC BY 4.0).
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
    """A place and the other names that people give it."""

    place: Place
    aliases: tuple[str, ...]


@cache
def load_rows() -> dict[str, PlaceRow]:
    """Every place by its code, in the order of codes."""
    with (resources.files("oim.features.places") / "cameroon.csv").open(encoding="utf-8") as lines:
        cells = {line["code"]: line for line in csv.DictReader(lines)}
    return {code: _parse_row(line, cells) for code, line in cells.items()}


def get(code: str) -> Place | None:
    """The place of a code, where there is one."""
    row = load_rows().get(code)
    return row.place if row else None


@cache
def regions() -> tuple[Place, ...]:
    """The ten regions."""
    return tuple(row.place for row in load_rows().values() if row.place.level == "region")


def children(code: str) -> tuple[Place, ...]:
    """The departments of a region, the communes of a department; else none."""
    return _load_children().get(code, ())


def lineage(code: str) -> tuple[Place, ...]:
    """Region, department and commune that hold a place, itself last; empty for an unknown code."""
    place = get(code)
    if place is None:
        return ()
    return (*lineage(place.parent), place) if place.parent else (place,)


def city_name(code: str) -> str | None:
    """The city of several communes that people mean by a department's name for it: Douala for the Wouri."""
    row = load_rows().get(code)
    names = [one.name_fr for one in children(code)] if row and row.place.level == "department" else []
    aliases = row.aliases if row else ()
    return next((alias for alias in aliases if any(name.startswith(f"{alias} ") for name in names)), None)


@cache
def _load_children() -> dict[str, tuple[Place, ...]]:
    grouped: dict[str, tuple[Place, ...]] = {}
    for row in load_rows().values():
        if row.place.parent:
            grouped[row.place.parent] = (*grouped.get(row.place.parent, ()), row.place)
    return grouped


def _parse_row(line: dict[str, str], cells: dict[str, dict[str, str]]) -> PlaceRow:
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
    """A region, department or commune. Its code begins with the code of what it lies in.

    Coordinates are those of its chief town, in degrees (WGS 84); a commune whose own are not known has its
    department's.
    """

    code: str  # CM-OU, CM-OU-03, CM-OU-0307
    level: Level
    parent: str | None
    name_fr: str
    name_en: str
    latitude: float
    longitude: float

    def name(self, language: str) -> str:
        """Its English name for "en", else its French one."""
        return self.name_en if language == "en" else self.name_fr
