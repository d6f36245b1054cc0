"""Distances over the ground."""

from __future__ import annotations

from math import asin, cos, degrees, radians, sin, sqrt

EARTH_RADIUS_KM = 6371.0
_ROUNDING_MARGIN = 1e-9  # degrees, a tenth of a millimetre: for what rounding takes


def distance_km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Kilometres as the crow flies between two points in degrees (haversine)."""
    phi1, phi2 = radians(lat1), radians(lat2)
    across = sin((phi2 - phi1) / 2) ** 2
    along = sin(radians(lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(across + cos(phi1) * cos(phi2) * along)))


def bounding_box(latitude: float, longitude: float, km: float) -> tuple[float, float, float, float]:
    """South, north, west and east, in degrees, of a box that holds every point within a distance.

    Not where the box would reach over the 180th meridian.
    """
    arc = km / EARTH_RADIUS_KM
    tall = degrees(arc) + _ROUNDING_MARGIN
    reaches_pole = sin(arc) >= cos(radians(latitude))
    wide = 180.0 if reaches_pole else degrees(asin(sin(arc) / cos(radians(latitude)))) + _ROUNDING_MARGIN
    return latitude - tall, latitude + tall, longitude - wide, longitude + wide
