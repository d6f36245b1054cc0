"""Staff accounts: agents of partner organisations, case workers, analysts, administrators.

People who look for a livelihood are in `people`; sessions are in `sign_in`.
"""

from oim.features.staff.invitations import (
    InvitedMember,
    confirm_account,
    find_invited_member,
    invite,
    purge_unconfirmed,
    re_enrol,
)
from oim.features.staff.models import StaffRow
from oim.features.staff.service import (
    Account,
    CaseWorker,
    CodeUse,
    Member,
    disable,
    find_account,
    find_case_worker_by_code,
    find_case_workers,
    find_member_id,
    fold_email,
    has_agents,
    is_password_right,
    list_members,
    match_case_workers,
    select_receiving_organisations,
    use_code,
)
from oim.features.staff.unattended import open_unattended_desk

__all__ = [
    "Account",
    "CaseWorker",
    "CodeUse",
    "InvitedMember",
    "Member",
    "StaffRow",
    "confirm_account",
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
    "list_members",
    "match_case_workers",
    "open_unattended_desk",
    "purge_unconfirmed",
    "re_enrol",
    "select_receiving_organisations",
    "use_code",
]
