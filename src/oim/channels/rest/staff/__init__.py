"""Routes for staff: agents of partners, case workers, analysts and administrators.

Each route requires a member of staff; which of them may do what is decided by the rules of `access`. What
people do for themselves is in `people`.
"""

from fastapi import APIRouter

from oim.channels.rest.staff import applications, review, sources, statistics

router = APIRouter()
for part in (applications, review, sources, statistics):
    router.include_router(part.router)

__all__ = ["router"]
