"""A recommendation's reasons and its one improvement in a line: for WhatsApp, and for a USSD screen."""

from __future__ import annotations

from collections.abc import Callable

from oim.channels.wording.gsm import gsm_length, to_gsm, truncate
from oim.channels.wording.offers import place_name
from oim.channels.wording.reasons import render_improvement, render_reason
from oim.features.matching import Reason, ReasonCode, Recommendation
from oim.features.opportunities import Status
from oim.kit.i18n import Translator, format_distance, mark

USSD_LINE = 60  # characters of GSM 03.38 a line
_WHATSAPP_MARKUP = str.maketrans(dict.fromkeys("*_~`"))  # what WhatsApp would read as bold, slanted or struck

# Where the full words are too long; the others are said as on a page.
_SHORT_REASONS = {
    ReasonCode.MEANING: mark("Close to your search"),
    ReasonCode.LIKENESS: mark("Rather close to your search"),
    ReasonCode.SAME_COMMUNE: mark("In your town"),
    ReasonCode.SAME_DEPARTMENT: mark("In your department"),
    ReasonCode.SAME_REGION: mark("In your region"),
    ReasonCode.KIND: mark("The kind you asked for"),
    ReasonCode.OPEN_TO_ALL: mark("No condition of age or schooling"),
    ReasonCode.EXPERIENCE_FITS: mark("Your experience is enough"),
    ReasonCode.AGE_FITS: mark("Your age fits"),
    ReasonCode.EDUCATION_FITS: mark("Your schooling is enough"),
}
_SHORT_RENDERERS: dict[ReasonCode, Callable[[Reason, Translator], str]] = {
    ReasonCode.WORDS: lambda reason, t: t("You said %(words)s", words=", ".join(reason.values["words"])),
    ReasonCode.OCCUPATION: lambda reason, t: t("Your trade: %(label)s", label=_occupation_label(reason, t)),
    ReasonCode.RELATED_OCCUPATION: lambda reason, t: t(
        "Near your trade: %(label)s", label=_occupation_label(reason, t)
    ),
    ReasonCode.MEANT_OCCUPATION: lambda reason, t: t(
        "Close to: %(label)s", label=_occupation_label(reason, t)
    ),
    ReasonCode.DISTANCE: lambda reason, t: t(
        "%(distance)s away", distance=format_distance(reason.values["km"], t.language)
    ),
    ReasonCode.NAMED_PLACE: lambda reason, t: t(
        "You named %(place)s", place=place_name(reason.values["place"], t) or reason.values["place"]
    ),
    ReasonCode.AROUND: lambda reason, t: t("Same area as %(of)s", of=reason.values["of"]),
}
_FOR_HOST_FAMILIES = mark("For host families")


def render_reasons_whatsapp(item: Recommendation, t: Translator) -> str:
    """Why, and what would improve it, in one line for WhatsApp."""
    why = " · ".join(render_reason(reason, t) for reason in item.reasons)
    better = render_improvement(item, t)
    line = t("%(why)s. To go further: %(better)s", why=why, better=better) if better else why
    return " ".join(line.translate(_WHATSAPP_MARKUP).split())


def render_reasons_ussd(item: Recommendation, t: Translator) -> str:
    """Why, in at most 60 characters of GSM 03.38: as many reasons as fit, none cut but the first."""
    line = ""
    for reason in item.reasons:
        said = to_gsm(_render_short_reason(reason, t))
        longer = f"{line}; {said}" if line else truncate(said, USSD_LINE)
        line = longer if gsm_length(longer) <= USSD_LINE else line
    return line


def render_improvement_ussd(item: Recommendation, t: Translator) -> str:
    """What would improve it, in one line of at most 60 characters of GSM 03.38; empty when nothing would."""
    return truncate(to_gsm(render_improvement(item, t) or ""), USSD_LINE)


def _render_short_reason(reason: Reason, t: Translator) -> str:
    if reason.code is ReasonCode.FOR_STATUS and reason.values["status"] == Status.HOST_COMMUNITY:
        return t(_FOR_HOST_FAMILIES)
    if reason.code in _SHORT_RENDERERS:
        return _SHORT_RENDERERS[reason.code](reason, t)
    return t(_SHORT_REASONS[reason.code]) if reason.code in _SHORT_REASONS else render_reason(reason, t)


def _occupation_label(reason: Reason, t: Translator) -> str:
    return str(reason.values[f"label_{t.language}"])
