"""The reasons for a recommendation, and what would improve it, in one short line each."""

from __future__ import annotations

from collections.abc import Callable

from oim.channels.wording.eligibility import render_question, render_steps
from oim.channels.wording.labels import EDUCATION
from oim.channels.wording.offers import place_name
from oim.features import places
from oim.features.matching import Criterion, MissingInfo, Profile, Reason, ReasonCode, Recommendation
from oim.features.opportunities import Kind, Status
from oim.kit.i18n import Translator, format_distance, mark

# Not the labels of `labels.KINDS`: these are whole reasons.
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

_TELL_SOMETHING = mark(
    "Tell us what you can do or look for, and where you live: then we choose offers for you. Until then, "
    "here are recent ones."
)
# Each completes "Tell us ..." or stands in a list of what is missing.
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


def _render_words(reason: Reason, t: Translator) -> str:
    return t("You mentioned: %(words)s", words=", ".join(reason.values["words"]))


def _render_occupation(reason: Reason, t: Translator) -> str:
    return t("Matches the trade: %(label)s", label=reason.values[f"label_{t.language}"])


def _render_distance(reason: Reason, t: Translator) -> str:
    distance = format_distance(reason.values["km"], t.language)
    # `of` is the place that the person named in their text; without it, the distance is from their home.
    if place := reason.values.get("of"):
        return t("%(distance)s from %(place)s", distance=distance, place=place)
    return t("%(distance)s from where you live", distance=distance)


def _render_published(reason: Reason, t: Translator) -> str:
    days = int(reason.values["days"])
    if days == 0:
        return t("Published today")
    return t.plural("Published %(count)s day ago", "Published %(count)s days ago", days)


def _render_first_seen(reason: Reason, t: Translator) -> str:
    """Render how long ago we first saw an offer whose source states no date."""
    days = int(reason.values["days"])
    if days == 0:
        return t("Found today")
    return t.plural("Found %(count)s day ago", "Found %(count)s days ago", days)


def _render_related_occupation(reason: Reason, t: Translator) -> str:
    return t("Close to your trade: %(label)s", label=reason.values[f"label_{t.language}"])


def _render_meant_occupation(reason: Reason, t: Translator) -> str:
    return t("Near a trade that your words suggest: %(label)s", label=reason.values[f"label_{t.language}"])


def _render_same_area(reason: Reason, t: Translator) -> str:
    """Render that an offer lies in the department or region of a place the person named."""
    code = reason.values["place"]
    region = place_name(code, t) or code
    return t("In the same area as %(of)s: %(place)s", of=reason.values["of"], place=region)


def _render_experience(reason: Reason, t: Translator) -> str:
    return t.plural(
        "Your experience is enough: %(count)s year asked for",
        "Your experience is enough: %(count)s years asked for",
        int(reason.values["years"]),
    )


def _render_age(reason: Reason, t: Translator) -> str:
    low, high = reason.values.get("age_min"), reason.values.get("age_max")
    if low is None:
        return t("Your age fits: up to %(high)s years", high=high)
    if high is None:
        return t("Your age fits: from %(low)s years", low=low)
    return t("Your age fits: %(low)s to %(high)s years", low=low, high=high)


def _render_education(reason: Reason, t: Translator) -> str:
    level: int = reason.values["level"]
    return t("Your education is enough: %(level)s", level=t(EDUCATION[level]))


def _render_kind(reason: Reason, t: Translator) -> str:
    kind: Kind = reason.values["kind"]
    return t(_KINDS[kind])


def _render_status(reason: Reason, t: Translator) -> str:
    status: Status = reason.values["status"]
    return t(_STATUSES[status])


def _fixed_text_renderer(message: str) -> Callable[[Reason, Translator], str]:
    """Return a renderer of reasons whose text has no values."""
    return lambda _reason, t: t(message)


def _place_renderer(message: str) -> Callable[[Reason, Translator], str]:
    """Return a renderer of reasons about a place, known by its code or by the name that the source wrote."""
    return lambda reason, t: t(message, place=place_name(reason.values["place"], t) or reason.values["place"])


def _render_same_department(reason: Reason, t: Translator) -> str:
    """Render that an offer lies in the department: a city whose communes make it up is called a town."""
    code = reason.values["place"]
    # The two texts are whole: which of them is right depends on the place.
    message = (
        mark("In your town: %(place)s") if places.city_name(code) else mark("In your department: %(place)s")
    )
    return t(message, place=place_name(code, t) or code)


# Every code has an entry; a test checks it. Keys of the values: see the comments of `ReasonCode`.
_RENDERERS: dict[ReasonCode, Callable[[Reason, Translator], str]] = {
    ReasonCode.WORDS: _render_words,
    ReasonCode.MEANING: _fixed_text_renderer(mark("Close to what you are looking for")),
    ReasonCode.LIKENESS: _fixed_text_renderer(mark("Somewhat close to what you are looking for")),
    ReasonCode.OCCUPATION: _render_occupation,
    ReasonCode.RELATED_OCCUPATION: _render_related_occupation,
    ReasonCode.MEANT_OCCUPATION: _render_meant_occupation,
    ReasonCode.SAME_COMMUNE: _place_renderer(mark("In your town: %(place)s")),
    ReasonCode.SAME_DEPARTMENT: _render_same_department,
    ReasonCode.SAME_REGION: _place_renderer(mark("In your region: %(place)s")),
    ReasonCode.DISTANCE: _render_distance,
    ReasonCode.NAMED_PLACE: _place_renderer(mark("In a place you named: %(place)s")),
    ReasonCode.AROUND: _render_same_area,
    ReasonCode.RECENT: _render_published,
    ReasonCode.EARLIER: _render_published,
    ReasonCode.FIRST_SEEN: _render_first_seen,
    ReasonCode.KIND: _render_kind,
    ReasonCode.BEGINNERS: _fixed_text_renderer(mark("Beginners welcome")),
    ReasonCode.NO_EXPERIENCE: _fixed_text_renderer(mark("Asks for no experience")),
    ReasonCode.EXPERIENCE_FITS: _render_experience,
    ReasonCode.OPEN_TO_ALL: _fixed_text_renderer(mark("No condition of age, situation or schooling")),
    ReasonCode.FOR_STATUS: _render_status,
    ReasonCode.FOR_WOMEN: _fixed_text_renderer(mark("For women")),
    ReasonCode.FOR_REGION: _place_renderer(mark("For people who live in: %(place)s")),
    ReasonCode.AGE_FITS: _render_age,
    ReasonCode.EDUCATION_FITS: _render_education,
}


def render_reason(reason: Reason, t: Translator) -> str:
    """Render a reason in one short line."""
    return _RENDERERS[reason.code](reason, t)


def render_missing(missing: MissingInfo, t: Translator) -> str:
    """Render what the person could add, as the end of a sentence: "your year of birth"."""
    return t(_MISSING[missing])


def render_advice(profile: Profile, t: Translator) -> str | None:
    """Render what to do for a list of one's own, where nothing was said and recent offers come; else None.

    Without it a list for anybody looks as if it were chosen for the person.
    """
    return t(_TELL_SOMETHING) if profile.is_blank else None


def render_improvement(item: Recommendation, t: Translator) -> str | None:
    """Render the one thing that would improve a match: the first step, else a question, else what to add.

    None where nothing would.
    """
    verdict = item.verdict
    if verdict.is_near_eligible:
        return render_steps(verdict, item.steps, t)[0][0]
    # The answer to a question decides this offer, but a profile without any text gains more by a text.
    # Questions about papers are left to the offer's own page, which lists them.
    if (
        verdict.next_question
        and item.improve is not MissingInfo.TEXT
        and verdict.next_question.criterion is not Criterion.DOCUMENTS
    ):
        return render_question(verdict.next_question, t)
    return t("Tell us %(wanted)s", wanted=render_missing(item.improve, t)) if item.improve else None
