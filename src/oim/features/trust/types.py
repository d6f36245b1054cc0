"""Plain values of trust: what may warn in an offer, why people report one, what staff decide."""

from __future__ import annotations

from enum import StrEnum


class FlagCode(StrEnum):
    """What warns in an offer: indicators of the ILO, and what Cameroon's press tells of."""

    FEE = "fee"  # who looks for work, a course or money is asked to pay first
    PASSPORT = "passport"  # an original paper is handed over, sent or kept
    ABROAD_BY_MESSAGING = "abroad_by_messaging"  # work abroad, by messages or a number alone
    TRAVEL_ADVANCE = "travel_advance"  # the journey becomes a debt, paid off by work
    UNREAL_PAY = "unreal_pay"  # far above what such work pays
    HASTE_OR_SECRECY = "haste_or_secrecy"  # pay at once, or tell nobody
    NO_EMPLOYER = "no_employer"
    PERSONAL_CONTACT = "personal_contact"  # a company with a mobile number or a free mailbox alone


class ReportReason(StrEnum):
    """Why somebody reports an offer."""

    MONEY_ASKED = "money_asked"
    NOT_REAL = "not_real"
    CONTACT_DOES_NOT_ANSWER = "contact_does_not_answer"
    PAPERS_KEPT = "papers_kept"
    VIOLENCE_OR_ABUSE = "violence_or_abuse"
    OTHER = "other"


class Decision(StrEnum):
    """What staff decide about an offer."""

    RELEASED = "released"
    WITHDRAWN = "withdrawn"
