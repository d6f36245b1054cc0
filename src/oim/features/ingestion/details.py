"""Parse the details that only one kind of offer has (job, course, business support), and its eligibility."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from oim.features import places
from oim.features.ingestion.values import categories, dates, durations, money, numbers
from oim.features.ingestion.values.pay import parse_pay
from oim.features.ingestion.values.text import clean, split_items
from oim.features.opportunities import (
    AgrDetails,
    Details,
    Eligibility,
    EmploymentDetails,
    Kind,
    TrainingDetails,
)

# A record's values as the source wrote them, by our field names (`mapping.apply_mapping`).
Fields = Mapping[str, Any]
MAX_AGE = 100  # years


def parse_employment(fields: Fields, title: str, default_currency: str | None) -> EmploymentDetails:
    """Parse the details of a job. `default_currency` is that of bare numbers, None where it is unknown."""
    low, high, period, text = (fields.get(name) for name in ("pay_min", "pay_max", "pay_period", "pay_text"))
    stated = parse_pay(low, high, period, text, default_currency)
    return EmploymentDetails(
        contract=categories.parse_contract(fields.get("contract"), title),
        pay_min=stated.low,
        pay_max=stated.high,
        pay_period=stated.period,
        remote=numbers.parse_remote(fields.get("remote")),
        experience_years=durations.parse_experience_years(fields.get("experience")),
        duration_months=durations.parse_months(fields.get("duration_months")),
    )


def parse_training(fields: Fields, _title: str, default_currency: str | None) -> TrainingDetails:
    """Parse the details of a course. Costs and allowances are in XAF."""
    return TrainingDetails(
        # Some files of courses fill the column of months only: "6 mois", or "6".
        duration_weeks=durations.parse_weeks(fields.get("duration_weeks"))
        or durations.parse_weeks(fields.get("duration_months"), bare="month"),
        certificate=clean(fields.get("certificate")),
        cost=money.parse_amount(fields.get("cost"), default_currency),
        allowance=money.parse_amount(fields.get("allowance"), default_currency),
        starts_on=dates.parse_day(fields.get("starts_on")),
    )


def parse_agr(fields: Fields, title: str, default_currency: str | None) -> AgrDetails:
    """Parse the details of a support to a small business: loan, grant or kit. Amounts are in XAF."""
    amounts = money.parse_bounds(fields.get("amount_min"), fields.get("amount_max"), default_currency)
    return AgrDetails(
        # Many programmes state the form in their title only: "Prêt avicole".
        form=categories.parse_agr_form(fields.get("form")) or categories.parse_agr_form(title),
        sector=clean(fields.get("sector")),
        amount_min=amounts.low,
        amount_max=amounts.high,
        own_contribution=numbers.parse_percent(fields.get("own_contribution")),
        guarantor=numbers.parse_flag(fields.get("guarantor")),
        grace_months=durations.parse_months(fields.get("grace_months")),
        term_months=durations.parse_months(fields.get("term_months")),
        rate=numbers.parse_percent(fields.get("rate")),
        training_attached=numbers.parse_flag(fields.get("training_attached")),
        opens_on=dates.parse_day(fields.get("opens_on")),
        verified_on=dates.parse_day(fields.get("verified_on")),
    )


DETAILS_PARSERS: dict[Kind, Callable[[Fields, str, str | None], Details]] = {
    Kind.EMPLOYMENT: parse_employment,
    Kind.TRAINING: parse_training,
    Kind.AGR: parse_agr,
}


def parse_eligibility(fields: Fields) -> Eligibility:
    """Parse the conditions on the people an offer is for."""
    # Regions that are not of Cameroon resolve to None and are dropped; a region named twice counts once.
    regions = (places.resolve(name, None) for name in split_items(fields.get("regions")))
    return Eligibility(
        age_min=numbers.parse_whole(fields.get("age_min"), 1, MAX_AGE),
        age_max=numbers.parse_whole(fields.get("age_max"), 1, MAX_AGE),
        gender=categories.parse_gender(fields.get("gender")),
        statuses=categories.parse_statuses(fields.get("statuses")),
        regions=tuple(dict.fromkeys(place.code for place in regions if place)),
        education_min=categories.parse_education_level(fields.get("education_min")),
        membership=clean(fields.get("membership")),
        documents=split_items(fields.get("documents")),
    )
