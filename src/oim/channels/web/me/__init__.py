"""A person's own pages: profile and CV, offers chosen and saved, applications, consents, account, help, data.

What anybody may see without signing in is beside this package.
"""

from fastapi import APIRouter

from oim.channels.web.me import (
    account,
    applications,
    applying,
    consents,
    cv,
    data,
    dismissed,
    help,
    home,
    keeping,
    offers,
    profile,
    saved,
    searches,
)

router = APIRouter()
for part in (
    home,
    profile,
    offers,
    saved,
    searches,
    dismissed,
    applications,
    consents,
    account,
    help,
    cv,
    data,
):
    router.include_router(part.router, prefix="/me")
for beside in (applying, keeping):
    router.include_router(beside.router)

__all__ = ["router"]
