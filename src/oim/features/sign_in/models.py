"""The database table of new PINs that people asked for."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from oim.kit.db import Base


class PinRequestRow(Base):
    """The new PIN that somebody asked for who forgot theirs: it serves from `opens_at` on, once."""

    __tablename__ = "pin_requests"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    pin_hash: Mapped[str]
    contact_blind: Mapped[bytes] = mapped_column(LargeBinary)  # of the contact that it was asked for by
    # SHA-256 of the secret of whoever asked, and of the one in the link of the messages that announce it.
    claim: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    cancel: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    asked_at: Mapped[datetime]
    opens_at: Mapped[datetime]
