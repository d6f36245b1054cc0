"""The conditions of a search as SQL: one condition for each field of `Search`, all of which must be met."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from datetime import date
from fractions import Fraction
from math import ceil
from typing import Any

from sqlalchemy import ColumnElement, Double, Numeric, and_, case, cast, func, or_

from oim.features import places
from oim.features.opportunities.models import OpportunityRow
from oim.features.opportunities.pages import can_be_answered
from oim.features.opportunities.search_criteria import Order, Search, Sort
from oim.features.opportunities.types import Contract, Kind, PayPeriod
from oim.features.places import EARTH_RADIUS_KM, Place
from oim.kit.clock import end_of_day, start_of_day

# How many of each pay period one month has: 40 hours a week by the Labour Code, 26 days for the customary six
# days a week. Multiply pay by it to get XAF a month. Fractions, so that no rounding creeps into a comparison.
PERIODS_PER_MONTH: Mapping[PayPeriod, Fraction] = {
    PayPeriod.HOUR: Fraction(40 * 52, 12),
    PayPeriod.DAY: Fraction(26),
    PayPeriod.MONTH: Fraction(1),
    PayPeriod.YEAR: Fraction(1, 12),
}
LAST = 1e12  # of a sort key: after every instant in seconds and every distance in kilometres
_AREA_COLUMNS = {
    "region": OpportunityRow.region,
    "department": OpportunityRow.department,
    "commune": OpportunityRow.commune,
}


def build_conditions(search: Search) -> list[ColumnElement[bool]]:
    """The SQL conditions that offers must meet. The words of the search are not among them.

    Words are matched by the matching engine, not in the database.
    """
    stated = {field.name: getattr(search, field.name) for field in fields(search)}
    conditions = [
        condition(stated[name])
        for name, condition in _CONDITIONS.items()
        # Not by truth: 0 is a stated education level.
        if stated[name] is not None and stated[name] is not False and stated[name] != ()
    ]
    return [*conditions, _is_near(search.near, search.within_km)] if search.near else conditions


def _details_number(name: str) -> ColumnElement[Any]:
    """A number in the JSON details, as SQL NUMERIC: a source may state one too large for an integer."""
    return cast(OpportunityRow.details[name].astext, Numeric)


def _is_of_kind(kinds: Sequence[Kind]) -> ColumnElement[bool]:
    """The offer is of one of the kinds."""
    return OpportunityRow.kind.in_([kind.value for kind in kinds])


def _admits_education(level: int) -> ColumnElement[bool]:
    """The offer requires at most this ISCED level, or states none."""
    required = cast(OpportunityRow.eligibility["education_min"].astext, Numeric)
    return or_(required.is_(None), required <= level)


def _has_contract(contracts: Sequence[Contract]) -> ColumnElement[bool]:
    """The offer states one of these forms of contract."""
    stated: ColumnElement[str] = OpportunityRow.details["contract"].astext
    return stated.in_([contract.value for contract in contracts])


def _offers_at_least(minimum: int) -> ColumnElement[bool]:
    """The offer's monthly pay, support amount or monthly allowance reaches `minimum`, in XAF.

    The upper end of a stated range counts. Pay without a stated period is taken as monthly, as is customary.
    """
    # Instead of converting each offer's pay, convert the minimum once into every period.
    minimums = {period.value: ceil(minimum / times) for period, times in PERIODS_PER_MONTH.items()}
    by_period = case(minimums, value=OpportunityRow.details["pay_period"].astext, else_=minimum)
    # A comparison with NULL (nothing stated) is not true, so offers without an amount drop out.
    return or_(
        func.coalesce(_details_number("pay_max"), _details_number("pay_min")) >= by_period,
        func.coalesce(_details_number("amount_max"), _details_number("amount_min")) >= minimum,
        _details_number("allowance") >= minimum,
    )


def _is_open_on(day: date) -> ColumnElement[bool]:
    """The offer accepts applications on a day: it has opened by then and has not closed before."""
    ends, opens = OpportunityRow.valid_through, OpportunityRow.details["opens_on"].astext
    return and_(
        or_(ends.is_(None), ends >= start_of_day(day)),
        # Both are ISO texts, "2026-12-01": their alphabetical order is that of the dates.
        or_(opens.is_(None), opens <= day.isoformat()),
    )


# By field of `Search`. Absent are `words`, which the matching engine matches, and `near` with `within_km`,
# which make one condition together.
_CONDITIONS: Mapping[str, Callable[[Any], ColumnElement[bool]]] = {
    "kinds": _is_of_kind,
    "region": lambda code: OpportunityRow.region == code,
    "sectors": lambda sectors: OpportunityRow.sector.in_([sector.value for sector in sectors]),
    "education": _admits_education,
    "contracts": _has_contract,
    "amount_min": _offers_at_least,
    "free_only": lambda _: _details_number("cost") == 0,
    "language": lambda code: OpportunityRow.language == code,
    "answerable_only": lambda _: can_be_answered(),
    "closing_before": lambda day: OpportunityRow.valid_through <= end_of_day(day),
    "open_on": _is_open_on,
    "posted_since": lambda day: OpportunityRow.published_at >= start_of_day(day),
}


def _is_near(code: str, within_km: int | None) -> ColumnElement[bool]:
    """The offer is within a distance of the place with this code; without a distance, inside the place.

    An offer of the same region without coordinates counts as near: it may be, and must not be lost.
    """
    *_, place = lineage = places.lineage(code)
    if within_km is None:
        return _AREA_COLUMNS[place.level] == place.code
    no_coordinates = or_(OpportunityRow.latitude.is_(None), OpportunityRow.longitude.is_(None))
    return or_(
        # The box alone can use the index; the exact distance then runs on few rows.
        and_(_is_in_box(place, within_km), _distance_km(place) <= within_km),
        and_(no_coordinates, OpportunityRow.region == lineage[0].code),
    )


def _is_in_box(place: Place, km: float) -> ColumnElement[bool]:
    """The offer lies in the box around all points within a distance of a place."""
    south, north, west, east = places.bounding_box(place.latitude, place.longitude, km)
    return and_(OpportunityRow.latitude.between(south, north), OpportunityRow.longitude.between(west, east))


def build_sort_key(order: Order) -> ColumnElement[float] | None:
    """The number by which the offers are sorted, least first; None where the newest come first."""
    if order.sort is Sort.CLOSING:
        return func.coalesce(func.extract("epoch", OpportunityRow.valid_through), LAST).cast(Double)
    if order.sort is Sort.NEAREST and order.place:
        *_, place = places.lineage(order.place)
        return func.coalesce(_distance_km(place), LAST).cast(Double)
    return None


def _distance_km(place: Place) -> ColumnElement[float]:
    """Kilometres from a place to the offer, by the same haversine formula as `places.distance_km`."""
    phi1, phi2 = func.radians(place.latitude), func.radians(OpportunityRow.latitude)
    across = func.power(func.sin((phi2 - phi1) / 2), 2)
    along = func.power(func.sin(func.radians(OpportunityRow.longitude - place.longitude) / 2), 2)
    root = func.sqrt(across + func.cos(phi1) * func.cos(phi2) * along)
    # Rounding can take the root a little above 1, for which asin raises an error in PostgreSQL.
    return 2 * EARTH_RADIUS_KM * func.asin(func.least(1.0, root))
