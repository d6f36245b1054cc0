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
    Account,
    CaseWorker,
    Member,
    count_invited,
    disable,
    find_account,
    find_case_worker_by_code,
    find_case_workers,
    find_member_id,
    fold_email,
    has_agents,
    is_password_right,
    list_member_page,
    list_members,
    match_case_workers,
    use_code,
)

__all__ = [
    "Account",
    "CaseWorker",
    "InvitedMember",
    "Member",
    "StaffRow",
    "confirm_account",
    "count_invited",
    "disable",
    "find_account",
    "find_case_worker_by_code",
    "find_case_workers",
    "find_invited_member",
    "find_member_id",
    "fold_email",
    "has_agents",
    "invite",
    "is_password_right",
    "list_member_page",
    "list_members",
    "match_case_workers",
    "purge_unconfirmed",
    "use_code",
]
