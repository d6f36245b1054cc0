"""The records of processing (law 2024/017): each class of data, why it is kept, for how long, who may see it.

The table is what the retention task goes by, so that what is said is what is done.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from oim.features.access import Action, Actor, Resource, Subject, permit
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
    TRAIL = "trail"
    EVENTS = "events"
    COUNTS = "counts"


class Basis(StrEnum):
    """Why it may be kept."""

    CONSENT = "consent"
    SERVICE = "service"  # the person asked for it
    DUTY = "duty"  # the law asks for it, or the safety of people


class Sealed(StrEnum):
    """How it lies at rest."""

    SEALED = "sealed"  # AES-256-GCM, keys outside the database
    HASHED = "hashed"
    OPAQUE = "opaque"  # ids and codes that name nobody by themselves
    NAMELESS = "nameless"


@dataclass(frozen=True, slots=True)
class Record:
    """One line of the register. `kept`: after the last use; None: while the account lasts, or for good."""

    data: DataClass
    basis: Basis
    at_rest: Sealed
    kept: timedelta | None
    goes_with_person: bool = True


INACTIVE = timedelta(days=730)
WARNED = timedelta(days=30)  # before
REGISTER: tuple[Record, ...] = (
    Record(DataClass.ACCOUNT, Basis.SERVICE, Sealed.SEALED, INACTIVE),
    Record(DataClass.PROFILE, Basis.CONSENT, Sealed.SEALED, INACTIVE),
    Record(DataClass.CONSENTS, Basis.DUTY, Sealed.OPAQUE, None),
    Record(DataClass.DOCUMENTS, Basis.CONSENT, Sealed.SEALED, INACTIVE),
    Record(DataClass.PROPOSALS, Basis.SERVICE, Sealed.SEALED, timedelta(days=30)),
    Record(DataClass.FOLLOWING, Basis.SERVICE, Sealed.SEALED, INACTIVE),
    Record(DataClass.APPLICATIONS, Basis.CONSENT, Sealed.SEALED, INACTIVE),
    Record(DataClass.MESSAGES, Basis.CONSENT, Sealed.SEALED, timedelta(days=90)),
    Record(DataClass.SESSIONS, Basis.SERVICE, Sealed.OPAQUE, timedelta(hours=12)),
    Record(DataClass.CODES, Basis.SERVICE, Sealed.SEALED, timedelta(minutes=15)),
    Record(DataClass.ANSWERS, Basis.SERVICE, Sealed.SEALED, timedelta(hours=48)),
    Record(DataClass.HELP, Basis.CONSENT, Sealed.OPAQUE, timedelta(days=365)),
    Record(DataClass.REPORTS, Basis.DUTY, Sealed.SEALED, timedelta(days=365), goes_with_person=False),
    Record(DataClass.STAFF, Basis.DUTY, Sealed.SEALED, None, goes_with_person=False),
    Record(DataClass.TRAIL, Basis.DUTY, Sealed.OPAQUE, None, goes_with_person=False),
    Record(DataClass.EVENTS, Basis.DUTY, Sealed.NAMELESS, None, goes_with_person=False),
    Record(DataClass.COUNTS, Basis.CONSENT, Sealed.NAMELESS, None, goes_with_person=False),
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
