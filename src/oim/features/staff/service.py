"""Staff accounts: authenticating, disabling and listing them, and finding case workers.

How an account comes about is `invitations`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, LargeBinary, Select, case, func, literal, select, update

from oim.features.access import (
    NOT_FOUND_MESSAGE,
    Action,
    Actor,
    Mandate,
    Resource,
    Role,
    Subject,
    permit,
)
from oim.features.people import Contact
from oim.features.staff.credentials import draw_code, find_totp_step, fold_recovery_code
from oim.features.staff.models import StaffRow
from oim.kit.clock import now
from oim.kit.crypto import Vault, verify_password
from oim.kit.db import Listed, Listing, ReadSession, WriteSession, fetch_list_page, unseal
from oim.kit.errors import ConflictError, NotFoundError
from oim.kit.i18n import mark

_HELP_CODE_LENGTH = 6


@dataclass(frozen=True, slots=True)
class Member:
    """A staff account, as administrators see it."""

    id: UUID
    name: str
    email: str
    role: Role
    organisation: UUID | None
    invited_at: datetime
    confirmed_at: datetime | None
    disabled_at: datetime | None


@dataclass(frozen=True, slots=True)
class CaseWorker:
    """A case worker, as the people they help see them."""

    id: UUID
    name: str
    code: str


@dataclass(frozen=True, slots=True)
class Account:
    """An account that can sign in: its actor, and the slow hash of its password as it was read."""

    id: UUID
    actor: Actor
    password_hash: str | None


def find_account(session: ReadSession, email: str) -> Account | None:
    """Find the account with an e-mail, as typed at sign-in. None if there is none that can sign in."""
    row = session.scalar(select_active(StaffRow.email_blind == _raw_email_blind_index(session.vault, email)))
    return Account(row.id, _to_actor(row), row.password_hash) if row else None


def is_password_right(vault: Vault, account: Account | None, password: str) -> bool:
    """Tell whether a password is that of an account. Slow: call it while no session is open.

    No account takes as long as a wrong password.
    """
    owner, password_hash = (account.id, account.password_hash) if account else ("", None)
    return verify_password(vault, owner, password, password_hash)


class CodeUse(StrEnum):
    """What became of a code that was given for an account. The values are stored in the audit trail."""

    RIGHT = "sign in"
    RECOVERED = "sign in by a recovery code"
    SPENT = "spent"  # right, and given before: the authenticator shows another one soon
    WRONG = "wrong"


def use_code(session: WriteSession, account: Account, code: str) -> CodeUse:
    """Use up the present one-time code of an account, or one of its recovery codes; each serves once.

    The password was right. Wrong, too, if the account is no longer as it was read.
    """
    unchanged = StaffRow.id == account.id, StaffRow.password_hash == account.password_hash
    row = session.scalar(select_active(*unchanged))
    if row is None or _to_actor(row) != account.actor:
        return CodeUse.WRONG
    if recovery_code := fold_recovery_code(code):
        return _use_recovery_code(session, row.id, recovery_code)
    step = find_totp_step(unseal(session, StaffRow.totp, row.id, row.totp), code)
    if step is None:
        return CodeUse.WRONG
    # Compares and stores the step in one statement: of several requests with one code, a single one succeeds.
    use_step = update(StaffRow).where(StaffRow.id == row.id, StaffRow.totp_step < step).values(totp_step=step)
    is_first = session.execute(use_step.returning(StaffRow.id)).first() is not None
    return CodeUse.RIGHT if is_first else CodeUse.SPENT


def _use_recovery_code(session: WriteSession, member: UUID, code: str) -> CodeUse:
    """Use up a recovery code. Of several requests with one code, a single one succeeds."""
    hashed = literal(hash_recovery_code(session.vault, member, code), LargeBinary)
    use_up = (
        update(StaffRow)
        .where(StaffRow.id == member, hashed == StaffRow.recovery_codes.any_())
        .values(recovery_codes=func.array_remove(StaffRow.recovery_codes, hashed))
    )
    is_used = session.execute(use_up.returning(StaffRow.id)).first() is not None
    return CodeUse.RECOVERED if is_used else CodeUse.WRONG


def hash_recovery_code(vault: Vault, member: UUID, code: str) -> bytes:
    """Hash a recovery code of a member, as `fold_recovery_code` returns it."""
    return vault.blind_index("recovery", f"{member} {code}")


def disable(session: WriteSession, actor: Actor, member: UUID) -> None:
    """Disable an account, which cannot sign in any more.

    Raises ConflictError for the last administrator, NotFoundError.
    """
    permit(session, actor, Action.CHANGE, Subject(Resource.STAFF, str(member)), what="disable")
    check_not_last_administrator(session, member)
    disabled = update(StaffRow).where(StaffRow.id == member).values(disabled_at=now(), invitation=None)
    if session.execute(disabled.returning(StaffRow.id)).first() is None:
        raise NotFoundError(NOT_FOUND_MESSAGE)


def get_name(session: WriteSession, actor: Actor, member: UUID) -> str:
    """The name of a member. Raises NotFoundError."""
    names = (each.name for each in list_members(session, actor) if each.id == member)
    if (name := next(names, None)) is None:
        raise NotFoundError(NOT_FOUND_MESSAGE)
    return name


def find_member_id(session: ReadSession, email: str) -> UUID:
    """Find the id of the account of an e-mail, in any state. Raises NotFoundError."""
    member = session.scalar(
        select(StaffRow.id).where(StaffRow.email_blind == _raw_email_blind_index(session.vault, email))
    )
    if member is None:
        raise NotFoundError(mark("No account has the e-mail %(email)s. See: oim staff list"), email=email)
    return member


def check_not_last_administrator(session: WriteSession, member: UUID) -> None:
    """Raise ConflictError if a member is the only administrator who can sign in."""
    # Locked until the commit: of two administrators who disable each other, the second finds itself the last.
    administrators = session.scalars(
        select_active(StaffRow.role == Role.ADMINISTRATOR.value).with_for_update()
    ).all()
    if [administrator.id for administrator in administrators] == [member]:
        raise ConflictError(mark("This is the only administrator: invite another one first."))


def list_members(session: WriteSession, actor: Actor) -> list[Member]:
    """List every account, the one invited first at the top. Raises NotFoundError."""
    permit(session, actor, Action.READ, Subject(Resource.STAFF))
    rows = session.scalars(select(StaffRow).order_by(StaffRow.invited_at, StaffRow.id))
    return [_to_member(session, row) for row in rows]


# What the accounts may be filtered by, as SQL.
_STATES: Mapping[str, ColumnElement[bool]] = {
    "invited": StaffRow.confirmed_at.is_(None) & StaffRow.disabled_at.is_(None),
    "open": StaffRow.confirmed_at.is_not(None) & StaffRow.disabled_at.is_(None),
    "closed": StaffRow.disabled_at.is_not(None),
}
_MEMBER_SORTS: Mapping[str, ColumnElement[Any]] = {
    "role": StaffRow.role.expression,
    "state": case(*((condition, at) for at, condition in enumerate(_STATES.values()))),
    "invited": StaffRow.invited_at.expression,
}


def list_member_page(session: WriteSession, actor: Actor, listing: Listing) -> Listed[Member]:
    """One page of the accounts. Filters: `role`, `state` (invited, open, closed). Raises NotFoundError."""
    permit(session, actor, Action.READ, Subject(Resource.STAFF))
    query = select(StaffRow)
    if role := listing.filter("role"):
        query = query.where(StaffRow.role == role)
    if state := listing.filter("state"):
        query = query.where(_STATES[state])
    listed = fetch_list_page(session, query, listing, _MEMBER_SORTS, (StaffRow.invited_at, StaffRow.id))
    return listed.with_items([_to_member(session, row) for (row,) in listed.items])


def _to_member(session: ReadSession, row: StaffRow) -> Member:
    return Member(
        id=row.id,
        name=unseal(session, StaffRow.name, row.id, row.name),
        email=unseal(session, StaffRow.email, row.id, row.email),
        role=Role(row.role),
        organisation=row.organisation_id,
        invited_at=row.invited_at,
        confirmed_at=row.confirmed_at,
        disabled_at=row.disabled_at,
    )


def count_invited(session: WriteSession, actor: Actor) -> int:
    """How many accounts are invited and not confirmed yet. Raises NotFoundError."""
    permit(session, actor, Action.READ, Subject(Resource.STAFF), what="invited")
    invited = StaffRow.confirmed_at.is_(None), StaffRow.disabled_at.is_(None)
    return session.scalar(select(func.count()).select_from(StaffRow).where(*invited)) or 0


def find_case_worker_by_code(session: ReadSession, code: str) -> CaseWorker:
    """Find the case worker with a help code, as people type it. Raises NotFoundError."""
    # PostgreSQL refuses a NUL in text, which would be an error instead of a code that nobody has.
    help_code = "".join(code.replace("\0", "").split()).upper()
    row = session.scalar(select_active(StaffRow.help_code == help_code))
    if row is None:
        raise NotFoundError(mark("No case worker has this code. Ask them for it again."))
    return _to_case_worker(session, row)


def find_case_workers(session: ReadSession, ids: Iterable[UUID]) -> dict[UUID, CaseWorker]:
    """Find case workers by id. Without those who have no account, or one that cannot sign in."""
    rows = session.scalars(select_active(StaffRow.id.in_(list(ids)), StaffRow.help_code.is_not(None)))
    return {row.id: _to_case_worker(session, row) for row in rows}


def match_case_workers(session: ReadSession, mandates: Sequence[Mandate]) -> list[tuple[Mandate, CaseWorker]]:
    """Pair mandates with the case workers they were given to.

    Without those whose account was closed since: a mandate may outlive it.
    """
    workers = find_case_workers(session, {mandate.staff for mandate in mandates})
    return [(mandate, workers[mandate.staff]) for mandate in mandates if mandate.staff in workers]


def has_agents(session: ReadSession, organisation: UUID) -> bool:
    """Tell whether an organisation has an agent who can sign in."""
    agents = StaffRow.role == Role.AGENT.value, StaffRow.organisation_id == organisation
    return session.scalar(select_active(*agents).limit(1)) is not None


def select_receiving_organisations() -> Select[UUID | None]:
    """Select the ids of the organisations with an agent who can sign in, for use within another query."""
    agents = StaffRow.role == Role.AGENT.value
    return select_active(agents).with_only_columns(StaffRow.organisation_id)


def select_active(*conditions: ColumnElement[bool]) -> Select[StaffRow]:
    """Select the accounts that can sign in and meet the conditions."""
    return select(StaffRow).where(
        StaffRow.confirmed_at.is_not(None), StaffRow.disabled_at.is_(None), *conditions
    )


def _to_actor(row: StaffRow) -> Actor:
    """The actor of a row."""
    return Actor(Role(row.role), row.id, row.organisation_id)


def _to_case_worker(session: ReadSession, row: StaffRow) -> CaseWorker:
    """Convert a row to a case worker, opening the sealed name."""
    return CaseWorker(row.id, unseal(session, StaffRow.name, row.id, row.name), row.help_code or "")


def generate_help_code(session: ReadSession) -> str:
    """Draw a help code that no account has."""
    while True:
        code = draw_code(_HELP_CODE_LENGTH)
        if session.scalar(select(StaffRow.id).where(StaffRow.help_code == code)) is None:
            return code


def email_blind_index(vault: Vault, address: Contact) -> bytes:
    """Compute the blind index by which an account is found."""
    return vault.blind_index("staff", address.value)


def _raw_email_blind_index(vault: Vault, email: str) -> bytes:
    """Compute the blind index of an e-mail as typed at sign-in; what is not an address matches no account."""
    return vault.blind_index("staff", fold_email(email))


def fold_email(email: str) -> str:
    """Return an e-mail as typed at sign-in in the form in which accounts have theirs."""
    return email.strip().lower()
