"""What an offer pays, costs or gives, in XAF."""

from __future__ import annotations

from oim.features.opportunities import (
    AgrDetails,
    AgrForm,
    Details,
    Draft,
    EmploymentDetails,
    Kind,
    PayPeriod,
    TrainingDetails,
)
from oim.kit.i18n import Translator, format_money, format_number, mark

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
