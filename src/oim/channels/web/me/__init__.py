"""A person's own pages: profile and CV, offers chosen and saved, applications, consents, account, help, data.

What anybody may see without signing in is beside this package.
"""

from fastapi import APIRouter

from oim.channels.web.me import (
    account,
    application_form,
    applications,
    consents,
    cv,
    data,
    dismissed,
    helpers,
    home,
    offers,
    profile,
    save_dismiss,
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
    helpers,
    cv,
    data,
):
    router.include_router(part.router, prefix="/me")
for beside in (application_form, save_dismiss):
    router.include_router(beside.router)

__all__ = ["router"]
