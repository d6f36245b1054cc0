"""A person's own pages: profile, CV, offers, searches, applications, consents, account, helpers, data.

They need a signed-in person. The pages that anybody may see are in the modules of `oim.channels.web`.
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
    keep,
    profile,
    save_dismiss,
    searches,
)
from oim.channels.web.section_router import SectionRouter

router = APIRouter()
_own = SectionRouter("me", depth=2)
for pages in (
    home.router,
    profile.router,
    keep.router,
    save_dismiss.lists_router,
    searches.router,
    applications.router,
    consents.router,
    account.router,
    helpers.router,
    cv.router,
    data.router,
):
    _own.include_router(pages, prefix="/me")
router.include_router(_own)
# Actions on an offer lie below the offer's own path: /opportunities/{id}/apply, /save, /not-for-me.
for actions in (application_form.router, save_dismiss.offer_router):
    router.include_router(actions)

__all__ = ["router"]
