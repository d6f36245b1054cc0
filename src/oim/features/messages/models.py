"""The table of messages."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from oim.kit.db import Base, Sealed, sealed_as


class MessageRow(Base):
    """One message. Its address and values are wiped when it was sent, or when it is too late to."""

    __tablename__ = "messages"
    __table_args__ = (Index(None, "state", "not_before"), Index(None, "person_id", "created_at"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    kind: Mapped[str]
    channel: Mapped[str]
    language: Mapped[str]
    address: Mapped[Sealed | None]
    # The values of the message's words, as JSON.
    payload: Mapped[Sealed | None] = mapped_column(info=sealed_as("messages.told"))
    state: Mapped[str]  # waiting, sent, given_up
    attempts: Mapped[int]
    created_at: Mapped[datetime]
    not_before: Mapped[datetime]  # also: when whoever took it last is given up on
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
