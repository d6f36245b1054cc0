"""Accounts of those who work here: partners' agents, case workers, analysts, administrators.

People who look for a livelihood are `people`; sessions are `sign_in`'s.
"""

from oim.features.staff.models import StaffRow
from oim.features.staff.service import (
    Member,
    Newcomer,
    Worker,
    authenticate,
    confirm,
    disable,
    forget_invited,
    has_agents,
    invite,
    invited,
    members,
    worker,
    worker_by_code,
)

__all__ = [
    "Member",
    "Newcomer",
    "StaffRow",
    "Worker",
    "authenticate",
    "confirm",
    "disable",
    "forget_invited",
    "has_agents",
    "invite",
    "invited",
    "members",
    "worker",
    "worker_by_code",
]
