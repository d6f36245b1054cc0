"""Staff accounts: agents of partner organisations, case workers, analysts, administrators.

People who look for a livelihood are in `people`; sessions are in `sign_in`.
"""

from oim.features.staff.invitations import (
    InvitedMember,
    begin_enrolment,
    confirm_account,
    find_invited_member,
    invite,
    purge_unconfirmed,
    re_enrol,
)
from oim.features.staff.models import StaffRow
from oim.features.staff.notices import (
    DueDigest,
    Notices,
    choose_notices,
    find_mailbox,
    find_notices,
    list_agents_at_once,
    list_digest_members,
    take_digest,
)
from oim.features.staff.service import (
    Account,
    CaseWorker,
    CodeUse,
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
    select_receiving_organisations,
    use_code,
)
from oim.features.staff.unattended import open_unattended_desk

__all__ = [
    "Account",
    "CaseWorker",
    "CodeUse",
    "DueDigest",
    "InvitedMember",
    "Member",
    "Notices",
    "StaffRow",
    "begin_enrolment",
    "choose_notices",
    "confirm_account",
    "count_invited",
    "disable",
    "find_account",
    "find_case_worker_by_code",
    "find_case_workers",
    "find_invited_member",
    "find_mailbox",
    "find_member_id",
    "find_notices",
    "fold_email",
    "has_agents",
    "invite",
    "is_password_right",
    "list_agents_at_once",
    "list_digest_members",
    "list_member_page",
    "list_members",
    "match_case_workers",
    "open_unattended_desk",
    "purge_unconfirmed",
    "re_enrol",
    "select_receiving_organisations",
    "take_digest",
    "use_code",
]
