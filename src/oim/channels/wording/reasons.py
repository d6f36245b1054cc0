"""Reasons of a recommendation, and what would improve an answer, in one short line each."""

from __future__ import annotations

from collections.abc import Callable

from oim.channels.wording.eligibility import render_question, render_steps
from oim.channels.wording.labels import EDUCATION
from oim.channels.wording.offers import place_name
from oim.features.matching import Criterion, MissingInfo, Reason, ReasonCode, Recommendation
from oim.features.opportunities import Kind, Status
from oim.kit.i18n import Translator, format_distance, mark

_KINDS = {
    Kind.EMPLOYMENT: mark("A job, as you asked"),
    Kind.TRAINING: mark("A training course, as you asked"),
    Kind.AGR: mark("Support for a small business, as you asked"),
}

_STATUSES = {
    Status.RETURNEE: mark("For people back from abroad"),
    Status.DISPLACED: mark("For displaced people"),
    Status.REFUGEE: mark("For refugees"),
    Status.YOUTH: mark("For young people"),
    Status.HOST_COMMUNITY: mark("For people who host displaced people or refugees"),
}

_MISSING = {
    MissingInfo.TEXT: mark("what you look for and what you can do"),
    MissingInfo.PLACE: mark("where you live"),
    MissingInfo.AGE: mark("your year of birth"),
    MissingInfo.EDUCATION: mark("your level of education"),
    MissingInfo.EXPERIENCE: mark("your years of experience"),
    MissingInfo.GENDER: mark("whether you are a woman or a man"),
    MissingInfo.STATUS: mark("your situation"),
    MissingInfo.MEMBERSHIP: mark("the savings groups you are a member of"),
    MissingInfo.SAVINGS: mark("the money you can put in"),
    MissingInfo.DOCUMENTS: mark("the papers you have"),
}


def _matched_words(reason: Reason, t: Translator) -> str:
    return t("You mentioned: %(words)s", words=", ".join(reason.values["words"]))


def _occupation(reason: Reason, t: Translator) -> str:
    return t("Matches the occupation: %(label)s", label=reason.values[f"label_{t.language}"])


def _distance(reason: Reason, t: Translator) -> str:
    distance = format_distance(reason.values["km"], t.language)
    if named := reason.values.get("of"):
        return t("%(distance)s from %(place)s", distance=distance, place=named)
    return t("%(distance)s from where you live", distance=distance)


def _published(reason: Reason, t: Translator) -> str:
    days = int(reason.values["days"])
    if days == 0:
        return t("Published today")
    return t.plural("Published %(count)s day ago", "Published %(count)s days ago", days)


def _first_seen(reason: Reason, t: Translator) -> str:
    days = int(reason.values["days"])
    if days == 0:
        return t("Found today")
    return t.plural("Found %(count)s day ago", "Found %(count)s days ago", days)


def _related_occupation(reason: Reason, t: Translator) -> str:
    return t("Close to your occupation: %(label)s", label=reason.values[f"label_{t.language}"])


def _meant_occupation(reason: Reason, t: Translator) -> str:
    return t("Near a trade that your words suggest: %(label)s", label=reason.values[f"label_{t.language}"])


def _same_area(reason: Reason, t: Translator) -> str:
    code = reason.values["place"]
    region = place_name(code, t) or code
    return t("In the same area as %(of)s: %(place)s", of=reason.values["of"], place=region)


def _experience(reason: Reason, t: Translator) -> str:
    return t.plural(
        "Your experience is enough: %(count)s year asked for",
        "Your experience is enough: %(count)s years asked for",
        int(reason.values["years"]),
    )


def _age(reason: Reason, t: Translator) -> str:
    low, high = reason.values.get("age_min"), reason.values.get("age_max")
    if low is None:
        return t("Your age fits: up to %(high)s years", high=high)
    if high is None:
        return t("Your age fits: from %(low)s years", low=low)
    return t("Your age fits: %(low)s to %(high)s years", low=low, high=high)


def _education(reason: Reason, t: Translator) -> str:
    level: int = reason.values["level"]
    return t("Your education is enough: %(level)s", level=t(EDUCATION[level]))


def _kind(reason: Reason, t: Translator) -> str:
    kind: Kind = reason.values["kind"]
    return t(_KINDS[kind])


def _status(reason: Reason, t: Translator) -> str:
    status: Status = reason.values["status"]
    return t(_STATUSES[status])


def _fixed_text(message: str) -> Callable[[Reason, Translator], str]:
    return lambda _reason, t: t(message)


def _with_place(message: str) -> Callable[[Reason, Translator], str]:
    """Of a place given by its code, or by its name as the source wrote it."""
    return lambda reason, t: t(message, place=place_name(reason.values["place"], t) or reason.values["place"])


_RENDERERS: dict[ReasonCode, Callable[[Reason, Translator], str]] = {
    ReasonCode.WORDS: _matched_words,
    ReasonCode.MEANING: _fixed_text(mark("Close to what you are looking for")),
    ReasonCode.LIKENESS: _fixed_text(mark("Somewhat close to what you are looking for")),
    ReasonCode.OCCUPATION: _occupation,
    ReasonCode.RELATED_OCCUPATION: _related_occupation,
    ReasonCode.MEANT_OCCUPATION: _meant_occupation,
    ReasonCode.SAME_COMMUNE: _with_place(mark("In your town: %(place)s")),
    ReasonCode.SAME_DEPARTMENT: _with_place(mark("In your department: %(place)s")),
    ReasonCode.SAME_REGION: _with_place(mark("In your region: %(place)s")),
    ReasonCode.DISTANCE: _distance,
    ReasonCode.NAMED_PLACE: _with_place(mark("In a place you named: %(place)s")),
    ReasonCode.AROUND: _same_area,
    ReasonCode.RECENT: _published,
    ReasonCode.EARLIER: _published,
    ReasonCode.FIRST_SEEN: _first_seen,
    ReasonCode.KIND: _kind,
    ReasonCode.BEGINNERS: _fixed_text(mark("Beginners welcome")),
    ReasonCode.NO_EXPERIENCE: _fixed_text(mark("Asks for no experience")),
    ReasonCode.EXPERIENCE_FITS: _experience,
    ReasonCode.OPEN_TO_ALL: _fixed_text(mark("No condition of age, situation or schooling")),
    ReasonCode.FOR_STATUS: _status,
    ReasonCode.FOR_WOMEN: _fixed_text(mark("For women")),
    ReasonCode.FOR_REGION: _with_place(mark("For people who live here: %(place)s")),
    ReasonCode.AGE_FITS: _age,
    ReasonCode.EDUCATION_FITS: _education,
}


def render_reason(reason: Reason, t: Translator) -> str:
    """A reason in one short line."""
    return _RENDERERS[reason.code](reason, t)


def render_missing(missing: MissingInfo, t: Translator) -> str:
    """What the person could add, as the end of a sentence: "your year of birth"."""
    return t(_MISSING[missing])


def render_improvement(item: Recommendation, t: Translator) -> str | None:
    """The one thing that would improve a match: what to do first, else what to tell."""
    verdict = item.verdict
    if verdict.is_near_eligible:
        return render_steps(verdict, item.steps, t)[0][0]
    if (
        verdict.next_question
        and item.improve is not MissingInfo.TEXT
        and verdict.next_question.criterion is not Criterion.DOCUMENTS
    ):
        return render_question(verdict.next_question, t)
    return t("Tell us %(wanted)s", wanted=render_missing(item.improve, t)) if item.improve else None
