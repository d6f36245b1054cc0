"""The side of the API for those who work here: partners' agents, case workers, analysts, administrators.

What people ask for themselves is `people`'s.
"""

from fastapi import APIRouter

from oim.channels.rest.staff import applications, review, sources, statistics

router = APIRouter()
for part in (applications, review, sources, statistics):
    router.include_router(part.router)

__all__ = ["router"]
