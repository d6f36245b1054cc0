"""What a person lacks for an offer and what to do about it; the question that an offer hangs on."""

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
    """What to do about something that is missing and can be changed, in one line."""
    return t(_REMEDIES[need.criterion], **_render_values(need, t))


def render_question(need: Need, t: Translator) -> str:
    """The question that an offer hangs on."""
    low, high = need.values.get("low"), need.values.get("high")
    if need.criterion is Criterion.GENDER:
        return t(_GENDER_QUESTIONS[Gender(need.values["gender"])])
    if need.criterion is Criterion.AGE and high is None:
        return t("Are you %(low)s years old or more?", low=low)
    if need.criterion is Criterion.AGE and low is None:
        return t("Are you %(high)s years old or less?", high=high)
    return t(_QUESTIONS[need.criterion], **_render_values(need, t))


def render_step(step: Step, t: Translator) -> str:
    """A step towards an offer: what is needed, and the offer or the place that gives it."""
    need = render_need(step.need, t)
    if step.title:
        who = step.organisation or step.locality
        by = (
            t("“%(title)s”, %(who)s", title=step.title, who=who)
            if who
            else t("“%(title)s”", title=step.title)
        )
        return t("%(need)s, with %(offer)s", need=need, offer=by)
    return t("%(need)s, in %(town)s", need=need, town=step.locality) if step.locality else need


def render_steps(verdict: Verdict, steps: tuple[Step, ...], t: Translator) -> list[tuple[str, Step | None]]:
    """What to do before an almost eligible offer, in order: the steps, then what no step brings."""
    left = [need for one in verdict.missing if (need := _uncovered_need(one, steps))]
    return [(render_step(step, t), step) for step in steps] + [(render_need(need, t), None) for need in left]


def _uncovered_need(need: Need, steps: tuple[Step, ...]) -> Need | None:
    """What of a need no step brings."""
    brought = [step.need for step in steps]
    if need.criterion is not Criterion.DOCUMENTS:
        return None if need in brought else need
    papers = {name for one in brought for name in one.values.get("names", ())}
    names = [name for name in need.values["names"] if name not in papers]
    return replace(need, values={"names": names}) if names else None


def _amount(values: Values, t: Translator) -> str:
    if values["amount"]:
        return format_money(values["amount"], t.language)
    return t("%(number)s%%", number=format_number(values["percent"], t.language))


def _statuses(values: Values, t: Translator) -> str:
    return ", ".join(t(STATUSES[Status(status)]).lower() for status in values["statuses"])


def _regions(values: Values, t: Translator) -> str:
    return ", ".join(place_name(code, t) or code for code in values["regions"])


def _level(values: Values, t: Translator) -> str:
    level: int = values["level"]
    return t(EDUCATION[level])


# The value that is put into words, and how; others are said as they are.
_VALUE_RENDERERS: dict[Criterion, tuple[str, Callable[[Values, Translator], str]]] = {
    Criterion.STATUS: ("names", _statuses),
    Criterion.REGION: ("names", _regions),
    Criterion.EDUCATION: ("level", _level),
    Criterion.CONTRIBUTION: ("amount", _amount),
    Criterion.DOCUMENTS: ("names", lambda values, _t: ", ".join(values["names"])),
}


def _render_values(need: Need, t: Translator) -> Values:
    if need.criterion not in _VALUE_RENDERERS:
        return need.values
    name, words = _VALUE_RENDERERS[need.criterion]
    return {name: words(need.values, t)}


def render_conditions(eligibility: Eligibility, t: Translator) -> list[str]:
    """The conditions stated, in the order people ask for them; none where none is stated."""
    lines = [
        _age(eligibility.age_min, eligibility.age_max, t),
        t(_GENDER_CONDITIONS[eligibility.gender]) if eligibility.gender else None,
        _join_names(
            mark("For: %(names)s"), [t(STATUSES[status]).lower() for status in eligibility.statuses], t
        ),
        _join_names(
            mark("You live in: %(names)s"), [place_name(code, t) or code for code in eligibility.regions], t
        ),
        _education(eligibility.education_min, t),
        _join_names(
            mark("Member of: %(names)s"), [eligibility.membership] if eligibility.membership else [], t
        ),
        _join_names(mark("Papers to provide: %(names)s"), list(eligibility.documents), t),
    ]
    return [line for line in lines if line]


def _age(low: int | None, high: int | None, t: Translator) -> str | None:
    if low is None:
        return None if high is None else t("Age: up to %(high)s years", high=high)
    if high is None:
        return t("Age: from %(low)s years", low=low)
    return t("Age: %(low)s to %(high)s years", low=low, high=high)


def _join_names(message: str, names: list[str], t: Translator) -> str | None:
    return t(message, names=", ".join(names)) if names else None


def _education(level: int | None, t: Translator) -> str | None:
    if not level:
        return None
    return t("Least level of education: %(level)s", level=t(EDUCATION[level]))
