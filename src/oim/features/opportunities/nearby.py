"""Whether an offer is near a place, as SQL: a box that an index can serve, then the distance itself."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, func, or_

from oim.features import places
from oim.features.opportunities.models import OpportunityRow
from oim.features.places import EARTH_RADIUS_KM, Place

_AREA_COLUMNS = {
    "region": OpportunityRow.region,
    "department": OpportunityRow.department,
    "commune": OpportunityRow.commune,
}


def _is_near(code: str, within_km: int | None) -> ColumnElement[bool]:
    """Within a distance of a place, by the place's code; without one, in it.

    An offer that lies somewhere in the place's region, nobody knows where, is near.
    """
    *_, place = around = places.lineage(code)
    if within_km is None:
        return _AREA_COLUMNS[place.level] == place.code
    nowhere = or_(OpportunityRow.latitude.is_(None), OpportunityRow.longitude.is_(None))
    return or_(
        and_(_is_in_box(place, within_km), _distance_km(place) <= within_km),
        and_(nowhere, OpportunityRow.region == around[0].code),
    )


def _is_in_box(place: Place, km: float) -> ColumnElement[bool]:
    south, north, west, east = places.bounding_box(place.latitude, place.longitude, km)
    return and_(OpportunityRow.latitude.between(south, north), OpportunityRow.longitude.between(west, east))


def _distance_km(place: Place) -> ColumnElement[float]:
    """See `places.distance_km`."""
    phi1, phi2 = func.radians(place.latitude), func.radians(OpportunityRow.latitude)
    across = func.power(func.sin((phi2 - phi1) / 2), 2)
    along = func.power(func.sin(func.radians(OpportunityRow.longitude - place.longitude) / 2), 2)
    root = func.sqrt(across + func.cos(phi1) * func.cos(phi2) * along)
    return 2 * EARTH_RADIUS_KM * func.asin(func.least(1.0, root))
