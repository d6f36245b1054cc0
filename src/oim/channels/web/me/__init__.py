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
    helpers,
    home,
    profile,
    save_dismiss,
    searches,
)

router = APIRouter()
for pages in (
    home.router,
    profile.router,
    save_dismiss.lists_router,
    searches.router,
    applications.router,
    consents.router,
    account.router,
    helpers.router,
    cv.router,
    data.router,
):
    router.include_router(pages, prefix="/me")
# What is done with an offer lies below the offer: /opportunities/{id}/apply, /save, /not-for-me.
for actions in (application_form.router, save_dismiss.offer_router):
    router.include_router(actions)

__all__ = ["router"]
