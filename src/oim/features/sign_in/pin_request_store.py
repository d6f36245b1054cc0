"""Storing the new PINs that people asked for; `pin_requests` decides about them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import delete, select

from oim.features.people import PinHolder
from oim.features.sign_in.models import PinRequestRow
from oim.kit.clock import now
from oim.kit.db import ReadSession, WriteSession


def load_open_requests(session: ReadSession, holders: Iterable[PinHolder]) -> list[PinHolder]:
    """Load, for those of some people who asked for another PIN that serves by now, who they are with it."""
    likeness = {holder.id: holder.likeness for holder in holders}
    rows = session.scalars(
        select(PinRequestRow).where(
            PinRequestRow.person_id.in_(list(likeness)), PinRequestRow.opens_at <= now()
        )
    )
    return [PinHolder(row.person_id, row.pin_hash, likeness[row.person_id], is_new=True) for row in rows]


def take_request(session: WriteSession, holder: PinHolder) -> bool:
    """Use up the request for a PIN that serves by now. False if it is no longer as it was read."""
    unchanged = PinRequestRow.person_id == holder.id, PinRequestRow.pin_hash == holder.pin_hash
    used = delete(PinRequestRow).where(*unchanged, PinRequestRow.opens_at <= now())
    return session.scalar(used.returning(PinRequestRow.person_id)) is not None


def delete_request(session: WriteSession, person: UUID) -> bool:
    """Delete the request of a person. Returns whether there was one."""
    deleted = delete(PinRequestRow).where(PinRequestRow.person_id == person)
    return session.scalar(deleted.returning(PinRequestRow.person_id)) is not None


def purge_pin_requests(session: WriteSession, before: datetime) -> int:
    """Delete the requests for PINs that served before an instant and were never used. Returns how many."""
    unused = delete(PinRequestRow).where(PinRequestRow.opens_at < before)
    return len(session.scalars(unused.returning(PinRequestRow.person_id)).all())


def hash_secret(secret: str) -> bytes:
    """Hash a secret of a request. A fast hash will do: it is random, and no PIN."""
    return sha256(secret.encode()).digest()
