"""Staff accounts: agents of partner organisations, case workers, analysts, administrators.

People who look for a livelihood are in `people`; sessions are in `sign_in`.
"""

from oim.features.staff.invitations import (
    InvitedMember,
    confirm_account,
    find_invited_member,
    invite,
    purge_unconfirmed,
)
from oim.features.staff.models import StaffRow
from oim.features.staff.service import (
    CaseWorker,
    Member,
    authenticate,
    disable,
    find_case_worker,
    find_case_worker_by_code,
    find_member_id,
    has_agents,
    list_members,
)

__all__ = [
    "CaseWorker",
    "InvitedMember",
    "Member",
    "StaffRow",
    "authenticate",
    "confirm_account",
    "disable",
    "find_case_worker",
    "find_case_worker_by_code",
    "find_invited_member",
    "find_member_id",
    "has_agents",
    "invite",
    "list_members",
    "purge_unconfirmed",
]
