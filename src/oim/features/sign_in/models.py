"""The database table of new PINs that people asked for."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from oim.kit.db import Base


class PinRequestRow(Base):
    """The new PIN that somebody asked for who forgot theirs: see `pin_request_store.find_opening`."""

    __tablename__ = "pin_requests"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    pin_hash: Mapped[str]
    contact_blind: Mapped[bytes] = mapped_column(LargeBinary)  # of the contact that it was asked for by
    claim: Mapped[bytes] = mapped_column(LargeBinary, unique=True)  # SHA-256 of the secret of whoever asked
    asked_at: Mapped[datetime]
    # The messages that announce it, of which one must have been sent.
    notices: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), server_default="{}")
    # SHA-256 of the secrets in the links that cancel it, and of those of requests that it replaced: to other
    # contacts of the person, and to those by which somebody asked.
    cancels: Mapped[list[bytes]] = mapped_column(ARRAY(LargeBinary), server_default="{}")
    asker_cancels: Mapped[list[bytes]] = mapped_column(ARRAY(LargeBinary), server_default="{}")
    confirmed_at: Mapped[datetime | None]  # by a second contact, or by a case worker
