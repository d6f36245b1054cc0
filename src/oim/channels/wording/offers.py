"""The lines of an offer's card: who, where, until when. What is not stated is said to be so."""

from __future__ import annotations

from datetime import datetime

from babel import Locale

from oim.features import places
from oim.features.opportunities import (
    AgrDetails,
    AgrForm,
    Details,
    Draft,
    EmploymentDetails,
    Kind,
    Location,
    PayPeriod,
    TrainingDetails,
)
from oim.kit.clock import CAMEROON
from oim.kit.i18n import Translator, format_date, format_money, format_number, mark

CLOSING_SOON = 7  # days before the end from which the days left are told
_UNNAMED_PUBLISHERS = {
    Kind.EMPLOYMENT: mark("Employer not named"),
    Kind.TRAINING: mark("School not named"),
    Kind.AGR: mark("Programme not named"),
}
_MONEY_NOT_STATED = {
    Kind.EMPLOYMENT: mark("Pay not stated"),
    Kind.TRAINING: mark("Cost not stated"),
    Kind.AGR: mark("Amount not stated"),
}
_PAY_PERIODS = {
    PayPeriod.HOUR: mark("%(amount)s an hour"),
    PayPeriod.DAY: mark("%(amount)s a day"),
    PayPeriod.MONTH: mark("%(amount)s a month"),
    PayPeriod.YEAR: mark("%(amount)s a year"),
}
_SUPPORT_FORMS = {
    AgrForm.GRANT: (mark("Grant"), mark("Grant: %(amount)s")),
    AgrForm.LOAN: (mark("Loan"), mark("Loan: %(amount)s")),
    AgrForm.KIT: (mark("Equipment"), mark("Equipment: %(amount)s")),
}


def render_publisher(draft: Draft, t: Translator) -> str:
    """Who publishes an offer."""
    return draft.organisation or t(_UNNAMED_PUBLISHERS[draft.kind])


def render_place(location: Location, t: Translator) -> str:
    """Where an offer is: its town and region, with the country when abroad."""
    town = location.locality or place_name(location.commune or location.department, t)
    names = [town, place_name(location.region, t), _foreign_country(location.country, t)]
    return ", ".join(dict.fromkeys(name for name in names if name)) or t("Place not stated")


def place_name(code: str | None, t: Translator) -> str | None:
    """The name of a place's code, where it is known."""
    place = places.get(code) if code else None
    return place.name(t.language) if place else None


def _foreign_country(country: str | None, t: Translator) -> str | None:
    return None if country in (None, "CM") else Locale.parse(t.language).territories.get(country, country)


def render_deadline(valid_through: datetime | None, at: datetime, t: Translator) -> str:
    """Until when an offer is open, seen from the instant `at`; near the end, with the days left."""
    if valid_through is None:
        return t("No closing date stated")
    day = format_date(valid_through, t.language)
    if valid_through < at:
        return t("Closed since %(day)s", day=day)
    left = (valid_through.astimezone(CAMEROON).date() - at.astimezone(CAMEROON).date()).days
    if left == 0:
        return t("Until today, %(day)s", day=day)
    if left > CLOSING_SOON:
        return t("Until %(day)s", day=day)
    return t.plural(
        "Until %(day)s (%(count)s day left)", "Until %(day)s (%(count)s days left)", left, day=day
    )


def render_money(draft: Draft, t: Translator) -> str:
    """One line of money, or that none is stated."""
    text = _money_of(draft.details, t)
    return text[0].upper() + text[1:] if text else t(_MONEY_NOT_STATED[draft.kind])


def _money_of(details: Details, t: Translator) -> str | None:
    match details:
        case EmploymentDetails():
            return _pay(details, t)
        case TrainingDetails():
            return _cost(details, t)
        case AgrDetails():
            return _support(details, t)


def _pay(details: EmploymentDetails, t: Translator) -> str | None:
    amount = _amount_range(details.pay_min, details.pay_max, t)
    if amount is None or details.pay_period is None:
        return amount
    return t(_PAY_PERIODS[details.pay_period], amount=amount)


def _cost(details: TrainingDetails, t: Translator) -> str | None:
    parts = []
    if details.cost is not None:
        cost = format_money(details.cost, t.language)
        parts.append(t("%(amount)s to pay", amount=cost) if details.cost else t("free"))
    if details.allowance:
        allowance = format_money(details.allowance, t.language)
        parts.append(t("you receive %(amount)s a month", amount=allowance))
    return ", ".join(parts) or None


def _support(details: AgrDetails, t: Translator) -> str | None:
    amount = _amount_range(details.amount_min, details.amount_max, t)
    if details.form is None:
        return amount
    alone, with_amount = _SUPPORT_FORMS[details.form]
    return t(with_amount, amount=amount) if amount else t(alone)


def _amount_range(low: int | None, high: int | None, t: Translator) -> str | None:
    if low is None:
        return None if high is None else t("up to %(amount)s", amount=format_money(high, t.language))
    if high is None:
        return t("from %(amount)s", amount=format_money(low, t.language))
    if low == high:
        return format_money(low, t.language)
    numbers = {"low": format_number(low, t.language), "high": format_number(high, t.language)}
    return t("XAF %(low)s to %(high)s", **numbers)
