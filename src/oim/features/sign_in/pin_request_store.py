"""Storing the new PINs that people asked for, and when each serves; `pin_requests` decides about them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import any_, delete, func, literal, or_, select
from sqlalchemy.dialects.postgresql import insert

from oim.features.messages import find_first_sent
from oim.features.people import PinHolder
from oim.features.sign_in.models import PinRequestRow
from oim.kit.clock import now
from oim.kit.db import ReadSession, WriteSession

PIN_DELAY = timedelta(hours=72)  # a weekend, so that whoever looks at a contact seldom sees it in time


@dataclass(frozen=True, slots=True)
class NewPin:
    """A new PIN to be stored: whose, its hash, and the hashes of contact, claim and cancelling links."""

    person: UUID
    pin_hash: str
    contact: bytes
    claim: bytes
    cancel: bytes
    asker_cancel: bytes


def store_request(session: WriteSession, pin: NewPin) -> PinRequestRow | None:
    """Store a person's request, which waits anew, and keep the links of the one that it replaces.

    Returns None, and stores nothing, where that one was confirmed: whose PIN it is was proved.
    """
    new = insert(PinRequestRow).values(
        person_id=pin.person,
        pin_hash=pin.pin_hash,
        contact_blind=pin.contact,
        claim=pin.claim,
        asked_at=now(),
        cancels=[pin.cancel],
        asker_cancels=[pin.asker_cancel],
    )
    replaced = {name: new.excluded[name] for name in ("pin_hash", "contact_blind", "claim", "asked_at")}
    links = {
        name: func.array_cat(PinRequestRow.__table__.c[name], new.excluded[name])
        for name in ("cancels", "asker_cancels")
    }
    upsert = new.on_conflict_do_update(
        index_elements=[PinRequestRow.person_id],
        set_={**replaced, **links, "notices": []},
        where=PinRequestRow.confirmed_at.is_(None),
    )
    if session.scalar(upsert.returning(PinRequestRow.person_id)) is None:
        return None
    return session.get_one(PinRequestRow, pin.person, populate_existing=True)


def find_opening(session: ReadSession, row: PinRequestRow) -> datetime:
    """Find from when on a PIN serves: since it was confirmed, or `PIN_DELAY` after it was announced.

    That is when the first message about it was sent; while none was, it is as if that happened now.
    """
    return row.confirmed_at or (find_first_sent(session, row.notices) or now()) + PIN_DELAY


def load_requested_pins(session: ReadSession, holders: Iterable[PinHolder]) -> list[PinHolder]:
    """Load, for those of some people who asked for another PIN, who they are with it, now or later."""
    return [holder for holder, _ in _load_requests(session, holders)]


def load_open_requests(session: ReadSession, holders: Iterable[PinHolder]) -> list[PinHolder]:
    """Load, for those of some people who asked for another PIN that serves by now, who they are with it."""
    return [holder for holder, row in _load_requests(session, holders) if find_opening(session, row) <= now()]


def take_request(session: WriteSession, holder: PinHolder) -> bool:
    """Use up the request for a PIN that serves by now. False if it is no longer as it was read."""
    unchanged = PinRequestRow.person_id == holder.id, PinRequestRow.pin_hash == holder.pin_hash
    row = session.scalar(select(PinRequestRow).where(*unchanged).with_for_update())
    if row is None or find_opening(session, row) > now():
        return False
    session.delete(row)
    session.flush()
    return True


def delete_request(session: WriteSession, person: UUID) -> bool:
    """Delete the request of a person. Returns whether there was one."""
    deleted = delete(PinRequestRow).where(PinRequestRow.person_id == person)
    return session.scalar(deleted.returning(PinRequestRow.person_id)) is not None


def delete_by_link(session: WriteSession, secret: str) -> tuple[UUID | None, bool]:
    """Delete a request by the secret of a link of its own, or of one that it replaced.

    Returns whose it was, and whether the link went to another contact than the one that asked.
    """
    link = literal(hash_secret(secret))
    was_others = link == any_(PinRequestRow.cancels)
    deletion = delete(PinRequestRow).where(or_(was_others, link == any_(PinRequestRow.asker_cancels)))
    deleted = session.execute(deletion.returning(PinRequestRow.person_id, was_others)).one_or_none()
    return (None, False) if deleted is None else (deleted[0], deleted[1])


def purge_pin_requests(session: WriteSession, before: datetime) -> int:
    """Delete the requests for PINs that could serve before an instant and were never used: how many."""
    opened_at = func.coalesce(PinRequestRow.confirmed_at, PinRequestRow.asked_at + PIN_DELAY)
    unused = delete(PinRequestRow).where(opened_at < before)
    return len(session.scalars(unused.returning(PinRequestRow.person_id)).all())


def compute_number(claim: bytes) -> str:
    """Compute the number, to be read aloud, that tells a claim from others of the same person."""
    return f"{int.from_bytes(claim[:8]) % 10**6:06}"


def hash_secret(secret: str) -> bytes:
    """Hash a secret of a request. A fast hash will do: it is random, and no PIN."""
    return sha256(secret.encode()).digest()


def _load_requests(
    session: ReadSession, holders: Iterable[PinHolder]
) -> list[tuple[PinHolder, PinRequestRow]]:
    """Load the requests of some people, each with who they are with that PIN."""
    likeness = {holder.id: holder.likeness for holder in holders}
    rows = session.scalars(select(PinRequestRow).where(PinRequestRow.person_id.in_(list(likeness))))
    return [
        (PinHolder(row.person_id, row.pin_hash, likeness[row.person_id], is_new=True), row) for row in rows
    ]
