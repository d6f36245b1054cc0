"""Cameroon's regions, departments and communes: their names, where they lie, and how people write them.

Where an offer or a person is belongs to those features; they keep the codes of here.
"""

from oim.features.places.distance import EARTH_RADIUS_KM, box, distance_km
from oim.features.places.finder import find, naming, resolve
from oim.features.places.table import children, city, get, lineage, regions
from oim.features.places.types import Level, Place

__all__ = [
    "EARTH_RADIUS_KM",
    "Level",
    "Place",
    "box",
    "children",
    "city",
    "distance_km",
    "find",
    "get",
    "lineage",
    "naming",
    "regions",
    "resolve",
]
