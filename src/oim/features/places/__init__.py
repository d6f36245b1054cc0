"""Gazetteer of Cameroon: regions, departments and communes with names, coordinates and codes.

Offers and people's profiles store the codes of this feature.
"""

from oim.features.places.distance import EARTH_RADIUS_KM, bounding_box, distance_km
from oim.features.places.finder import find, find_name_words, find_written_name, resolve
from oim.features.places.table import Level, Place, children, city_name, common_name, get, lineage, regions

__all__ = [
    "EARTH_RADIUS_KM",
    "Level",
    "Place",
    "bounding_box",
    "children",
    "city_name",
    "common_name",
    "distance_km",
    "find",
    "find_name_words",
    "find_written_name",
    "get",
    "lineage",
    "regions",
    "resolve",
]
