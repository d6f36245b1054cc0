"""The records of processing (law 2024/017): each class of data, why it is kept, how stored, for how long.

The retention task reads its periods from this table, so what is published is what is done.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from oim.features.access import Action, Actor, Resource, Subject, permit
from oim.features.events import STRANGERS_TERM
from oim.features.sign_in import ABSOLUTE_TIMEOUT, DEVICE_LIFETIME, TICKET_LIFETIME
from oim.kit.db import WriteSession


class DataClass(StrEnum):
    """Classes of personal data. Each must have one entry in `REGISTER`: a house test checks it."""

    ACCOUNT = "account"
    REMOVED_CONTACTS = "removed_contacts"  # blind indexes of what people no longer have as a contact
    PROFILE = "profile"
    CONSENTS = "consents"
    DOCUMENTS = "documents"
    PROPOSALS = "proposals"  # facts read from a CV that its person has not confirmed yet
    FOLLOWING = "following"
    APPLICATIONS = "applications"
    MESSAGES = "messages"
    PIN_REQUESTS = "pin_requests"  # new PINs that people asked for and have not used yet
    SESSIONS = "sessions"
    DEVICES = "devices"  # on which somebody signed in
    CODES = "codes"
    ANSWERS = "answers"  # responses stored for requests with an Idempotency-Key
    HELP = "help"  # mandates of case workers
    REPORTS = "reports"
    STAFF = "staff"
    INVITATIONS = "invitations"  # of staff, until they are confirmed
    TRAIL = "trail"
    EVENTS = "events"  # of people who agreed to be counted, or of nobody known any more
    STRANGERS_EVENTS = "strangers_events"
    COUNTS = "counts"


class Basis(StrEnum):
    """The legal ground on which a class of data is kept."""

    CONSENT = "consent"
    SERVICE = "service"  # the person asked for it
    DUTY = "duty"  # the law asks for it, or the safety of people


class AtRest(StrEnum):
    """How a class of data is protected in the database."""

    SEALED = "sealed"  # AES-256-GCM, keys outside the database
    OPAQUE = "opaque"  # ids and codes that name nobody by themselves
    NAMELESS = "nameless"  # about nobody in particular


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """One line of the register.

    `retention` counts from the last use; None means as long as the account exists, or for good.
    """

    data: DataClass
    basis: Basis
    at_rest: AtRest
    retention: timedelta | None


INACTIVITY_LIMIT = timedelta(days=730)  # without a sign-in, after which a person is erased
WARNING_PERIOD = timedelta(days=30)  # between the warning and the erasure
# Classes of `INACTIVITY_LIMIT` and None have no period of their own: they end with the person, or never.
REGISTER: tuple[RegisterEntry, ...] = (
    RegisterEntry(DataClass.ACCOUNT, Basis.SERVICE, AtRest.SEALED, INACTIVITY_LIMIT),
    RegisterEntry(DataClass.REMOVED_CONTACTS, Basis.DUTY, AtRest.OPAQUE, timedelta(days=30)),
    RegisterEntry(DataClass.PROFILE, Basis.CONSENT, AtRest.SEALED, INACTIVITY_LIMIT),
    RegisterEntry(DataClass.CONSENTS, Basis.DUTY, AtRest.OPAQUE, None),
    RegisterEntry(DataClass.DOCUMENTS, Basis.CONSENT, AtRest.SEALED, INACTIVITY_LIMIT),
    RegisterEntry(DataClass.PROPOSALS, Basis.SERVICE, AtRest.SEALED, timedelta(days=30)),
    RegisterEntry(DataClass.FOLLOWING, Basis.SERVICE, AtRest.OPAQUE, INACTIVITY_LIMIT),
    RegisterEntry(DataClass.APPLICATIONS, Basis.CONSENT, AtRest.SEALED, INACTIVITY_LIMIT),
    RegisterEntry(DataClass.MESSAGES, Basis.CONSENT, AtRest.SEALED, timedelta(days=90)),
    RegisterEntry(DataClass.PIN_REQUESTS, Basis.SERVICE, AtRest.OPAQUE, timedelta(days=14)),
    RegisterEntry(DataClass.SESSIONS, Basis.SERVICE, AtRest.OPAQUE, ABSOLUTE_TIMEOUT),
    RegisterEntry(DataClass.DEVICES, Basis.SERVICE, AtRest.OPAQUE, DEVICE_LIFETIME),
    RegisterEntry(DataClass.CODES, Basis.SERVICE, AtRest.SEALED, TICKET_LIFETIME),
    RegisterEntry(DataClass.ANSWERS, Basis.SERVICE, AtRest.SEALED, timedelta(hours=48)),
    RegisterEntry(DataClass.HELP, Basis.CONSENT, AtRest.OPAQUE, timedelta(days=365)),
    RegisterEntry(DataClass.REPORTS, Basis.DUTY, AtRest.SEALED, timedelta(days=365)),
    RegisterEntry(DataClass.STAFF, Basis.DUTY, AtRest.SEALED, None),
    RegisterEntry(DataClass.INVITATIONS, Basis.DUTY, AtRest.SEALED, timedelta(days=30)),
    RegisterEntry(DataClass.TRAIL, Basis.DUTY, AtRest.OPAQUE, None),
    RegisterEntry(DataClass.EVENTS, Basis.CONSENT, AtRest.OPAQUE, timedelta(days=730)),
    RegisterEntry(DataClass.STRANGERS_EVENTS, Basis.SERVICE, AtRest.NAMELESS, STRANGERS_TERM),
    RegisterEntry(DataClass.COUNTS, Basis.CONSENT, AtRest.NAMELESS, None),
)


def read_register(session: WriteSession, actor: Actor) -> tuple[RegisterEntry, ...]:
    """Read the register, as analysts, case workers and administrators may. Raises NotFoundError."""
    permit(session, actor, Action.READ, Subject(Resource.REGISTER))
    return REGISTER


def find_retention(data: DataClass) -> timedelta:
    """Find how long a class of data is kept. Raises KeyError if it has no limit."""
    retention = next(entry.retention for entry in REGISTER if entry.data is data)
    if retention is None:
        raise KeyError(data)
    return retention
