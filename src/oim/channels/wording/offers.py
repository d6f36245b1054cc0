"""The lines of an offer's card: publisher, place, deadline, money. A line says so where nothing is stated."""

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

CLOSING_SOON = 7  # days before the deadline, from which on the line counts the days that remain
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
# Of each form of support: the text without an amount, and the one with an amount.
_SUPPORT_FORMS = {
    AgrForm.GRANT: (mark("Grant"), mark("Grant: %(amount)s")),
    AgrForm.LOAN: (mark("Loan"), mark("Loan: %(amount)s")),
    AgrForm.KIT: (mark("Equipment"), mark("Equipment: %(amount)s")),
}


# By the key of a source, of those that we know ourselves.
SOURCES: dict[str, str] = {
    "sample": mark("Sample offers of OIM"),
    "france-travail": mark("France Travail"),
    "fne": mark("National Employment Fund (FNE)"),
    "indeed": mark("Indeed"),
}


def render_publisher(draft: Draft, t: Translator) -> str:
    """Render the publisher of an offer, or that it is not named."""
    return draft.organisation or t(_UNNAMED_PUBLISHERS[draft.kind])


def render_source(slug: str, t: Translator) -> str:
    """Render what supplies an offer by its name; one that we do not know, by its key written as a name."""
    name = SOURCES.get(slug)
    words = slug.replace("-", " ").replace("_", " ").strip()
    return t(name) if name else words[:1].upper() + words[1:]


def render_place(location: Location, t: Translator) -> str:
    """Render the place of an offer: town and region, with the country if it is abroad."""
    # The source's own words name the place best; the codes may stand for a wider area.
    town = location.locality or place_name(location.commune or location.department, t)
    names = [town, place_name(location.region, t), _find_foreign_country(location.country, t)]
    return ", ".join(dict.fromkeys(name for name in names if name)) or t("Place not stated")


def place_name(code: str | None, t: Translator) -> str | None:
    """Find the name of a place by its code. None for no code, and for one that we do not know.

    A city and its parts are called by the name that people use: Bafoussam, not the Mifi nor Bafoussam I.
    """
    return places.common_name(code, t.language) if code else None


def _find_foreign_country(country: str | None, t: Translator) -> str | None:
    """Find the name of a country by its ISO 3166-1 code. None for Cameroon, and where none is stated."""
    return None if country in (None, "CM") else Locale.parse(t.language).territories.get(country, country)


def render_deadline(valid_through: datetime | None, at: datetime, t: Translator) -> str:
    """Render until when an offer is open, as of `at`; near the deadline, with the days that remain."""
    if valid_through is None:
        return t("No closing date stated")
    day = format_date(valid_through, t.language)
    if valid_through < at:
        return t("Closed since %(day)s", day=day)
    # Whole days of Cameroon's calendar: at 23:00 an offer until tomorrow has 1 day left, however few hours.
    remaining_days = (valid_through.astimezone(CAMEROON).date() - at.astimezone(CAMEROON).date()).days
    if remaining_days == 0:
        return t("Until today, %(day)s", day=day)
    if remaining_days > CLOSING_SOON:
        return t("Until %(day)s", day=day)
    return t.plural(
        "Until %(day)s (%(count)s day left)", "Until %(day)s (%(count)s days left)", remaining_days, day=day
    )


def render_money(draft: Draft, t: Translator) -> str:
    """Render the pay, the cost or the amount of support of an offer in one line, or that it is not stated."""
    # Capitalised here: the parts ("free", "up to ...") also stand inside a sentence. Not `capitalize`, which
    # would make a "FCFA" lower case.
    text = _render_details_money(draft.details, t)
    return text[0].upper() + text[1:] if text else t(_MONEY_NOT_STATED[draft.kind])


def _render_details_money(details: Details, t: Translator) -> str | None:
    """Render the line of money by the type of the offer, not yet capitalised. None if nothing is stated."""
    match details:
        case EmploymentDetails():
            return _render_pay(details, t)
        case TrainingDetails():
            return _render_cost(details, t)
        case AgrDetails():
            return _render_support(details, t)


def _render_pay(details: EmploymentDetails, t: Translator) -> str | None:
    """Render a wage: `XAF 80,000 to 120,000 a month`."""
    amount = _render_amount_range(details.pay_min, details.pay_max, t)
    # Pay without a period is shown bare: to guess a month or a day could mislead by a factor of 30.
    if amount is None or details.pay_period is None:
        return amount
    return t(_PAY_PERIODS[details.pay_period], amount=amount)


def _render_cost(details: TrainingDetails, t: Translator) -> str | None:
    """Render what a course costs and what it pays: `free, you receive XAF 30,000 a month`."""
    parts = []
    if details.cost is not None:
        cost = format_money(details.cost, t.language)
        parts.append(t("%(amount)s to pay", amount=cost) if details.cost else t("free"))
    if details.allowance:
        allowance = format_money(details.allowance, t.language)
        parts.append(t("you receive %(amount)s a month", amount=allowance))
    return ", ".join(parts) or None


def _render_support(details: AgrDetails, t: Translator) -> str | None:
    """Render the form and the amount of support: `Grant: up to XAF 750,000`."""
    amount = _render_amount_range(details.amount_min, details.amount_max, t)
    if details.form is None:
        return amount
    name, with_amount = _SUPPORT_FORMS[details.form]
    return t(with_amount, amount=amount) if amount else t(name)


def _render_amount_range(low: int | None, high: int | None, t: Translator) -> str | None:
    """Render a range of XAF of which either end may be unknown. None if both are."""
    if low is None:
        return None if high is None else t("up to %(amount)s", amount=format_money(high, t.language))
    if high is None:
        return t("from %(amount)s", amount=format_money(low, t.language))
    if low == high:
        return format_money(low, t.language)
    numbers = {"low": format_number(low, t.language), "high": format_number(high, t.language)}
    return t("XAF\u00a0%(low)s to %(high)s", **numbers)
