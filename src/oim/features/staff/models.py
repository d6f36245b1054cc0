"""The table of staff."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from oim.kit.db import Base, Sealed


class StaffRow(Base):
    """One account. Until it is confirmed it has an invitation; afterwards a password and a one-time key."""

    __tablename__ = "staff"
    __table_args__ = (
        CheckConstraint("(role = 'agent') = (organisation_id IS NOT NULL)", name="organisation"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    role: Mapped[str]
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    name: Mapped[Sealed]
    email: Mapped[Sealed]
    email_blind: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    help_code: Mapped[str | None] = mapped_column(unique=True)  # by which people name a case worker
    password_hash: Mapped[str | None]
    totp: Mapped[Sealed]  # the key of one-time codes (RFC 6238), in Base32
    totp_step: Mapped[int] = mapped_column(BigInteger)  # of the last code that was taken: none is taken twice
    invitation: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)  # hash of the link's secret
    invited_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]
