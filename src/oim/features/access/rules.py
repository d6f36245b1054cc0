"""The access rules: one table that says which relations to a resource permit which action.

A pair of resource and action that is not in the table is refused to everybody.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Resource(StrEnum):
    """Kinds of protected data. The values are stored in the audit trail."""

    PERSON = "person"  # name, contacts, language
    PROFILE = "profile"
    CONSENTS = "consents"
    DOCUMENT = "document"
    SAVED = "saved"  # saved offers, saved searches, dismissed offers
    APPLICATION = "application"
    OUTCOME = "outcome"
    EXPORT = "export"  # the copy of all data about a person
    MANDATE = "mandate"  # a person's permission for a case worker to help
    VOUCHING = "vouching"  # a case worker's word for a person who forgot their PIN
    TRAIL = "trail"  # audit entries about a person
    CASELOAD = "caseload"  # the list of people that a case worker helps
    REVIEW = "review"  # offers held for review, and reports about offers
    SOURCES = "sources"  # publishers of offers, and how far each is trusted
    STAFF = "staff"
    REGISTER = "register"  # the records of processing (law 2024/017)
    STATISTICS = "statistics"


class Action(StrEnum):
    """What can be done with a resource."""

    READ = "read"
    CHANGE = "change"
    ERASE = "erase"


class Relation(StrEnum):
    """How an actor is related to the subject of a request."""

    OWNER = "owner"  # the person whom the data is about
    PARTNER = "partner"  # an agent of the organisation it was shared with
    HELPER = "helper"  # a case worker with a mandate of that person
    CASE_WORKER = "case_worker"
    ANALYST = "analyst"
    ADMINISTRATOR = "administrator"
    SYSTEM = "system"


# The system is an owner too: its tasks write messages and erase people who stay away.
_OWNER_ONLY = frozenset({Relation.OWNER, Relation.SYSTEM})
_OWNER_OR_HELPER = _OWNER_ONLY | {Relation.HELPER}
_REVIEWERS = frozenset({Relation.CASE_WORKER, Relation.ADMINISTRATOR, Relation.SYSTEM})
_ADMIN = frozenset({Relation.ADMINISTRATOR, Relation.SYSTEM})
_ADMIN_OR_ANALYST = _ADMIN | {Relation.ANALYST}

RULES: Mapping[tuple[Resource, Action], frozenset[Relation]] = {
    (Resource.PERSON, Action.READ): _OWNER_OR_HELPER,
    (Resource.PERSON, Action.CHANGE): _OWNER_ONLY,
    (Resource.PERSON, Action.ERASE): _OWNER_ONLY,
    (Resource.PROFILE, Action.READ): _OWNER_OR_HELPER,
    (Resource.PROFILE, Action.CHANGE): _OWNER_OR_HELPER,
    (Resource.CONSENTS, Action.READ): _OWNER_OR_HELPER,
    (Resource.CONSENTS, Action.CHANGE): _OWNER_ONLY,
    (Resource.DOCUMENT, Action.READ): _OWNER_ONLY | {Relation.PARTNER},
    (Resource.DOCUMENT, Action.CHANGE): _OWNER_ONLY,
    (Resource.DOCUMENT, Action.ERASE): _OWNER_ONLY,
    (Resource.SAVED, Action.READ): _OWNER_OR_HELPER,
    (Resource.SAVED, Action.CHANGE): _OWNER_OR_HELPER,
    (Resource.APPLICATION, Action.READ): _OWNER_OR_HELPER | {Relation.PARTNER},
    # Owners send and withdraw, partners move: `applications` decides which stages each may set.
    (Resource.APPLICATION, Action.CHANGE): _OWNER_ONLY | {Relation.PARTNER},
    (Resource.APPLICATION, Action.ERASE): _OWNER_ONLY,
    (Resource.OUTCOME, Action.READ): _OWNER_OR_HELPER,
    (Resource.OUTCOME, Action.CHANGE): _OWNER_OR_HELPER,
    (Resource.EXPORT, Action.READ): _OWNER_ONLY,
    (Resource.MANDATE, Action.READ): _OWNER_ONLY,
    (Resource.MANDATE, Action.CHANGE): _OWNER_ONLY,
    # Not the owner: who forgot their PIN is known by somebody else.
    (Resource.VOUCHING, Action.CHANGE): frozenset({Relation.HELPER}),
    (Resource.TRAIL, Action.READ): _OWNER_ONLY,
    # Not even the system: the list is made for the case worker who asks, of their own mandates.
    (Resource.CASELOAD, Action.READ): frozenset({Relation.CASE_WORKER}),
    (Resource.REVIEW, Action.READ): _REVIEWERS,
    (Resource.REVIEW, Action.CHANGE): _REVIEWERS,
    (Resource.SOURCES, Action.READ): _ADMIN,
    (Resource.SOURCES, Action.CHANGE): _ADMIN,
    (Resource.STAFF, Action.READ): _ADMIN,
    (Resource.STAFF, Action.CHANGE): _ADMIN,
    (Resource.REGISTER, Action.READ): _ADMIN_OR_ANALYST | {Relation.CASE_WORKER},
    (Resource.STATISTICS, Action.READ): _ADMIN_OR_ANALYST,
}
