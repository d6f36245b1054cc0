"""The details of an offer that depend on its kind, as pairs of label and text."""

from __future__ import annotations

from datetime import date

from oim.channels.wording.labels import AGR_FORMS, CONTRACTS
from oim.features.opportunities import AgrDetails, Details, Draft, EmploymentDetails, Kind, TrainingDetails
from oim.kit.i18n import Translator, format_date, format_number, mark

Facts = list[tuple[str, str]]  # label, text

_VACANCY_LABELS = {
    Kind.EMPLOYMENT: mark("People wanted"),
    Kind.TRAINING: mark("Seats"),
    Kind.AGR: mark("Projects supported"),
}

_YES_NO = {True: mark("Yes"), False: mark("No")}


def render_facts(draft: Draft, t: Translator) -> Facts:
    """Render the details that the card does not show, in the order people ask about them.

    What an offer does not state is left out.
    """
    number = None if draft.places is None else format_number(draft.places, t.language)
    # The labels are translated here, once for all kinds; the values are translated already.
    facts = [*_render_details(draft.details, t), (_VACANCY_LABELS[draft.kind], number)]
    return [(t(label), value) for label, value in facts if value]


def _render_details(details: Details, t: Translator) -> list[tuple[str, str | None]]:
    """Render the details by the type of the offer; None where nothing is stated."""
    match details:
        case EmploymentDetails():
            return _render_employment(details, t)
        case TrainingDetails():
            return _render_training(details, t)
        case AgrDetails():
            return _render_agr(details, t)


def _render_employment(details: EmploymentDetails, t: Translator) -> list[tuple[str, str | None]]:
    return [
        (mark("Contract"), t(CONTRACTS[details.contract]) if details.contract else None),
        (mark("Length"), _render_months(details.duration_months, t)),
        (mark("Experience asked for"), _render_experience(details.experience_years, t)),
        (mark("Work from home"), _render_yes_no(details.remote, t)),
    ]


def _render_training(details: TrainingDetails, t: Translator) -> list[tuple[str, str | None]]:
    return [
        (mark("Starts on"), _render_day(details.starts_on, t)),
        (mark("Length"), _render_weeks(details.duration_weeks, t)),
        (mark("Certificate"), details.certificate),
    ]


def _render_agr(details: AgrDetails, t: Translator) -> list[tuple[str, str | None]]:
    return [
        (mark("Form of support"), t(AGR_FORMS[details.form]) if details.form else None),
        (mark("Sector"), details.sector),
        (mark("To put in yourself"), _render_percent(details.own_contribution, t)),
        (mark("Guarantor needed (somebody who pays if you cannot)"), _render_yes_no(details.guarantor, t)),
        (mark("Time before the first repayment"), _render_months(details.grace_months, t)),
        (mark("Time to pay back"), _render_months(details.term_months, t)),
        (mark("Interest a year"), _render_percent(details.rate, t)),
        (mark("With a training course"), _render_yes_no(details.training_attached, t)),
        (mark("Opens on"), _render_day(details.opens_on, t)),
        (mark("Checked on"), _render_day(details.verified_on, t)),
    ]


def _render_yes_no(value: bool | None, t: Translator) -> str | None:
    return None if value is None else t(_YES_NO[value])


def _render_day(day: date | None, t: Translator) -> str | None:
    return None if day is None else format_date(day, t.language)


def _render_percent(value: float | None, t: Translator) -> str | None:
    return None if value is None else t("%(number)s%%", number=format_number(value, t.language))


def _render_months(count: int | None, t: Translator) -> str | None:
    return None if count is None else t.plural("%(count)s month", "%(count)s months", count)


def _render_weeks(count: int | None, t: Translator) -> str | None:
    return None if count is None else t.plural("%(count)s week", "%(count)s weeks", count)


def _render_experience(years: int | None, t: Translator) -> str | None:
    # 0 is stated: no experience is needed. None says nothing.
    if years == 0:
        return t("Beginners welcome")
    return None if years is None else t.plural("%(count)s year", "%(count)s years", years)
