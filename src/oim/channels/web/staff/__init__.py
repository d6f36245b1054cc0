"""The pages of staff: partners' agents, case workers, analysts and administrators.

The pages that people see about themselves are in `oim.channels.web.me`.
"""

from oim.channels.web.me import profile
from oim.channels.web.me.subject import PERSON_PARAMETER
from oim.channels.web.section_router import SectionRouter
from oim.channels.web.staff import (
    accounts,
    applications,
    caseload,
    home,
    notices,
    register,
    review,
    sign_in,
    sources,
    statistics,
)

router = SectionRouter("staff", depth=2)
router.include_router(notices.router, prefix="/staff")
for module in (sign_in, home, caseload, review, applications, statistics, accounts, sources, register):
    router.include_router(module.router, prefix="/staff")
# The profile pages once more: a case worker fills in the profile of the person whom the path names.
router.include_router(profile.router, prefix=f"/staff/people/{{{PERSON_PARAMETER}}}")

__all__ = ["router"]
