"""The facts particular to each kind of offer, as pairs of label and words."""

from __future__ import annotations

from datetime import date

from oim.channels.wording.labels import AGR_FORMS, CONTRACTS
from oim.features.opportunities import AgrDetails, Details, Draft, EmploymentDetails, Kind, TrainingDetails
from oim.kit.i18n import Translator, format_date, format_number, mark

Facts = list[tuple[str, str]]

_VACANCY_LABELS = {
    Kind.EMPLOYMENT: mark("People wanted"),
    Kind.TRAINING: mark("Seats"),
    Kind.AGR: mark("Projects supported"),
}

_YES_NO = {True: mark("Yes"), False: mark("No")}


def render_facts(draft: Draft, t: Translator) -> Facts:
    """What is stated beyond the card's own lines, in the order people ask for it."""
    number = None if draft.places is None else format_number(draft.places, t.language)
    facts = [*_detail_facts(draft.details, t), (_VACANCY_LABELS[draft.kind], number)]
    return [(t(label), value) for label, value in facts if value]


def _detail_facts(details: Details, t: Translator) -> list[tuple[str, str | None]]:
    match details:
        case EmploymentDetails():
            return _employment(details, t)
        case TrainingDetails():
            return _training(details, t)
        case AgrDetails():
            return _agr(details, t)


def _employment(details: EmploymentDetails, t: Translator) -> list[tuple[str, str | None]]:
    return [
        (mark("Contract"), t(CONTRACTS[details.contract]) if details.contract else None),
        (mark("Length"), _months(details.duration_months, t)),
        (mark("Experience asked for"), _experience(details.experience_years, t)),
        (mark("Work from home"), _yes_no(details.remote, t)),
    ]


def _training(details: TrainingDetails, t: Translator) -> list[tuple[str, str | None]]:
    return [
        (mark("Starts on"), _day(details.starts_on, t)),
        (mark("Length"), _weeks(details.duration_weeks, t)),
        (mark("Certificate"), details.certificate),
    ]


def _agr(details: AgrDetails, t: Translator) -> list[tuple[str, str | None]]:
    return [
        (mark("Form of support"), t(AGR_FORMS[details.form]) if details.form else None),
        (mark("Sector"), details.sector),
        (mark("Your own share"), _percent(details.own_contribution, t)),
        (mark("Guarantor needed"), _yes_no(details.guarantor, t)),
        (mark("Months before the first repayment"), _months(details.grace_months, t)),
        (mark("Time to pay back"), _months(details.term_months, t)),
        (mark("Interest a year"), _percent(details.rate, t)),
        (mark("With a training course"), _yes_no(details.training_attached, t)),
        (mark("Opens on"), _day(details.opens_on, t)),
        (mark("Checked on"), _day(details.verified_on, t)),
    ]


def _yes_no(value: bool | None, t: Translator) -> str | None:
    return None if value is None else t(_YES_NO[value])


def _day(day: date | None, t: Translator) -> str | None:
    return None if day is None else format_date(day, t.language)


def _percent(value: float | None, t: Translator) -> str | None:
    return None if value is None else t("%(number)s%%", number=format_number(value, t.language))


def _months(count: int | None, t: Translator) -> str | None:
    return None if count is None else t.plural("%(count)s month", "%(count)s months", count)


def _weeks(count: int | None, t: Translator) -> str | None:
    return None if count is None else t.plural("%(count)s week", "%(count)s weeks", count)


def _experience(years: int | None, t: Translator) -> str | None:
    if years == 0:
        return t("Beginners welcome")
    return None if years is None else t.plural("%(count)s year", "%(count)s years", years)
