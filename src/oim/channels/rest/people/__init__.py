"""A person's side of the API: signing in, account, profile, consents, and what follows from them.

What anybody may ask without signing in is beside this package.
"""

from fastapi import APIRouter

from oim.channels.rest.people import (
    account,
    applications,
    consents,
    cv,
    mandates,
    outcomes,
    profile,
    rights,
    saved_offers,
    searches,
    sign_in,
)

router = APIRouter()
# In the order of the documentation.
for part in (
    sign_in,
    account,
    mandates,
    profile,
    consents,
    saved_offers,
    searches,
    applications,
    outcomes,
    cv,
    rights,
):
    router.include_router(part.router)

__all__ = ["router"]
