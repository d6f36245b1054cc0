"""Invitations to staff accounts: inviting, and confirming with a password and an authenticator."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID, uuid4

import pyotp
from sqlalchemy import delete, select

from oim.features.access import (
    STAFF_ROLES,
    Action,
    Actor,
    Resource,
    Role,
    Subject,
    end_staff_mandates,
    permit,
)
from oim.features.people import Channel, parse_contact
from oim.features.staff.credentials import find_totp_step, validate_password
from oim.features.staff.models import StaffRow
from oim.features.staff.service import check_not_last_administrator, email_blind_index, generate_help_code
from oim.kit.clock import now
from oim.kit.crypto import hash_password
from oim.kit.db import Database, ReadSession, WriteSession, seal, unseal
from oim.kit.errors import BadInputError, NotFoundError
from oim.kit.i18n import mark

INVITATION_LIFETIME = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class InvitedMember:
    """The account behind an invitation link, with the key that the new member's authenticator needs."""

    name: str
    email: str
    key: str  # Base32

    @property
    def uri(self) -> str:
        """The `otpauth://` URI to show as a QR code, from which authenticators read the key."""
        return pyotp.TOTP(self.key).provisioning_uri(name=self.email, issuer_name="OIM")


def invite(
    session: WriteSession, actor: Actor, email: str, name: str, role: Role, organisation: UUID | None = None
) -> tuple[UUID, str]:
    """Invite somebody to an account, new or known by its e-mail. Returns its id and the invitation's secret.

    A known account is reset: it cannot sign in until the new link is followed, and the caller must end its
    sessions. Raises BadInputError, ConflictError for the last administrator, NotFoundError.
    """
    address = parse_contact(email, Channel.EMAIL)
    if role not in STAFF_ROLES or (role is Role.AGENT) != (organisation is not None):
        raise BadInputError(mark("An agent, and nobody else, belongs to an organisation."), field="role")
    blind_index, secret = email_blind_index(session.vault, address), secrets.token_urlsafe(32)
    known_id = session.scalar(select(StaffRow.id).where(StaffRow.email_blind == blind_index))
    id_ = known_id or uuid4()
    permit(session, actor, Action.CHANGE, Subject(Resource.STAFF, str(id_)), what="invite", role=role.value)
    if known_id:
        if role is not Role.ADMINISTRATOR:
            check_not_last_administrator(session, known_id)
        # Whoever follows the new link may be somebody else than the one whom people let help them.
        end_staff_mandates(session, known_id)
    row = StaffRow(
        id=id_,
        role=role.value,
        organisation_id=organisation,
        name=seal(session, StaffRow.name, id_, " ".join(name.split()) or address.value),
        email=seal(session, StaffRow.email, id_, address.value),
        email_blind=blind_index,
        help_code=generate_help_code(session) if role is Role.CASE_WORKER else None,
        password_hash=None,
        totp=seal(session, StaffRow.totp, id_, pyotp.random_base32()),
        totp_step=0,
        invitation=_hash_secret(secret),
        invited_at=now(),
        confirmed_at=None,
        disabled_at=None,
    )
    session.merge(row)  # inserts the account, or overwrites every column of the known one
    session.flush()
    return id_, secret


def find_invited_member(session: ReadSession, secret: str) -> InvitedMember:
    """Find the account of an invitation link. Raises NotFoundError if it was used or is over a week old."""
    row = _load_invited_row(session, secret)
    return InvitedMember(
        name=unseal(session, StaffRow.name, row.id, row.name),
        email=unseal(session, StaffRow.email, row.id, row.email),
        key=unseal(session, StaffRow.totp, row.id, row.totp),
    )


def confirm_account(database: Database, secret: str, password: str, code: str) -> None:
    """Confirm an invited account with a password, and a first code as proof that the authenticator works.

    Raises BadInputError, NotFoundError.
    """
    with database.read() as session:
        row = _load_invited_row(session, secret)
        id_, email = row.id, unseal(session, StaffRow.email, row.id, row.email)
    # Between the sessions, as it is slow.
    password_hash = hash_password(database.vault, id_, validate_password(password, email))
    with database.write() as session:
        # Looked up again: of two requests with one invitation, the second finds it used.
        row = _load_invited_row(session, secret, lock=True)
        step = find_totp_step(unseal(session, StaffRow.totp, row.id, row.totp), code)
        if step is None:
            raise BadInputError(mark("This is not the code that your authenticator shows now."), field="code")
        # The step too: the code that confirmed the account does not serve again to sign in.
        row.password_hash, row.totp_step = password_hash, step
        row.invitation, row.confirmed_at = None, now()


def purge_unconfirmed(session: WriteSession, before: datetime) -> int:
    """Delete accounts that were invited before an instant and never confirmed. Returns how many."""
    unconfirmed = StaffRow.confirmed_at.is_(None), StaffRow.invited_at < before
    return len(session.scalars(delete(StaffRow).where(*unconfirmed).returning(StaffRow.id)).all())


def _load_invited_row(session: ReadSession, secret: str, *, lock: bool = False) -> StaffRow:
    """Load the account of an invitation that is still valid. Raises NotFoundError."""
    valid = StaffRow.invitation == _hash_secret(secret), StaffRow.invited_at > now() - INVITATION_LIFETIME
    query = select(StaffRow).where(*valid)
    row = session.scalar(query.with_for_update() if lock else query)
    if row is None:
        raise NotFoundError(mark("This invitation was used, or is too old. Ask for another one."))
    return row


def _hash_secret(secret: str) -> bytes:
    """Hash an invitation's secret. A fast hash will do: the secret is 32 random bytes, not a password."""
    return sha256(secret.encode()).digest()
