"""The database table of staff accounts."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, LargeBinary
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from oim.kit.db import Base, Sealed


class StaffRow(Base):
    """One staff account: invited first, then confirmed with a password and the key of one-time codes."""

    __tablename__ = "staff"
    # An agent, and nobody else, belongs to an organisation.
    __table_args__ = (
        CheckConstraint("(role = 'agent') = (organisation_id IS NOT NULL)", name="organisation"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    role: Mapped[str]
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    name: Mapped[Sealed]
    email: Mapped[Sealed]
    email_blind: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    help_code: Mapped[str | None] = mapped_column(unique=True)  # by which people choose a case worker
    password_hash: Mapped[str | None]
    totp: Mapped[Sealed]  # the key of one-time codes (RFC 6238), in Base32
    # The time step of the last code accepted. Only later steps are accepted, so no code serves twice.
    totp_step: Mapped[int] = mapped_column(BigInteger)
    # Blind indexes of the codes that serve once each in place of one of the authenticator.
    recovery_codes: Mapped[list[bytes]] = mapped_column(ARRAY(LargeBinary), server_default="{}")
    # SHA-256 of the secret in the invitation link, None once it was used.
    invitation: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    # SHA-256 of the secret that whoever gives the password with that link gets, to set an authenticator up.
    enrolment: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    invited_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]
    # How often they are written to about applications, in which language, and when the last digest was.
    notices: Mapped[str] = mapped_column(server_default="at_once", default="at_once")  # a `Notices`
    language: Mapped[str] = mapped_column(server_default="fr", default="fr")
    digested_at: Mapped[datetime | None]
