"""Signing in of staff, with an e-mail address, a password and a one-time code, and their first visit."""

from __future__ import annotations

from oim.features import staff
from oim.features.audit import Entry, record_entry
from oim.features.sign_in import rate_limits
from oim.features.sign_in.devices import find_known_device, remember_device, renew_device
from oim.features.sign_in.types import (
    Origin,
    RunOnce,
    SignedIn,
    SignInServices,
    StaffCredentials,
    run_directly,
)
from oim.features.staff import CodeUse
from oim.kit.db import Database
from oim.kit.errors import SignInError
from oim.kit.i18n import mark

UNKNOWN_STAFF = mark(
    "This address, password and code do not go together. Check all three; a code serves once."
)
# Only who gives the right password and a right code learns that it was given before.
_CODE_REFUSALS = {
    CodeUse.WRONG: UNKNOWN_STAFF,
    CodeUse.SPENT: mark(
        "This code has served already. Wait until your authenticator shows the next one, half a minute at "
        "most, and give that."
    ),
}


def sign_in_staff(
    database: Database,
    services: SignInServices,
    credentials: StaffCredentials,
    *,
    origin: Origin,
    run: RunOnce[SignedIn] = run_directly,
) -> SignedIn:
    """Sign in the member of staff with this e-mail address, password and one-time code.

    Raises the same SignInError whichever of the three is wrong; TooManyError.
    """
    vault, owner = database.vault, f"staff {staff.fold_email(credentials.email)}"
    known_device = find_known_device(services.cache, vault, origin.device, owner)
    known_origin = Origin(origin.address, known_device)
    services.rate_limiter.hit(rate_limits.password_limits(vault, owner, known_origin))
    with database.read() as session:
        account = staff.find_account(session, credentials.email)
    if not staff.is_password_right(database.vault, account, credentials.password) or account is None:
        raise SignInError(UNKNOWN_STAFF)
    token = services.sessions.prepare(account.actor)
    prepared = SignedIn(account.actor, token, renew_device(vault, origin.device))
    with database.write() as session:

        def sign_in() -> SignedIn:
            use = staff.use_code(session, account, credentials.code)
            if use in _CODE_REFUSALS:
                raise SignInError(_CODE_REFUSALS[use])
            entry = Entry(
                role=account.actor.role.value, actor_id=account.id, action=use.value, resource="session"
            )
            record_entry(session, entry)
            return prepared

        signed_in = run(session, sign_in)
    services.sessions.activate(signed_in.token)
    remember_device(services.cache, vault, signed_in.device, owner)
    return signed_in


def begin_enrolment(
    database: Database, services: SignInServices, secret: str, password: str, *, origin: Origin
) -> str:
    """Give the password that an invitation link asks for: see `staff.begin_enrolment`.

    Where it is one that the member has, a try counts as one to sign in.
    Raises BadInputError, NotFoundError, TooManyError.
    """
    with database.read() as session:
        member = staff.find_invited_member(session, secret)
    if member.has_password:
        owner = f"staff {staff.fold_email(member.email)}"
        device = find_known_device(services.cache, database.vault, origin.device, owner)
        limits = rate_limits.password_limits(database.vault, owner, Origin(origin.address, device))
        services.rate_limiter.hit(limits)
    return staff.begin_enrolment(database, secret, password)
