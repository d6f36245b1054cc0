"""Invitations to staff accounts: inviting, and confirming with a password and an authenticator.

A link asks for the password first. The key of the authenticator is drawn and shown after that, behind another
secret: whoever made the link, and could open it, does not hold the second factor of its member.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID, uuid4

import pyotp
from sqlalchemy import delete, or_, select

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
from oim.features.people import Channel, parse_contact
from oim.features.staff.credentials import (
    draw_recovery_codes,
    find_totp_step,
    fold_recovery_code,
    validate_password,
)
from oim.features.staff.models import StaffRow
from oim.features.staff.service import email_blind_index, generate_help_code, hash_recovery_code
from oim.kit.clock import now
from oim.kit.crypto import hash_password, verify_password
from oim.kit.db import Database, ReadSession, WriteSession, seal, unseal
from oim.kit.errors import BadInputError, ConflictError, NotFoundError
from oim.kit.fields import check_one_line
from oim.kit.i18n import mark

IN_USE = mark(
    "This address has an account already. If its authenticator is lost, give it a new one; if its password "
    "is, close the account first: then those whom it helps choose anew."
)
USED_INVITATION = mark("This invitation was used, or is too old. Ask for another one.")
_NEEDS_ORGANISATION = mark("An agent works for an organisation: give its name, as it is published.")
_NO_ORGANISATION = mark(
    "Only an agent works for an organisation: leave it out, or choose the role of an agent."
)
INVITATION_LIFETIME = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class InvitedMember:
    """The account behind an invitation link or, once the password was given, behind the secret after it."""

    name: str
    email: str
    has_password: bool  # it is theirs already, and asked for as proof that it is they
    key: str = ""  # Base32, of the new authenticator; only once the password was given

    @property
    def uri(self) -> str:
        """The `otpauth://` URI to show as a QR code, from which authenticators read the key."""
        return pyotp.TOTP(self.key).provisioning_uri(name=self.email, issuer_name="OIM")


def invite(
    session: WriteSession, actor: Actor, email: str, name: str, role: Role, organisation: UUID | None = None
) -> tuple[UUID, str]:
    """Invite somebody to an account, new or known by its e-mail. Returns its id and the invitation's secret.

    An account that was closed, or that nobody ever had a password for, is made anew. Raises BadInputError,
    ConflictError for an account in use, which an invitation would take from its member, and NotFoundError.
    """
    address = parse_contact(email, Channel.EMAIL)
    _check_role(role, organisation)
    blind_index, secret = email_blind_index(session.vault, address), secrets.token_urlsafe(32)
    known = session.scalar(select(StaffRow).where(StaffRow.email_blind == blind_index).with_for_update())
    id_ = known.id if known else uuid4()
    permit(session, actor, Action.CHANGE, Subject(Resource.STAFF, str(id_)), what="invite", role=role.value)
    if known and _is_in_use(known):
        raise ConflictError(IN_USE)
    # Whoever follows the new link may be somebody else than the one whom people let help them.
    end_staff_mandates(session, id_)
    row = StaffRow(
        id=id_,
        role=role.value,
        organisation_id=organisation,
        name=seal(session, StaffRow.name, id_, _clean_name(name) or address.value),
        email=seal(session, StaffRow.email, id_, address.value),
        email_blind=blind_index,
        help_code=generate_help_code(session) if role is Role.CASE_WORKER else None,
        password_hash=None,
        totp=seal(session, StaffRow.totp, id_, pyotp.random_base32()),
        totp_step=0,
        recovery_codes=[],
        invitation=_hash_secret(secret),
        enrolment=None,
        invited_at=now(),
        confirmed_at=None,
        disabled_at=None,
    )
    session.merge(row)  # inserts the account, or overwrites every column of the known one
    session.flush()
    return id_, secret


def _clean_name(name: str) -> str:
    """Check that a name is one line, and return it with single spaces. Raises BadInputError."""
    check_one_line(name, "name")
    return " ".join(name.split())


def _check_role(role: Role, organisation: UUID | None) -> None:
    """Check that a role is one of staff, and that an agent has an organisation, and nobody else.

    Raises BadInputError.
    """
    if role not in STAFF_ROLES:
        raise BadInputError(mark("Choose from the list."), field="role")
    if (role is Role.AGENT) != (organisation is not None):
        raise BadInputError(
            _NEEDS_ORGANISATION if role is Role.AGENT else _NO_ORGANISATION, field="organisation"
        )


def _is_in_use(row: StaffRow) -> bool:
    """Tell whether a member signs in to an account: not to an unattended desk, which has no password."""
    return row.confirmed_at is not None and row.password_hash is not None and row.disabled_at is None


def re_enrol(session: WriteSession, actor: Actor, member: UUID) -> str:
    """Let a member who lost their authenticator set another one up. Returns the secret of the link.

    The old one serves no more, nor do their recovery codes; password, mandates and all else stay. The link
    asks for the password, so that whoever gives it does not become the member. The caller must end the
    member's sessions. Raises ConflictError for oneself, NotFoundError.
    """
    permit(session, actor, Action.CHANGE, Subject(Resource.STAFF, str(member)), what="re-enrol")
    if actor.id == member:
        raise ConflictError(mark("Another administrator does this for you."))
    row = session.get(StaffRow, member, with_for_update=True)
    if row is None or not _is_in_use(row):
        raise NotFoundError(NOT_FOUND_MESSAGE)
    secret = secrets.token_urlsafe(32)
    row.totp = seal(session, StaffRow.totp, row.id, pyotp.random_base32())
    row.totp_step, row.recovery_codes = 0, []
    row.invitation, row.enrolment, row.invited_at = _hash_secret(secret), None, now()
    return secret


def find_invited_member(session: ReadSession, secret: str) -> InvitedMember:
    """Find the account of an invitation link, or of the secret after it, which shows the key.

    Raises NotFoundError if it was used or is over a week old.
    """
    row = _load_invited_row(session, secret)
    return InvitedMember(
        name=unseal(session, StaffRow.name, row.id, row.name),
        email=unseal(session, StaffRow.email, row.id, row.email),
        has_password=row.password_hash is not None,
        key=unseal(session, StaffRow.totp, row.id, row.totp) if _is_enrolment(row, secret) else "",
    )


def begin_enrolment(database: Database, secret: str, password: str) -> str:
    """Draw the key of an authenticator for whoever has an invitation link and gives the password with it.

    The password is a new one or, of a member who has one, theirs; see `sign_in.begin_enrolment` for its
    limits. Returns the secret by which the key is found and the account confirmed; the link goes on to serve
    with the same password until then. Raises BadInputError, NotFoundError.
    """
    with database.read() as session:
        row = _load_invited_row(session, secret)
        id_, email = row.id, unseal(session, StaffRow.email, row.id, row.email)
        present_hash = row.password_hash
    # Between the sessions, as it is slow.
    if present_hash is None:
        password_hash = hash_password(database.vault, id_, validate_password(password, email))
    elif verify_password(database.vault, id_, password, present_hash):
        password_hash = present_hash
    else:
        raise BadInputError(mark("This is not your password."), field="password")
    enrolment = secrets.token_urlsafe(32)
    with database.write() as session:
        row = _load_invited_row(session, secret, lock=True)
        if row.password_hash != present_hash:  # of two who choose a password by one link, the first has it
            raise NotFoundError(USED_INVITATION)
        row.password_hash, row.enrolment = password_hash, _hash_secret(enrolment)
        row.totp, row.totp_step = seal(session, StaffRow.totp, id_, pyotp.random_base32()), 0
    return enrolment


def confirm_account(database: Database, enrolment: str, code: str) -> tuple[str, ...]:
    """Confirm an account by a first code, as proof that the authenticator works.

    `enrolment` is the secret that `begin_enrolment` gave for the password. Returns the recovery codes, which
    nobody can read again. Raises BadInputError, NotFoundError.
    """
    codes = draw_recovery_codes()
    with database.write() as session:
        # Locked: of two requests with one secret, the second finds it used.
        row = _load_invited_row(session, enrolment, lock=True)
        if not _is_enrolment(row, enrolment):
            raise NotFoundError(USED_INVITATION)
        step = find_totp_step(unseal(session, StaffRow.totp, row.id, row.totp), code)
        if step is None:
            raise BadInputError(mark("This is not the code that your authenticator shows now."), field="code")
        # The step too: the code that confirmed the account does not serve again to sign in.
        row.totp_step, row.confirmed_at = step, now()
        row.invitation = row.enrolment = None
        row.recovery_codes = [
            hash_recovery_code(session.vault, row.id, fold_recovery_code(each)) for each in codes
        ]
    return codes


def purge_unconfirmed(session: WriteSession, before: datetime) -> int:
    """Delete accounts that were invited before an instant and never confirmed. Returns how many."""
    unconfirmed = StaffRow.confirmed_at.is_(None), StaffRow.invited_at < before
    return len(session.scalars(delete(StaffRow).where(*unconfirmed).returning(StaffRow.id)).all())


def _load_invited_row(session: ReadSession, secret: str, *, lock: bool = False) -> StaffRow:
    """Load the account of a link that is still valid, or of the secret after it. Raises NotFoundError."""
    hash_ = _hash_secret(secret)
    query = select(StaffRow).where(
        or_(StaffRow.invitation == hash_, StaffRow.enrolment == hash_),
        StaffRow.invited_at > now() - INVITATION_LIFETIME,
    )
    row = session.scalar(query.with_for_update() if lock else query)
    if row is None:
        raise NotFoundError(USED_INVITATION)
    return row


def _is_enrolment(row: StaffRow, secret: str) -> bool:
    """Tell whether a secret is the one given for the password, and not that of the link."""
    return row.enrolment == _hash_secret(secret)


def _hash_secret(secret: str) -> bytes:
    """Hash an invitation's secret. A fast hash will do: the secret is 32 random bytes, not a password."""
    return sha256(secret.encode()).digest()
