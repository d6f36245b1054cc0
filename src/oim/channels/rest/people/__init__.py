"""A person's side of the API: signing in, account, profile, consents, and what follows from them.

What anybody may ask without signing in is beside this package.
"""

from fastapi import APIRouter

from oim.channels.rest.people import (
    account,
    applications,
    consents,
    cv,
    following,
    outcomes,
    profile,
    rights,
    sign_in,
)

router = APIRouter()
for part in (sign_in, account, profile, consents, following, applications, outcomes, cv, rights):
    router.include_router(part.router)

__all__ = ["router"]
