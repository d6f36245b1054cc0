"""The reasons for a recommendation and what would improve it on one line, for WhatsApp and for USSD."""

from __future__ import annotations

from collections.abc import Callable

from oim.channels.wording.gsm import gsm_length, to_gsm, truncate_gsm
from oim.channels.wording.offers import place_name
from oim.channels.wording.reasons import render_improvement, render_reason
from oim.features.matching import Reason, ReasonCode, Recommendation
from oim.features.opportunities import Status
from oim.kit.i18n import Translator, format_distance, mark

# Septets of GSM 03.38; a whole USSD screen holds 182 of them at most (160 bytes).
MAX_USSD_LINE_LENGTH = 60
# What WhatsApp would read as bold, italic, struck through or monospaced.
_WHATSAPP_MARKUP = str.maketrans(dict.fromkeys("*_~`"))

# For reasons whose full text is too long for a line; all others are rendered as on a page.
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
    ReasonCode.WORDS: lambda reason, t: t("You said: %(words)s", words=", ".join(reason.values["words"])),
    ReasonCode.OCCUPATION: lambda reason, t: t("Your trade: %(label)s", label=_get_label(reason, t)),
    ReasonCode.RELATED_OCCUPATION: lambda reason, t: t(
        "Near your trade: %(label)s", label=_get_label(reason, t)
    ),
    ReasonCode.MEANT_OCCUPATION: lambda reason, t: t("Close to: %(label)s", label=_get_label(reason, t)),
    ReasonCode.DISTANCE: lambda reason, t: t(
        "%(distance)s away", distance=format_distance(reason.values["km"], t.language)
    ),
    ReasonCode.NAMED_PLACE: lambda reason, t: t(
        "You mentioned %(place)s", place=place_name(reason.values["place"], t) or reason.values["place"]
    ),
    ReasonCode.AROUND: lambda reason, t: t("Same area as %(of)s", of=reason.values["of"]),
}
_FOR_HOST_FAMILIES = mark("For host families")


def render_reasons_whatsapp(item: Recommendation, t: Translator) -> str:
    """Render all reasons, and what would improve the match, on one line for WhatsApp."""
    reasons = " · ".join(render_reason(reason, t) for reason in item.reasons)
    improvement = render_improvement(item, t)
    line = (
        t("%(why)s. To go further: %(better)s", why=reasons, better=improvement) if improvement else reasons
    )
    # Words of the person and of the offer are in it: neither may format the message or break the line.
    return " ".join(line.translate(_WHATSAPP_MARKUP).split())


def render_reasons_ussd(item: Recommendation, t: Translator) -> str:
    """Render as many reasons as fit on a line; only the first is cut, if it is too long by itself."""
    line = ""
    for reason in item.reasons:
        reason_text = to_gsm(_render_short_reason(reason, t))
        longer = f"{line}; {reason_text}" if line else truncate_gsm(reason_text, MAX_USSD_LINE_LENGTH)
        # A reason that does not fit is left out, and a shorter one after it may still fit.
        line = longer if gsm_length(longer) <= MAX_USSD_LINE_LENGTH else line
    return line


def render_improvement_ussd(item: Recommendation, t: Translator) -> str:
    """Render what would improve the match, cut to `MAX_USSD_LINE_LENGTH`; empty when nothing would."""
    return truncate_gsm(to_gsm(render_improvement(item, t) or ""), MAX_USSD_LINE_LENGTH)


def _render_short_reason(reason: Reason, t: Translator) -> str:
    """Render a reason in its short form where it has one, else in full."""
    # Its full text would fill nearly the whole line.
    if reason.code is ReasonCode.FOR_STATUS and reason.values["status"] == Status.HOST_COMMUNITY:
        return t(_FOR_HOST_FAMILIES)
    if reason.code in _SHORT_RENDERERS:
        return _SHORT_RENDERERS[reason.code](reason, t)
    return t(_SHORT_REASONS[reason.code]) if reason.code in _SHORT_REASONS else render_reason(reason, t)


def _get_label(reason: Reason, t: Translator) -> str:
    return str(reason.values[f"label_{t.language}"])
