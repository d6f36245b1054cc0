"""The records of processing (law 2024/017): each class of data, why it is kept, for how long, who may see it.

The table is what the retention task goes by, so that what is said is what is done.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from oim.features.access import Action, Actor, Resource, Subject, permit
from oim.features.sign_in import ABSOLUTE_TIMEOUT, TICKET_LIFETIME
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
class RegisterEntry:
    """One line of the register. `kept`: after the last use; None: while the account lasts, or for good."""

    data: DataClass
    basis: Basis
    at_rest: AtRest
    retention: timedelta | None


INACTIVITY_LIMIT = timedelta(days=730)
WARNING_PERIOD = timedelta(days=30)  # before
REGISTER: tuple[RegisterEntry, ...] = (
    RegisterEntry(DataClass.ACCOUNT, Basis.SERVICE, AtRest.SEALED, INACTIVITY_LIMIT),
    RegisterEntry(DataClass.PROFILE, Basis.CONSENT, AtRest.SEALED, INACTIVITY_LIMIT),
    RegisterEntry(DataClass.CONSENTS, Basis.DUTY, AtRest.OPAQUE, None),
    RegisterEntry(DataClass.DOCUMENTS, Basis.CONSENT, AtRest.SEALED, INACTIVITY_LIMIT),
    RegisterEntry(DataClass.PROPOSALS, Basis.SERVICE, AtRest.SEALED, timedelta(days=30)),
    RegisterEntry(DataClass.FOLLOWING, Basis.SERVICE, AtRest.OPAQUE, INACTIVITY_LIMIT),
    RegisterEntry(DataClass.APPLICATIONS, Basis.CONSENT, AtRest.SEALED, INACTIVITY_LIMIT),
    RegisterEntry(DataClass.MESSAGES, Basis.CONSENT, AtRest.SEALED, timedelta(days=90)),
    RegisterEntry(DataClass.SESSIONS, Basis.SERVICE, AtRest.OPAQUE, ABSOLUTE_TIMEOUT),
    RegisterEntry(DataClass.CODES, Basis.SERVICE, AtRest.SEALED, TICKET_LIFETIME),
    RegisterEntry(DataClass.ANSWERS, Basis.SERVICE, AtRest.SEALED, timedelta(hours=48)),
    RegisterEntry(DataClass.HELP, Basis.CONSENT, AtRest.OPAQUE, timedelta(days=365)),
    RegisterEntry(DataClass.REPORTS, Basis.DUTY, AtRest.SEALED, timedelta(days=365)),
    RegisterEntry(DataClass.STAFF, Basis.DUTY, AtRest.SEALED, None),
    RegisterEntry(DataClass.INVITATIONS, Basis.DUTY, AtRest.SEALED, timedelta(days=30)),
    RegisterEntry(DataClass.TRAIL, Basis.DUTY, AtRest.OPAQUE, None),
    RegisterEntry(DataClass.EVENTS, Basis.DUTY, AtRest.NAMELESS, None),
    RegisterEntry(DataClass.COUNTS, Basis.CONSENT, AtRest.NAMELESS, None),
)


def read_register(session: WriteSession, actor: Actor) -> tuple[RegisterEntry, ...]:
    """The register, for those who answer for it. Raises NotFoundError."""
    permit(session, actor, Action.READ, Subject(Resource.REGISTER))
    return REGISTER


def find_retention(data: DataClass) -> timedelta:
    """How long a class is kept. Raises KeyError for one without an end."""
    held = next(record.retention for record in REGISTER if record.data is data)
    if held is None:
        raise KeyError(data)
    return held
