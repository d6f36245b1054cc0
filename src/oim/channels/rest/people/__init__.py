"""Routes of people: signing in, account, profile, consents, followed offers, applications, CV and rights.

Routes that need no signing in are in the package above. Those here open write sessions even to read, since
each reading of personal data adds an entry to the audit trail.
"""

from fastapi import APIRouter

from oim.channels.rest.people import (
    account,
    applications,
    consents,
    cv,
    mandates,
    outcomes,
    pin_requests,
    profile,
    rights,
    saved_offers,
    searches,
    sign_in,
)

router = APIRouter()
# The documentation shows them in this order.
for part in (
    sign_in,
    pin_requests,
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
