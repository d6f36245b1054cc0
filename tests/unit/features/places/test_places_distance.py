"""A bounding box contains the circle around a point, and little else."""

from __future__ import annotations

from math import asin, atan2, cos, degrees, radians, sin

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from oim.features.places import EARTH_RADIUS_KM, bounding_box, distance_km


def destination(latitude: float, longitude: float, bearing: float, km: float) -> tuple[float, float]:
    """The point at a distance in a direction, in degrees."""
    phi, arc, turn = radians(latitude), km / EARTH_RADIUS_KM, radians(bearing)
    north = asin(sin(phi) * cos(arc) + cos(phi) * sin(arc) * cos(turn))
    east = atan2(sin(turn) * sin(arc) * cos(phi), cos(arc) - sin(phi) * sin(north))
    return degrees(north), longitude + degrees(east)


@given(st.floats(-80, 80), st.floats(-90, 90), st.floats(0, 360), st.floats(0.01, 1000))
@example(4.05, 9.7, 90.0, 1000.0)
@example(13.1, 14.5, 270.0, 1.0)
def test_a_bounding_box_contains_every_point_within_the_distance(
    latitude: float, longitude: float, bearing: float, km: float
) -> None:
    south, north, west, east = bounding_box(latitude, longitude, km)
    point = destination(latitude, longitude, bearing, km * 0.999999)
    assert distance_km(latitude, longitude, *point) <= km
    assert south <= point[0] <= north
    assert west <= point[1] <= east


@pytest.mark.parametrize(("latitude", "longitude"), [(1.6, 9.0), (4.05, 9.7), (13.1, 14.5)])
def test_a_bounding_box_is_no_larger_than_necessary(latitude: float, longitude: float) -> None:
    south, north, west, east = bounding_box(latitude, longitude, 50)
    assert distance_km(latitude, longitude, north, longitude) == pytest.approx(50, rel=1e-6)
    assert distance_km(latitude, longitude, south, longitude) == pytest.approx(50, rel=1e-6)
    assert distance_km(latitude, longitude, latitude, east) == pytest.approx(50, rel=1e-3)
    assert west - longitude == pytest.approx(longitude - east)


def test_a_bounding_box_over_a_pole_covers_all_longitudes() -> None:
    assert bounding_box(89.9, 0.0, 100)[2:] == (-180.0, 180.0)
