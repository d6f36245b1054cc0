"""Pages of those who work here: partners' agents, case workers, analysts, administrators.

What people see of themselves is `me`'s.
"""

from fastapi import APIRouter

from oim.channels.web.me import profile
from oim.channels.web.me.subject import PERSON_PARAMETER
from oim.channels.web.staff import (
    accounts,
    applications,
    caseload,
    home,
    register,
    review,
    sign_in,
    sources,
    statistics,
)

router = APIRouter()
for part in (sign_in, home, caseload, review, applications, statistics, accounts, sources, register):
    router.include_router(part.router, prefix="/staff")
router.include_router(profile.router, prefix=f"/staff/people/{{{PERSON_PARAMETER}}}")

__all__ = ["router"]
