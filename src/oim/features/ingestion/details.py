"""The fields of an offer that only its kind has, and who it is for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from oim.features import places
from oim.features.ingestion.values import categories, dates, durations, money, numbers
from oim.features.ingestion.values.pay import pay
from oim.features.ingestion.values.text import clean, items
from oim.features.opportunities import (
    AgrDetails,
    Details,
    Eligibility,
    EmploymentDetails,
    Kind,
    TrainingDetails,
)

Fields = Mapping[str, Any]
OLDEST = 100  # years


def employment(fields: Fields, title: str, unit: str | None) -> EmploymentDetails:
    """Of a job. `unit` is the currency of bare numbers, None where unknown."""
    low, high, period, text = (fields.get(name) for name in ("pay_min", "pay_max", "pay_period", "pay_text"))
    stated = pay(low, high, period, text, unit)
    return EmploymentDetails(
        contract=categories.contract(fields.get("contract"), title),
        pay_min=stated.low,
        pay_max=stated.high,
        pay_period=stated.period,
        remote=numbers.remote(fields.get("remote")),
        experience_years=durations.experience(fields.get("experience")),
        duration_months=durations.months(fields.get("duration_months")),
    )


def training(fields: Fields, _title: str, unit: str | None) -> TrainingDetails:
    """Of a course."""
    return TrainingDetails(
        duration_weeks=durations.weeks(fields.get("duration_weeks") or fields.get("duration_months")),
        certificate=clean(fields.get("certificate")),
        cost=money.amount(fields.get("cost"), unit),
        allowance=money.amount(fields.get("allowance"), unit),
        starts_on=dates.day(fields.get("starts_on")),
    )


def agr(fields: Fields, title: str, unit: str | None) -> AgrDetails:
    """Of a support to a small business."""
    amounts = money.bounds(fields.get("amount_min"), fields.get("amount_max"), unit)
    return AgrDetails(
        form=categories.form(fields.get("form")) or categories.form(title),
        sector=clean(fields.get("sector")),
        amount_min=amounts.low,
        amount_max=amounts.high,
        own_contribution=numbers.percent(fields.get("own_contribution")),
        guarantor=numbers.flag(fields.get("guarantor")),
        grace_months=durations.months(fields.get("grace_months")),
        term_months=durations.months(fields.get("term_months")),
        rate=numbers.percent(fields.get("rate")),
        training_attached=numbers.flag(fields.get("training_attached")),
        opens_on=dates.day(fields.get("opens_on")),
        verified_on=dates.day(fields.get("verified_on")),
    )


BY_KIND: dict[Kind, Callable[[Fields, str, str | None], Details]] = {
    Kind.EMPLOYMENT: employment,
    Kind.TRAINING: training,
    Kind.AGR: agr,
}


def eligibility(fields: Fields) -> Eligibility:
    """Who an offer is for."""
    regions = (places.resolve(name, None) for name in items(fields.get("regions")))
    return Eligibility(
        age_min=numbers.whole(fields.get("age_min"), 1, OLDEST),
        age_max=numbers.whole(fields.get("age_max"), 1, OLDEST),
        gender=categories.gender(fields.get("gender")),
        statuses=categories.statuses(fields.get("statuses")),
        regions=tuple(dict.fromkeys(place.code for place in regions if place)),
        education_min=categories.education(fields.get("education_min")),
        membership=clean(fields.get("membership")),
        documents=items(fields.get("documents")),
    )
