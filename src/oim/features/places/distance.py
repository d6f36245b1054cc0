"""Distances between points on the globe, and boxes around them."""

from __future__ import annotations

from math import asin, cos, degrees, radians, sin, sqrt

EARTH_RADIUS_KM = 6371.0  # the mean radius
_ROUNDING_MARGIN = 1e-9  # degrees, about a tenth of a millimetre: makes up for rounding errors


def distance_km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Great-circle distance in kilometres between two points in degrees, by the haversine formula.

    `opportunities.filters._distance_km` is the same formula in SQL: change both together.
    """
    phi1, phi2 = radians(lat1), radians(lat2)
    across = sin((phi2 - phi1) / 2) ** 2
    along = sin(radians(lon2 - lon1) / 2) ** 2
    # For opposite points, rounding can take the root a little above 1, where asin is undefined.
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(across + cos(phi1) * cos(phi2) * along)))


def bounding_box(latitude: float, longitude: float, km: float) -> tuple[float, float, float, float]:
    """South, north, west and east, in degrees, of a box that contains every point within a distance.

    Wrong for a box across the 180th meridian, which is far from Cameroon.
    """
    arc = km / EARTH_RADIUS_KM
    height = degrees(arc) + _ROUNDING_MARGIN
    # A circle around a pole crosses every meridian.
    reaches_pole = sin(arc) >= cos(radians(latitude))
    # The circle is widest nearer to the pole than its centre is, hence asin instead of arc / cos(latitude).
    width = 180.0 if reaches_pole else degrees(asin(sin(arc) / cos(radians(latitude)))) + _ROUNDING_MARGIN
    return latitude - height, latitude + height, longitude - width, longitude + width
