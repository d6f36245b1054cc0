"""Cameroon's regions, departments and communes: their names, where they lie, and how people write them.

Where an offer or a person is belongs to those features; they keep the codes of here.
"""

from oim.features.places.distance import EARTH_RADIUS_KM, bounding_box, distance_km
from oim.features.places.finder import find, find_name_words, resolve
from oim.features.places.table import Level, Place, children, city_name, get, lineage, regions

__all__ = [
    "EARTH_RADIUS_KM",
    "Level",
    "Place",
    "bounding_box",
    "children",
    "city_name",
    "distance_km",
    "find",
    "find_name_words",
    "get",
    "lineage",
    "regions",
    "resolve",
]
