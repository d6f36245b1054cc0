"""Who acts: a role, and who of that role."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """What somebody is to OIM."""

    STRANGER = "stranger"
    PERSON = "person"
    AGENT = "agent"  # of a partner organisation
    CASE_WORKER = "case_worker"
    ANALYST = "analyst"
    ADMINISTRATOR = "administrator"
    SYSTEM = "system"  # our own tasks


STAFF_ROLES = frozenset({Role.AGENT, Role.CASE_WORKER, Role.ANALYST, Role.ADMINISTRATOR})


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. An agent acts for one organisation."""

    role: Role
    id: UUID | None = None
    organisation: UUID | None = None

    @property
    def is_staff(self) -> bool:
        """Whether they signed in with a password, as partners and case workers do."""
        return self.role in STAFF_ROLES


STRANGER = Actor(Role.STRANGER)
SYSTEM = Actor(Role.SYSTEM)
