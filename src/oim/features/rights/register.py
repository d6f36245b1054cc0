"""The records of processing (law 2024/017): each class of data, why it is kept, for how long, who may see it.

The table is what the retention task goes by, so that what is said is what is done.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from oim.features.access import Action, Actor, Resource, Subject, permit
from oim.features.sign_in import ABSOLUTE, TICKET_LIVES
from oim.kit.db import WriteSession


class DataClass(StrEnum):
    """Classes of personal data."""

    ACCOUNT = "account"
    PROFILE = "profile"
    CONSENTS = "consents"
    DOCUMENTS = "documents"
    PROPOSALS = "proposals"  # what was read in a CV and not yet confirmed
    FOLLOWING = "following"
    APPLICATIONS = "applications"
    MESSAGES = "messages"
    SESSIONS = "sessions"
    CODES = "codes"
    ANSWERS = "answers"  # kept for Idempotency-Key
    HELP = "help"
    REPORTS = "reports"
    STAFF = "staff"
    INVITATIONS = "invitations"  # of staff, while nobody followed them
    TRAIL = "trail"
    EVENTS = "events"
    COUNTS = "counts"


class Basis(StrEnum):
    """Why it may be kept."""

    CONSENT = "consent"
    SERVICE = "service"  # the person asked for it
    DUTY = "duty"  # the law asks for it, or the safety of people


class AtRest(StrEnum):
    """How it lies at rest."""

    SEALED = "sealed"  # AES-256-GCM, keys outside the database
    OPAQUE = "opaque"  # ids and codes that name nobody by themselves
    NAMELESS = "nameless"


@dataclass(frozen=True, slots=True)
class Record:
    """One line of the register. `kept`: after the last use; None: while the account lasts, or for good."""

    data: DataClass
    basis: Basis
    at_rest: AtRest
    kept: timedelta | None


INACTIVE = timedelta(days=730)
WARNED = timedelta(days=30)  # before
REGISTER: tuple[Record, ...] = (
    Record(DataClass.ACCOUNT, Basis.SERVICE, AtRest.SEALED, INACTIVE),
    Record(DataClass.PROFILE, Basis.CONSENT, AtRest.SEALED, INACTIVE),
    Record(DataClass.CONSENTS, Basis.DUTY, AtRest.OPAQUE, None),
    Record(DataClass.DOCUMENTS, Basis.CONSENT, AtRest.SEALED, INACTIVE),
    Record(DataClass.PROPOSALS, Basis.SERVICE, AtRest.SEALED, timedelta(days=30)),
    Record(DataClass.FOLLOWING, Basis.SERVICE, AtRest.OPAQUE, INACTIVE),
    Record(DataClass.APPLICATIONS, Basis.CONSENT, AtRest.SEALED, INACTIVE),
    Record(DataClass.MESSAGES, Basis.CONSENT, AtRest.SEALED, timedelta(days=90)),
    Record(DataClass.SESSIONS, Basis.SERVICE, AtRest.OPAQUE, ABSOLUTE),
    Record(DataClass.CODES, Basis.SERVICE, AtRest.SEALED, TICKET_LIVES),
    Record(DataClass.ANSWERS, Basis.SERVICE, AtRest.SEALED, timedelta(hours=48)),
    Record(DataClass.HELP, Basis.CONSENT, AtRest.OPAQUE, timedelta(days=365)),
    Record(DataClass.REPORTS, Basis.DUTY, AtRest.SEALED, timedelta(days=365)),
    Record(DataClass.STAFF, Basis.DUTY, AtRest.SEALED, None),
    Record(DataClass.INVITATIONS, Basis.DUTY, AtRest.SEALED, timedelta(days=30)),
    Record(DataClass.TRAIL, Basis.DUTY, AtRest.OPAQUE, None),
    Record(DataClass.EVENTS, Basis.DUTY, AtRest.NAMELESS, None),
    Record(DataClass.COUNTS, Basis.CONSENT, AtRest.NAMELESS, None),
)


def register(session: WriteSession, actor: Actor) -> tuple[Record, ...]:
    """The register, for those who answer for it. Raises NotFoundError."""
    permit(session, actor, Action.READ, Subject(Resource.REGISTER))
    return REGISTER


def kept(data: DataClass) -> timedelta:
    """How long a class is kept. Raises KeyError for one without an end."""
    held = next(record.kept for record in REGISTER if record.data is data)
    if held is None:
        raise KeyError(data)
    return held
