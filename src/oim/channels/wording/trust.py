"""Trust in words: levels of trust, red flags and what to do about them, reports, decisions, alerts to staff.

No text here says that an offer is safe, since nobody knows that; a test looks for such words.
"""

from __future__ import annotations

from oim.features.opportunities import RedFlag, Trust
from oim.features.trust import Alert, AlertCode, Decision, FlagCode, ReportReason, ReviewItem
from oim.kit.i18n import Translator, mark

# Of each level: its label, then what it means for the reader.
TRUST: dict[Trust, tuple[str, str]] = {
    Trust.VERIFIED: (
        mark("Verified partner"),
        mark("We checked who this organisation is; all the same, never pay to get a job."),
    ),
    Trust.KNOWN: (
        mark("Known source"),
        mark("We know this source, but not each employer in it: ask questions before you answer."),
    ),
    Trust.UNKNOWN: (
        mark("Unknown source"),
        mark("We do not know where this offer comes from: check who is behind it before you answer."),
    ),
}

# By the code of the flag. One sentence each: what was noticed, a colon, what to do about it.
RED_FLAGS: dict[str, str] = {
    FlagCode.FEE: mark(
        "Money is asked for in advance: do not pay, no true job or grant begins with a payment."
    ),
    FlagCode.PASSPORT: mark(
        "Your papers are asked for or kept: give a copy only, your passport and identity card stay with you."
    ),
    FlagCode.ABROAD_BY_MESSAGING: mark(
        "Work abroad, offered by messages alone: see an office and a written contract before you leave."
    ),
    FlagCode.TRAVEL_ADVANCE: mark(
        "The journey would be taken from your wages: refuse a debt that keeps you from leaving."
    ),
    FlagCode.UNREAL_PAY: mark(
        "The pay is far above what this work pays: ask for a written contract before you go any further."
    ),
    FlagCode.HASTE_OR_SECRECY: mark(
        "You are pressed to pay or to tell nobody: take your time, and talk about it to somebody you trust."
    ),
    FlagCode.NO_EMPLOYER: mark(
        "The employer is not named: ask for its name and its address before you answer."
    ),
    FlagCode.PERSONAL_CONTACT: mark(
        "The only contact is a mobile number or a free mailbox: ask where the office is, and go and see it."
    ),
    FlagCode.REPORTED: mark(
        "People have reported this offer, and our team has not decided yet: ask questions, and pay nothing."
    ),
}

REPORT_REASONS: dict[ReportReason, str] = {
    ReportReason.MONEY_ASKED: mark("They asked me for money"),
    ReportReason.NOT_REAL: mark("This offer is not real"),
    ReportReason.CONTACT_DOES_NOT_ANSWER: mark("The contact does not answer, or is somebody else"),
    ReportReason.PAPERS_KEPT: mark("They asked for my papers, or kept them"),
    ReportReason.VIOLENCE_OR_ABUSE: mark("Violence, threats or abuse"),
    ReportReason.TRAFFICKING: mark("People are forced to work, locked in, or taken away against their will"),
    ReportReason.SEXUAL_EXPLOITATION: mark("Sexual acts are asked for"),
    ReportReason.OTHER: mark("Something else"),
}

# What happens after a report, for the person who sent it.
REPORT_FOLLOW_UP: tuple[str, ...] = (
    mark("Our team reads it, and decides whether the offer stays."),
    mark("If others report this offer too, its readers are warned, and it may be hidden until then."),
    mark("Whoever published the offer does not learn that it was you. What you wrote is then erased."),
    mark("If you paid, or gave papers: keep messages and receipts, and go to the police or the gendarmerie."),
)

# The same after a report of violence or trafficking. Helplines stand above it, where there are any.
SERIOUS_REPORT_FOLLOW_UP: tuple[str, ...] = (
    mark("Our team is alerted at once and reads it before all others."),
    mark("The offer may be hidden at once, until our team has decided."),
    mark("Whoever published the offer does not learn that it was you. What you wrote is then erased."),
)

DECISIONS: dict[Decision, str] = {
    Decision.RELEASED: mark("Released"),
    Decision.WITHDRAWN: mark("Withdrawn"),
}


# Of each alert: its sentence for one, and for several.
_ALERTS: dict[AlertCode, tuple[str, str]] = {
    AlertCode.SERIOUS: (
        mark("%(count)s offer is reported for violence or trafficking: look at it now."),
        mark("%(count)s offers are reported for violence or trafficking: look at them now."),
    ),
    AlertCode.RAISED: (
        mark("%(count)s offer is reported by several people and still shown: decide about it first."),
        mark("%(count)s offers are reported by several people and still shown: decide about them first."),
    ),
    AlertCode.BURST: (
        mark("%(count)s report came within an hour: somebody may be sending false ones."),
        mark("%(count)s reports came within an hour: somebody may be sending false ones."),
    ),
    AlertCode.BUDGET_SPENT: (
        mark("Reports have hidden %(count)s offer within an hour, and hide no more until the hour is over."),
        mark("Reports have hidden %(count)s offers within an hour, and hide no more until the hour is over."),
    ),
    AlertCode.CAUTIONS_SPENT: (
        mark(
            "Reports have put a warning on %(count)s offer within an hour, and put no more until it is over."
        ),
        mark(
            "Reports have put a warning on %(count)s offers within an hour, and put no more until it is over."
        ),
    ),
}


def render_alert(alert: Alert, t: Translator) -> str:
    """Render what staff are alerted to, in one sentence."""
    return t.plural(*_ALERTS[alert.code], alert.count)


def render_standing(reviewed: ReviewItem, t: Translator) -> str:
    """Render who sees an offer now, for its reviewers."""
    if reviewed.offer.is_held:
        return t("To check: nobody sees it")
    # Only the last decision counts: an offer can be released again.
    if reviewed.reviews and reviewed.reviews[-1].decision is Decision.WITHDRAWN:
        return t("Withdrawn: nobody sees it")
    return t("Shown to everybody")


def render_warning(flag: RedFlag, t: Translator) -> str:
    """Render a red flag of an offer and what to do about it, in one sentence."""
    return t(RED_FLAGS[flag.code])
