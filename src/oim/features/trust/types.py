"""Enumerations of trust: signs of fraud in an offer, reasons to report one, decisions of staff, alerts."""

from __future__ import annotations

from enum import StrEnum

from oim.features.opportunities import REPORTED_FLAG


class FlagCode(StrEnum):
    """Signs of fraud or exploitation in an offer.

    They follow the forced labour indicators of the International Labour Organization, and cases reported in
    the press of Cameroon.
    """

    FEE = "fee"  # the applicant for work, a course or money must pay first
    PASSPORT = "passport"  # an original identity paper must be handed over, or is kept
    ABROAD_BY_MESSAGING = "abroad_by_messaging"  # work abroad, recruited by messages or a mobile number alone
    TRAVEL_ADVANCE = "travel_advance"  # the journey becomes a debt that is paid off by work
    UNREAL_PAY = "unreal_pay"  # pay far above what such work pays
    HASTE_OR_SECRECY = "haste_or_secrecy"  # pressure to pay at once, or to tell nobody
    NO_EMPLOYER = "no_employer"  # a job that names no employer
    PERSONAL_CONTACT = "personal_contact"  # a company with a mobile number or a free mailbox alone
    REPORTED = REPORTED_FLAG  # no sign in the offer: readers warn of it, and staff have not decided yet


class ReportReason(StrEnum):
    """Why a person reports an offer."""

    MONEY_ASKED = "money_asked"
    NOT_REAL = "not_real"
    CONTACT_DOES_NOT_ANSWER = "contact_does_not_answer"
    PAPERS_KEPT = "papers_kept"
    VIOLENCE_OR_ABUSE = "violence_or_abuse"
    TRAFFICKING = "trafficking"  # forced to work, locked in, taken away
    SEXUAL_EXPLOITATION = "sexual_exploitation"
    OTHER = "other"


# Somebody may be in danger now: helplines are shown, staff look first, and one voice may hide the offer.
SERIOUS_REASONS = frozenset(
    {ReportReason.VIOLENCE_OR_ABUSE, ReportReason.TRAFFICKING, ReportReason.SEXUAL_EXPLOITATION}
)


class Decision(StrEnum):
    """What staff decide about an offer: show it, or hide it for good."""

    RELEASED = "released"
    WITHDRAWN = "withdrawn"


class AlertCode(StrEnum):
    """What staff are alerted to about reports."""

    SERIOUS = "serious"  # offers reported for violence or trafficking, shown or not
    RAISED = "raised"  # offers still shown of which many voices warn
    BURST = "burst"  # many reports within an hour
    BUDGET_SPENT = "budget_spent"  # reports have hidden as many offers as they may
    CAUTIONS_SPENT = "cautions_spent"  # reports have cautioned readers of as many offers as they may
