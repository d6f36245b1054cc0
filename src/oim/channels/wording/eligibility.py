"""Eligibility in words: conditions of an offer, what is missing and what to do about it, what to ask."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from oim.channels.wording.labels import STATUSES
from oim.channels.wording.offers import place_name
from oim.channels.wording.requirements import (
    find_region_question,
    find_status_question,
    level_sentences,
    membership_sentences,
    render_papers,
    render_papers_question,
    render_papers_remedy,
)
from oim.features.matching import Criterion, Need, Step, Verdict
from oim.features.opportunities import Eligibility, Gender, Status
from oim.kit.i18n import Translator, format_money, format_number, mark

Values = dict[str, Any]
_WAIT = mark("Wait for %(year)s, the year you turn %(low)s")
_GENDER_QUESTIONS = {Gender.FEMALE: mark("Are you a woman?"), Gender.MALE: mark("Are you a man?")}
_GENDER_CONDITIONS = {
    Gender.FEMALE: mark("For women only"),
    Gender.MALE: mark("For men only"),
}


def render_need(need: Need, t: Translator) -> str:
    """Render what to do about a requirement that is missing and can be changed, in one line."""
    return _REMEDIES[need.criterion](need.values, t)


def render_question(need: Need, t: Translator) -> str:
    """Render the question whose answer decides whether an offer is open to the person."""
    return _QUESTIONS[need.criterion](need.values, t)


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


def _ask_age(values: Values, t: Translator) -> str:
    low, high = values.get("low"), values.get("high")
    if high is None:
        return t("Are you %(low)s years old or more?", low=low)
    if low is None:
        return t("Are you %(high)s years old or less?", high=high)
    return t("Are you %(low)s to %(high)s years old?", low=low, high=high)


def _ask_status(values: Values, t: Translator) -> str:
    if question := find_status_question(values["statuses"]):
        return t(question)
    names = ", ".join(t(STATUSES[Status(status)]).lower() for status in values["statuses"])
    return t("Are you in one of these situations: %(names)s?", names=names)


def _ask_region(values: Values, t: Translator) -> str:
    if question := find_region_question(values["regions"]):
        return t(question)
    names = ", ".join(place_name(code, t) or code for code in values["regions"])
    return t("Do you live in one of these places: %(names)s?", names=names)


def _render_contribution(in_money: str, in_percent: str, values: Values, t: Translator) -> str:
    """Render a person's own share: in XAF where the offer states the whole amount, else in percent."""
    if values["amount"]:
        return t(in_money, amount=format_money(values["amount"], t.language))
    return t(in_percent, number=format_number(values["percent"], t.language))


def _ask_contribution(values: Values, t: Translator) -> str:
    return _render_contribution(
        mark("Could you put in %(amount)s of your own money?"),
        mark("Could you pay %(number)s%% of your project with your own money?"),
        values,
        t,
    )


def _gather_contribution(values: Values, t: Translator) -> str:
    return _render_contribution(
        mark("Gather %(amount)s of your own money"),
        mark("Gather %(number)s%% of what your project costs"),
        values,
        t,
    )


_QUESTIONS: dict[Criterion, Callable[[Values, Translator], str]] = {
    Criterion.AGE: _ask_age,
    Criterion.GENDER: lambda values, t: t(_GENDER_QUESTIONS[Gender(values["gender"])]),
    Criterion.STATUS: _ask_status,
    Criterion.REGION: _ask_region,
    Criterion.EDUCATION: lambda values, t: level_sentences(values["level"], t).question,
    Criterion.MEMBERSHIP: lambda values, t: membership_sentences(values["name"], t).question,
    Criterion.CONTRIBUTION: _ask_contribution,
    Criterion.DOCUMENTS: lambda values, t: render_papers_question(values["names"], t),
}
# Only what a person can change; nobody is asked to change their gender, situation or region.
_REMEDIES: dict[Criterion, Callable[[Values, Translator], str]] = {
    Criterion.AGE: lambda values, t: t(_WAIT, year=values["year"], low=values["low"]),
    Criterion.EDUCATION: lambda values, t: level_sentences(values["level"], t).remedy,
    Criterion.MEMBERSHIP: lambda values, t: membership_sentences(values["name"], t).remedy,
    Criterion.CONTRIBUTION: _gather_contribution,
    Criterion.DOCUMENTS: lambda values, t: render_papers_remedy(values["names"], t),
}


def render_conditions(eligibility: Eligibility, t: Translator) -> list[str]:
    """Render the conditions that an offer states, in the order people ask about them; empty without any."""
    regions = [place_name(code, t) or code for code in eligibility.regions]
    membership, level = eligibility.membership, eligibility.education_min
    lines = [
        _render_age_condition(eligibility.age_min, eligibility.age_max, t),
        t(_GENDER_CONDITIONS[eligibility.gender]) if eligibility.gender else None,
        _render_status_condition(eligibility.statuses, t),
        t("For people who live in: %(names)s", names=", ".join(regions)) if regions else None,
        level_sentences(level, t).condition if level else None,  # level 0 asks for no certificate
        membership_sentences(membership, t).condition if membership else None,
        _render_papers_condition(eligibility.documents, t),
    ]
    return [line for line in lines if line]


def _render_age_condition(low: int | None, high: int | None, t: Translator) -> str | None:
    if low is None:
        return None if high is None else t("Age: up to %(high)s years", high=high)
    if high is None:
        return t("Age: from %(low)s years", low=low)
    return t("Age: %(low)s to %(high)s years", low=low, high=high)


def _render_status_condition(statuses: tuple[Status, ...], t: Translator) -> str | None:
    if not statuses:
        return None
    return t("For: %(names)s", names=", ".join(t(STATUSES[status]).lower() for status in statuses))


def _render_papers_condition(names: tuple[str, ...], t: Translator) -> str | None:
    return t("Papers to provide: %(names)s", names=render_papers(list(names), t)) if names else None
