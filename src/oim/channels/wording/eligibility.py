"""Eligibility in words: conditions of an offer, what is missing and what to do about it, what to ask."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from oim.channels.wording.labels import EDUCATION, STATUSES
from oim.channels.wording.offers import place_name
from oim.features.matching import Criterion, Need, Step, Verdict
from oim.features.opportunities import Eligibility, Gender, Status
from oim.kit.i18n import Translator, format_money, format_number, mark

Values = dict[str, Any]
# Only what a person can change; nobody is asked to change their gender, situation or region.
_REMEDIES = {
    Criterion.AGE: mark("Wait for %(year)s, the year you turn %(low)s"),
    Criterion.EDUCATION: mark("Reach this level: %(level)s"),
    Criterion.MEMBERSHIP: mark("Become a member: %(name)s"),
    Criterion.CONTRIBUTION: mark("Gather %(amount)s as your own share"),
    Criterion.DOCUMENTS: mark("Get this paper: %(names)s"),
}
_QUESTIONS = {
    Criterion.AGE: mark("Are you %(low)s to %(high)s years old?"),
    Criterion.STATUS: mark("Is one of these your situation: %(names)s?"),
    Criterion.REGION: mark("Do you live here: %(names)s?"),
    Criterion.EDUCATION: mark("Do you have this level: %(level)s?"),
    Criterion.MEMBERSHIP: mark("Are you a member: %(name)s?"),
    Criterion.CONTRIBUTION: mark("Do you have %(amount)s to put in as your own share?"),
    Criterion.DOCUMENTS: mark("Do you have: %(names)s?"),
}
_GENDER_QUESTIONS = {Gender.FEMALE: mark("Are you a woman?"), Gender.MALE: mark("Are you a man?")}
_GENDER_CONDITIONS = {
    Gender.FEMALE: mark("For women only"),
    Gender.MALE: mark("For men only"),
}


def render_need(need: Need, t: Translator) -> str:
    """Render what to do about a requirement that is missing and can be changed, in one line."""
    return t(_REMEDIES[need.criterion], **_render_values(need, t))


def render_question(need: Need, t: Translator) -> str:
    """Render the question whose answer decides whether an offer is open to the person."""
    low, high = need.values.get("low"), need.values.get("high")
    if need.criterion is Criterion.GENDER:
        return t(_GENDER_QUESTIONS[Gender(need.values["gender"])])
    if need.criterion is Criterion.AGE and high is None:
        return t("Are you %(low)s years old or more?", low=low)
    if need.criterion is Criterion.AGE and low is None:
        return t("Are you %(high)s years old or less?", high=high)
    return t(_QUESTIONS[need.criterion], **_render_values(need, t))


def render_step(step: Step, t: Translator) -> str:
    """Render a step towards an offer: the need, and the offer or the town where it can be met."""
    need = render_need(step.need, t)
    if step.title:
        provider = step.organisation or step.locality
        offer = (
            t("“%(title)s”, %(who)s", title=step.title, who=provider)
            if provider
            else t("“%(title)s”", title=step.title)
        )
        return t("%(need)s, with %(offer)s", need=need, offer=offer)
    return t("%(need)s, in %(town)s", need=need, town=step.locality) if step.locality else need


def render_steps(verdict: Verdict, steps: tuple[Step, ...], t: Translator) -> list[tuple[str, Step | None]]:
    """Render what to do before applying to a near-eligible offer: the steps in order, then remaining needs.

    Each line comes with its step, None for a need that no step meets.
    """
    remaining = [
        uncovered_need for need in verdict.missing if (uncovered_need := _find_uncovered_need(need, steps))
    ]
    lines: list[tuple[str, Step | None]] = [(render_step(step, t), step) for step in steps]
    return lines + [(render_need(need, t), None) for need in remaining]


def _find_uncovered_need(need: Need, steps: tuple[Step, ...]) -> Need | None:
    """Return the part of a need that no step meets, None if the steps meet all of it."""
    met_needs = [step.need for step in steps]
    if need.criterion is not Criterion.DOCUMENTS:
        return None if need in met_needs else need
    # Papers are the one need that several steps can share: each step may give some of them.
    papers = {name for met_need in met_needs for name in met_need.values.get("names", ())}
    names = [name for name in need.values["names"] if name not in papers]
    return replace(need, values={"names": names}) if names else None


def _render_amount(values: Values, t: Translator) -> str:
    """Render a person's own share, in XAF or in percent."""
    # The share in XAF where the offer states an amount to take it from, else the bare percentage.
    if values["amount"]:
        return format_money(values["amount"], t.language)
    return t("%(number)s%%", number=format_number(values["percent"], t.language))


def _render_statuses(values: Values, t: Translator) -> str:
    return ", ".join(t(STATUSES[Status(status)]).lower() for status in values["statuses"])


def _render_regions(values: Values, t: Translator) -> str:
    return ", ".join(place_name(code, t) or code for code in values["regions"])


def _render_level(values: Values, t: Translator) -> str:
    level: int = values["level"]
    return t(EDUCATION[level])


# The placeholder of the message, and the function that renders its value. Criteria without an entry fill
# their messages with the values of the need as they are.
_VALUE_RENDERERS: dict[Criterion, tuple[str, Callable[[Values, Translator], str]]] = {
    Criterion.STATUS: ("names", _render_statuses),
    Criterion.REGION: ("names", _render_regions),
    Criterion.EDUCATION: ("level", _render_level),
    Criterion.CONTRIBUTION: ("amount", _render_amount),
    Criterion.DOCUMENTS: ("names", lambda values, _t: ", ".join(values["names"])),
}


def _render_values(need: Need, t: Translator) -> Values:
    """Return the placeholders of a need's message with their values in words."""
    if need.criterion not in _VALUE_RENDERERS:
        return need.values
    name, render = _VALUE_RENDERERS[need.criterion]
    return {name: render(need.values, t)}


def render_conditions(eligibility: Eligibility, t: Translator) -> list[str]:
    """Render the conditions that an offer states, in the order people ask about them; empty without any."""
    lines = [
        _render_age_condition(eligibility.age_min, eligibility.age_max, t),
        t(_GENDER_CONDITIONS[eligibility.gender]) if eligibility.gender else None,
        _join_names(
            mark("For: %(names)s"), [t(STATUSES[status]).lower() for status in eligibility.statuses], t
        ),
        _join_names(
            mark("You live in: %(names)s"), [place_name(code, t) or code for code in eligibility.regions], t
        ),
        _render_education_condition(eligibility.education_min, t),
        _join_names(
            mark("Member of: %(names)s"), [eligibility.membership] if eligibility.membership else [], t
        ),
        _join_names(mark("Papers to provide: %(names)s"), list(eligibility.documents), t),
    ]
    return [line for line in lines if line]


def _render_age_condition(low: int | None, high: int | None, t: Translator) -> str | None:
    if low is None:
        return None if high is None else t("Age: up to %(high)s years", high=high)
    if high is None:
        return t("Age: from %(low)s years", low=low)
    return t("Age: %(low)s to %(high)s years", low=low, high=high)


def _join_names(message: str, names: list[str], t: Translator) -> str | None:
    return t(message, names=", ".join(names)) if names else None


def _render_education_condition(level: int | None, t: Translator) -> str | None:
    # Level 0 asks for no certificate, so it is no condition.
    if not level:
        return None
    return t("Least level of education: %(level)s", level=t(EDUCATION[level]))
