"""Staff accounts: inviting, confirming with a password and an authenticator, authenticating, disabling."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID, uuid4

import pyotp
from sqlalchemy import ColumnElement, Select, delete, select, update

from oim.features.access import (
    NOT_FOUND_MESSAGE,
    STAFF_ROLES,
    Action,
    Actor,
    Resource,
    Role,
    Subject,
    end_staff_mandates,
    permit,
)
from oim.features.people import Channel, Contact, parse_contact
from oim.features.staff.models import StaffRow
from oim.features.staff.passwords import validate_password
from oim.kit.clock import now
from oim.kit.crypto import Vault, hash_password, verify_password
from oim.kit.db import ReadSession, WriteSession, seal, unseal
from oim.kit.errors import BadInputError, ConflictError, NotFoundError
from oim.kit.i18n import mark

INVITATION_LIFETIME = timedelta(days=7)
TOTP_PERIOD = 30  # seconds that an authenticator shows a code (RFC 6238)
# Letters and digits that are not mistaken for one another when read aloud or from a cracked screen.
_HELP_CODE_ALPHABET = "ACDEFHJKLMNPRTUVWXY3479"
_HELP_CODE_LENGTH = 6


@dataclass(frozen=True, slots=True)
class Member:
    """A staff account, as administrators see it."""

    id: UUID
    name: str
    email: str
    role: Role
    organisation: UUID | None
    confirmed_at: datetime | None
    disabled_at: datetime | None


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


@dataclass(frozen=True, slots=True)
class CaseWorker:
    """A case worker, as the people they help see them."""

    id: UUID
    name: str
    code: str


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
    blind_index, secret = _email_blind_index(session.vault, address), secrets.token_urlsafe(32)
    known_id = session.scalar(select(StaffRow.id).where(StaffRow.email_blind == blind_index))
    id_ = known_id or uuid4()
    permit(session, actor, Action.CHANGE, Subject(Resource.STAFF, str(id_)), what="invite", role=role.value)
    if known_id:
        if role is not Role.ADMINISTRATOR:
            _check_not_last_administrator(session, known_id)
        # Whoever follows the new link may be somebody else than the one whom people let help them.
        end_staff_mandates(session, known_id)
    row = StaffRow(
        id=id_,
        role=role.value,
        organisation_id=organisation,
        name=seal(session, StaffRow.name, id_, " ".join(name.split()) or address.value),
        email=seal(session, StaffRow.email, id_, address.value),
        email_blind=blind_index,
        help_code=_generate_help_code(session) if role is Role.CASE_WORKER else None,
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


def confirm_account(session: WriteSession, secret: str, password: str, code: str) -> None:
    """Confirm an invited account with a password, and a first code as proof that the authenticator works.

    Raises BadInputError, NotFoundError.
    """
    row = _load_invited_row(session, secret)
    checked_password = validate_password(password, unseal(session, StaffRow.email, row.id, row.email))
    step = _find_totp_step(unseal(session, StaffRow.totp, row.id, row.totp), code)
    if step is None:
        raise BadInputError(mark("This is not the code that your authenticator shows now."), field="code")
    row.password_hash = hash_password(session.vault, row.id, checked_password)
    # The step too: the code that confirmed the account does not serve again to sign in.
    row.totp_step, row.invitation, row.confirmed_at = step, None, now()


def authenticate(session: WriteSession, email: str, password: str, code: str) -> Actor | None:
    """Find the actor with this e-mail, password and one-time code; a code serves once.

    None if any of the three is wrong. An unknown e-mail takes as long as a wrong password.
    """
    row = session.scalar(_select_active(StaffRow.email_blind == _raw_email_blind_index(session.vault, email)))
    password_hash = row.password_hash if row else None
    if not verify_password(session.vault, row.id if row else "", password, password_hash) or row is None:
        return None
    step = _find_totp_step(unseal(session, StaffRow.totp, row.id, row.totp), code)
    if step is None:
        return None
    # Compares and stores the step in one statement: of several requests with one code, a single one succeeds.
    use_step = update(StaffRow).where(StaffRow.id == row.id, StaffRow.totp_step < step).values(totp_step=step)
    if session.execute(use_step.returning(StaffRow.id)).first() is None:
        return None
    return Actor(Role(row.role), row.id, row.organisation_id)


def disable(session: WriteSession, actor: Actor, member: UUID) -> None:
    """Disable an account, which cannot sign in any more.

    Raises ConflictError for the last administrator, NotFoundError.
    """
    permit(session, actor, Action.CHANGE, Subject(Resource.STAFF, str(member)), what="disable")
    _check_not_last_administrator(session, member)
    disabled = update(StaffRow).where(StaffRow.id == member).values(disabled_at=now(), invitation=None)
    if session.execute(disabled.returning(StaffRow.id)).first() is None:
        raise NotFoundError(NOT_FOUND_MESSAGE)


def _check_not_last_administrator(session: WriteSession, member: UUID) -> None:
    """Raise ConflictError if a member is the only administrator who can sign in."""
    # Locked until the commit: of two administrators who disable each other, the second finds itself the last.
    administrators = session.scalars(
        _select_active(StaffRow.role == Role.ADMINISTRATOR.value).with_for_update()
    ).all()
    if [administrator.id for administrator in administrators] == [member]:
        raise ConflictError(mark("This is the only administrator: invite another one first."))


def list_members(session: WriteSession, actor: Actor) -> list[Member]:
    """List every account, the one invited first at the top. Raises NotFoundError."""
    permit(session, actor, Action.READ, Subject(Resource.STAFF))
    rows = session.scalars(select(StaffRow).order_by(StaffRow.invited_at, StaffRow.id))
    return [
        Member(
            id=row.id,
            name=unseal(session, StaffRow.name, row.id, row.name),
            email=unseal(session, StaffRow.email, row.id, row.email),
            role=Role(row.role),
            organisation=row.organisation_id,
            confirmed_at=row.confirmed_at,
            disabled_at=row.disabled_at,
        )
        for row in rows
    ]


def purge_unconfirmed(session: WriteSession, before: datetime) -> int:
    """Delete accounts that were invited before an instant and never confirmed. Returns how many."""
    unconfirmed = StaffRow.confirmed_at.is_(None), StaffRow.invited_at < before
    return len(session.scalars(delete(StaffRow).where(*unconfirmed).returning(StaffRow.id)).all())


def find_case_worker_by_code(session: ReadSession, code: str) -> CaseWorker:
    """Find the case worker with a help code, as people type it. Raises NotFoundError."""
    # PostgreSQL refuses a NUL in text, which would be an error instead of a code that nobody has.
    help_code = "".join(code.replace("\0", "").split()).upper()
    row = session.scalar(_select_active(StaffRow.help_code == help_code))
    if row is None:
        raise NotFoundError(mark("No case worker has this code. Ask them for it again."))
    return _to_case_worker(session, row)


def find_case_worker(session: ReadSession, id_: UUID) -> CaseWorker | None:
    """Find a case worker by id. None if there is no such account, or it cannot sign in."""
    row = session.scalar(_select_active(StaffRow.id == id_, StaffRow.help_code.is_not(None)))
    return _to_case_worker(session, row) if row else None


def has_agents(session: ReadSession, organisation: UUID) -> bool:
    """Tell whether an organisation has an agent who can sign in."""
    agents = StaffRow.role == Role.AGENT.value, StaffRow.organisation_id == organisation
    return session.scalar(_select_active(*agents).limit(1)) is not None


def _select_active(*conditions: ColumnElement[bool]) -> Select[StaffRow]:
    """Select the accounts that can sign in and meet the conditions."""
    return select(StaffRow).where(
        StaffRow.confirmed_at.is_not(None), StaffRow.disabled_at.is_(None), *conditions
    )


def _to_case_worker(session: ReadSession, row: StaffRow) -> CaseWorker:
    """Convert a row to a case worker, opening the sealed name."""
    return CaseWorker(row.id, unseal(session, StaffRow.name, row.id, row.name), row.help_code or "")


def _load_invited_row(session: ReadSession, secret: str) -> StaffRow:
    """Load the account of an invitation that is still valid. Raises NotFoundError."""
    valid = StaffRow.invitation == _hash_secret(secret), StaffRow.invited_at > now() - INVITATION_LIFETIME
    row = session.scalar(select(StaffRow).where(*valid))
    if row is None:
        raise NotFoundError(mark("This invitation was used, or is too old. Ask for another one."))
    return row


def _find_totp_step(key: str, code: str) -> int | None:
    """Find the time step that a code belongs to: the present one, or one before or after.

    The neighbours are for clocks that are up to 30 seconds wrong. None if the code is of none of them.
    """
    digits, present_step = "".join(code.split()), int(now().timestamp()) // TOTP_PERIOD
    totp = pyotp.TOTP(key)
    steps = (present_step, present_step - 1, present_step + 1)
    return next((step for step in steps if pyotp.utils.strings_equal(totp.generate_otp(step), digits)), None)


def _generate_help_code(session: ReadSession) -> str:
    """Draw a help code that no account has."""
    while True:
        code = "".join(secrets.choice(_HELP_CODE_ALPHABET) for _ in range(_HELP_CODE_LENGTH))
        if session.scalar(select(StaffRow.id).where(StaffRow.help_code == code)) is None:
            return code


def _email_blind_index(vault: Vault, address: Contact) -> bytes:
    """Compute the blind index by which an account is found."""
    return vault.blind_index("staff", address.value)


def _raw_email_blind_index(vault: Vault, email: str) -> bytes:
    """Compute the blind index of an e-mail as typed at sign-in; what is not an address matches no account."""
    return vault.blind_index("staff", email.strip().lower())


def _hash_secret(secret: str) -> bytes:
    """Hash an invitation's secret. A fast hash will do: the secret is 32 random bytes, not a password."""
    return sha256(secret.encode()).digest()
