"""The conditions of a search as SQL, one for each field, all of them to be met."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from datetime import date
from fractions import Fraction
from math import ceil
from typing import Any

from sqlalchemy import ColumnElement, Numeric, and_, case, cast, func, or_

from oim.features import places
from oim.features.opportunities.models import OpportunityRow
from oim.features.opportunities.search_criteria import Search
from oim.features.opportunities.types import Contract, Kind, PayPeriod
from oim.features.places import EARTH_RADIUS_KM, Place
from oim.kit.clock import end_of_day, start_of_day

# How much of each pay a month holds: 40 hours a week by the Labour Code, six days a week as custom has it.
PERIODS_PER_MONTH: Mapping[PayPeriod, Fraction] = {
    PayPeriod.HOUR: Fraction(40 * 52, 12),
    PayPeriod.DAY: Fraction(26),
    PayPeriod.MONTH: Fraction(1),
    PayPeriod.YEAR: Fraction(1, 12),
}
_AREA_COLUMNS = {
    "region": OpportunityRow.region,
    "department": OpportunityRow.department,
    "commune": OpportunityRow.commune,
}


def build_conditions(search: Search) -> list[ColumnElement[bool]]:
    """What offers must meet; the words are not among it, since they are not sought in the database."""
    stated = {field.name: getattr(search, field.name) for field in fields(search)}
    found = [
        condition(stated[name])
        for name, condition in _CONDITIONS.items()
        if stated[name] is not None and stated[name] is not False and stated[name] != ()
    ]
    return [*found, _is_near(search.near, search.within_km)] if search.near else found


def _details_number(name: str) -> ColumnElement[Any]:
    """A number of the details. Numeric, since what a source states may be too large for an integer."""
    return cast(OpportunityRow.details[name].astext, Numeric)


def _is_of_kind(kinds: Sequence[Kind]) -> ColumnElement[bool]:
    return OpportunityRow.kind.in_([kind.value for kind in kinds])


def _admits_education(level: int) -> ColumnElement[bool]:
    asked = cast(OpportunityRow.eligibility["education_min"].astext, Numeric)
    return or_(asked.is_(None), asked <= level)


def _has_contract(contracts: Sequence[Contract]) -> ColumnElement[bool]:
    stated: ColumnElement[str] = OpportunityRow.details["contract"].astext
    return stated.in_([contract.value for contract in contracts])


def _offers_at_least(minimum: int) -> ColumnElement[bool]:
    """By the most that an offer states. Pay for no stated period is taken as monthly, as custom has it."""
    asked = {period.value: ceil(minimum / times) for period, times in PERIODS_PER_MONTH.items()}
    by_period = case(asked, value=OpportunityRow.details["pay_period"].astext, else_=minimum)
    return or_(
        func.coalesce(_details_number("pay_max"), _details_number("pay_min")) >= by_period,
        func.coalesce(_details_number("amount_max"), _details_number("amount_min")) >= minimum,
        _details_number("allowance") >= minimum,
    )


def _is_open_on(day: date) -> ColumnElement[bool]:
    ends, opens = OpportunityRow.valid_through, OpportunityRow.details["opens_on"].astext
    return and_(
        or_(ends.is_(None), ends >= start_of_day(day)),
        or_(opens.is_(None), opens <= day.isoformat()),
    )


_CONDITIONS: Mapping[str, Callable[[Any], ColumnElement[bool]]] = {
    "kinds": _is_of_kind,
    "region": lambda code: OpportunityRow.region == code,
    "sectors": lambda sectors: OpportunityRow.sector.in_([sector.value for sector in sectors]),
    "education": _admits_education,
    "contracts": _has_contract,
    "amount_min": _offers_at_least,
    "free_only": lambda _: _details_number("cost") == 0,
    "closing_before": lambda day: OpportunityRow.valid_through <= end_of_day(day),
    "open_on": _is_open_on,
    "posted_since": lambda day: OpportunityRow.published_at >= start_of_day(day),
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
