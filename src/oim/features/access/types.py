"""Actors: whoever makes a request, by role and id."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """The role in which somebody uses OIM. The values are stored in the audit trail."""

    STRANGER = "stranger"  # not signed in
    PERSON = "person"  # looks for a livelihood
    AGENT = "agent"  # of a partner organisation
    CASE_WORKER = "case_worker"
    ANALYST = "analyst"
    ADMINISTRATOR = "administrator"
    SYSTEM = "system"  # our own tasks


STAFF_ROLES = frozenset({Role.AGENT, Role.CASE_WORKER, Role.ANALYST, Role.ADMINISTRATOR})


@dataclass(frozen=True, slots=True)
class Actor:
    """Who makes a request. `id` is None for strangers and the system; only agents have an organisation."""

    role: Role
    id: UUID | None = None
    organisation: UUID | None = None

    @property
    def is_staff(self) -> bool:
        """Whether the actor has a staff account: these sign in with a password, not with a PIN."""
        return self.role in STAFF_ROLES


STRANGER = Actor(Role.STRANGER)
SYSTEM = Actor(Role.SYSTEM)
