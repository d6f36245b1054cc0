"""Accounts of staff: invited, confirmed with a password and a one-time key, signed in with both, disabled."""

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
from oim.features.staff.passwords import check_password
from oim.kit.clock import now
from oim.kit.crypto import Vault, hash_password, verify_password
from oim.kit.db import ReadSession, WriteSession, seal, unseal
from oim.kit.errors import BadInputError, ConflictError, NotFoundError
from oim.kit.i18n import mark

INVITATION_LIFETIME = timedelta(days=7)
TOTP_PERIOD = 30  # seconds that a one-time code is shown
_HELP_CODE_ALPHABET = (
    "ACDEFHJKLMNPRTUVWXY3479"  # none is taken for another when read aloud or off a cracked screen
)
_HELP_CODE_LENGTH = 6


@dataclass(frozen=True, slots=True)
class Member:
    """An account, as administrators see it."""

    id: UUID
    name: str
    email: str
    role: Role
    organisation: UUID | None
    confirmed_at: datetime | None
    disabled_at: datetime | None


@dataclass(frozen=True, slots=True)
class InvitedMember:
    """Who follows an invitation: what their authenticator needs to know."""

    name: str
    email: str
    key: str  # Base32

    @property
    def uri(self) -> str:
        """What a QR code of it says."""
        return pyotp.TOTP(self.key).provisioning_uri(name=self.email, issuer_name="OIM")


@dataclass(frozen=True, slots=True)
class CaseWorker:
    """A case worker as the people they help know them."""

    id: UUID
    name: str
    code: str


def invite(
    session: WriteSession, actor: Actor, email: str, name: str, role: Role, organisation: UUID | None = None
) -> tuple[UUID, str]:
    """A new account, or the same one anew, and the secret of its invitation. Raises BadInputError.

    Whoever was invited before and has confirmed signs in no more until they have followed the new link;
    whoever calls this ends their sessions afterwards. Raises ConflictError for the last administrator.
    """
    address = parse_contact(email, Channel.EMAIL)
    if role not in STAFF_ROLES or (role is Role.AGENT) != (organisation is not None):
        raise BadInputError(mark("An agent, and nobody else, belongs to an organisation."), field="role")
    blind, secret = _email_blind_index(session.vault, address), secrets.token_urlsafe(32)
    known = session.scalar(select(StaffRow.id).where(StaffRow.email_blind == blind))
    id_ = known or uuid4()
    permit(session, actor, Action.CHANGE, Subject(Resource.STAFF, str(id_)), what="invite", role=role.value)
    if known:
        if role is not Role.ADMINISTRATOR:
            _check_not_last_administrator(session, known)
        end_staff_mandates(session, known)  # who follows the new link may be somebody else
    row = StaffRow(
        id=id_,
        role=role.value,
        organisation_id=organisation,
        name=seal(session, StaffRow.name, id_, " ".join(name.split()) or address.value),
        email=seal(session, StaffRow.email, id_, address.value),
        email_blind=blind,
        help_code=_generate_help_code(session) if role is Role.CASE_WORKER else None,
        password_hash=None,
        totp=seal(session, StaffRow.totp, id_, pyotp.random_base32()),
        totp_step=0,
        invitation=_hash_secret(secret),
        invited_at=now(),
        confirmed_at=None,
        disabled_at=None,
    )
    session.merge(row)
    session.flush()
    return id_, secret


def find_invited_member(session: ReadSession, secret: str) -> InvitedMember:
    """Who was invited by a link. Raises NotFoundError for one that was used, or is a week old."""
    row = _load_invited_row(session, secret)
    return InvitedMember(
        name=unseal(session, StaffRow.name, row.id, row.name),
        email=unseal(session, StaffRow.email, row.id, row.email),
        key=unseal(session, StaffRow.totp, row.id, row.totp),
    )


def confirm_account(session: WriteSession, secret: str, password: str, code: str) -> None:
    """The password they choose, and a first code that proves that their authenticator works.

    Raises BadInputError, NotFoundError.
    """
    row = _load_invited_row(session, secret)
    chosen = check_password(password, unseal(session, StaffRow.email, row.id, row.email))
    step = _find_totp_step(unseal(session, StaffRow.totp, row.id, row.totp), code)
    if step is None:
        raise BadInputError(mark("This is not the code that your authenticator shows now."), field="code")
    row.password_hash = hash_password(session.vault, row.id, chosen)
    row.totp_step, row.invitation, row.confirmed_at = step, None, now()


def authenticate(session: WriteSession, email: str, password: str, code: str) -> Actor | None:
    """Who has this address, this password and this one-time code, all three; a code serves once.

    Nobody takes as long to tell as somebody.
    """
    row = session.scalar(_select_active(StaffRow.email_blind == _raw_email_blind_index(session.vault, email)))
    held = row.password_hash if row else None
    if not verify_password(session.vault, row.id if row else "", password, held) or row is None:
        return None
    step = _find_totp_step(unseal(session, StaffRow.totp, row.id, row.totp), code)
    taken = update(StaffRow).where(StaffRow.id == row.id, StaffRow.totp_step < (step or 0))
    if step is None or session.execute(taken.values(totp_step=step).returning(StaffRow.id)).first() is None:
        return None
    return Actor(Role(row.role), row.id, row.organisation_id)


def disable(session: WriteSession, actor: Actor, member: UUID) -> None:
    """They sign in no more. The last administrator stays. Raises ConflictError, NotFoundError."""
    permit(session, actor, Action.CHANGE, Subject(Resource.STAFF, str(member)), what="disable")
    _check_not_last_administrator(session, member)
    gone = update(StaffRow).where(StaffRow.id == member).values(disabled_at=now(), invitation=None)
    if session.execute(gone.returning(StaffRow.id)).first() is None:
        raise NotFoundError(NOT_FOUND_MESSAGE)


def _check_not_last_administrator(session: WriteSession, member: UUID) -> None:
    """Raises ConflictError where nobody else could administer."""
    administrators = session.scalars(
        _select_active(StaffRow.role == Role.ADMINISTRATOR.value).with_for_update()
    ).all()
    if [one.id for one in administrators] == [member]:
        raise ConflictError(mark("This is the only administrator: invite another one first."))


def list_members(session: WriteSession, actor: Actor) -> list[Member]:
    """Every account, the oldest first. Raises NotFoundError."""
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
    """Forget accounts that were invited before an instant and never confirmed; how many."""
    never = StaffRow.confirmed_at.is_(None), StaffRow.invited_at < before
    return len(session.scalars(delete(StaffRow).where(*never).returning(StaffRow.id)).all())


def find_case_worker_by_code(session: ReadSession, code: str) -> CaseWorker:
    """The case worker whom people name by a code. Raises NotFoundError."""
    wanted = "".join(code.replace("\0", "").split()).upper()
    row = session.scalar(_select_active(StaffRow.help_code == wanted))
    if row is None:
        raise NotFoundError(mark("No case worker has this code. Ask them for it again."))
    return _to_case_worker(session, row)


def find_case_worker(session: ReadSession, id_: UUID) -> CaseWorker | None:
    """The case worker of an id, while their account holds."""
    row = session.scalar(_select_active(StaffRow.id == id_, StaffRow.help_code.is_not(None)))
    return _to_case_worker(session, row) if row else None


def has_agents(session: ReadSession, organisation: UUID) -> bool:
    """Whether somebody of an organisation may sign in here."""
    theirs = StaffRow.role == Role.AGENT.value, StaffRow.organisation_id == organisation
    return session.scalar(_select_active(*theirs).limit(1)) is not None


def _select_active(*conditions: ColumnElement[bool]) -> Select[StaffRow]:
    """Accounts that may sign in."""
    return select(StaffRow).where(
        StaffRow.confirmed_at.is_not(None), StaffRow.disabled_at.is_(None), *conditions
    )


def _to_case_worker(session: ReadSession, row: StaffRow) -> CaseWorker:
    return CaseWorker(row.id, unseal(session, StaffRow.name, row.id, row.name), row.help_code or "")


def _load_invited_row(session: ReadSession, secret: str) -> StaffRow:
    here = StaffRow.invitation == _hash_secret(secret), StaffRow.invited_at > now() - INVITATION_LIFETIME
    row = session.scalar(select(StaffRow).where(*here))
    if row is None:
        raise NotFoundError(mark("This invitation was used, or is too old. Ask for another one."))
    return row


def _find_totp_step(key: str, code: str) -> int | None:
    """The step of which a code is: now's, or one to either side for clocks that are wrong."""
    said, present = "".join(code.split()), int(now().timestamp()) // TOTP_PERIOD
    totp = pyotp.TOTP(key)
    return next((step for step in (present, present - 1, present + 1)
                 if pyotp.utils.strings_equal(totp.generate_otp(step), said)), None)  # fmt: skip


def _generate_help_code(session: ReadSession) -> str:
    while True:
        code = "".join(secrets.choice(_HELP_CODE_ALPHABET) for _ in range(_HELP_CODE_LENGTH))
        if session.scalar(select(StaffRow.id).where(StaffRow.help_code == code)) is None:
            return code


def _email_blind_index(vault: Vault, address: Contact) -> bytes:
    return vault.blind_index("staff", address.value)


def _raw_email_blind_index(vault: Vault, email: str) -> bytes:
    """The index of what may be no address at all: then nobody's."""
    return vault.blind_index("staff", email.strip().lower())


def _hash_secret(secret: str) -> bytes:
    return sha256(secret.encode()).digest()
