"""The one table of what may be done, by what somebody is to the thing."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Resource(StrEnum):
    """What can be reached."""

    PERSON = "person"  # name, contacts, language
    PROFILE = "profile"
    CONSENTS = "consents"
    DOCUMENT = "document"
    SAVED = "saved"  # offers saved, searches, offers put aside
    APPLICATION = "application"
    OUTCOME = "outcome"
    EXPORT = "export"  # everything of a person at once
    MANDATE = "mandate"
    TRAIL = "trail"  # who reached what is a person's
    CASELOAD = "caseload"  # the list of people that a case worker helps
    REVIEW = "review"  # offers held and reported
    SOURCES = "sources"  # whom we trust
    STAFF = "staff"
    REGISTER = "register"  # the records of processing
    STATISTICS = "statistics"


class Action(StrEnum):
    """What can be done."""

    READ = "read"
    CHANGE = "change"
    ERASE = "erase"


class Relation(StrEnum):
    """What an actor is to a thing."""

    OWNER = "owner"  # the person it is about
    PARTNER = "partner"  # an agent of the organisation it was shared with
    HELPER = "helper"  # a case worker whom its person asked for help
    CASE_WORKER = "case_worker"
    ANALYST = "analyst"
    ADMINISTRATOR = "administrator"
    SYSTEM = "system"


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
    # Owners send, partners move: `applications.moves` says what each may.
    (Resource.APPLICATION, Action.CHANGE): _OWNER_ONLY | {Relation.PARTNER},
    (Resource.APPLICATION, Action.ERASE): _OWNER_ONLY,
    (Resource.OUTCOME, Action.READ): _OWNER_OR_HELPER,
    (Resource.OUTCOME, Action.CHANGE): _OWNER_OR_HELPER,
    (Resource.EXPORT, Action.READ): _OWNER_ONLY,
    (Resource.MANDATE, Action.READ): _OWNER_ONLY,
    (Resource.MANDATE, Action.CHANGE): _OWNER_ONLY,
    (Resource.TRAIL, Action.READ): _OWNER_ONLY,
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
