"""The database table of messages."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from oim.kit.db import Base, Sealed, sealed_as


class MessageRow(Base):
    """One message. Its address and values are wiped once it is sent or given up."""

    __tablename__ = "messages"
    # By state and time for the messages that are due, by person for how many they get in a day.
    __table_args__ = (Index(None, "state", "not_before"), Index(None, "person_id", "created_at"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    # None for a one-time code, which may go to a contact that nobody here has.
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    kind: Mapped[str]
    channel: Mapped[str]
    language: Mapped[str]
    address: Mapped[Sealed | None]
    # Values to fill into the words of the message, as JSON. Sealed under the first name of the column.
    payload: Mapped[Sealed | None] = mapped_column(info=sealed_as("messages.told"))
    state: Mapped[str]  # waiting, sent, given_up
    attempts: Mapped[int]
    created_at: Mapped[datetime]
    # When it is due. While a process delivers it, the end of that process's claim: then another may try.
    not_before: Mapped[datetime]
    expires_at: Mapped[datetime]  # after which it is given up
    ended_at: Mapped[datetime | None]  # when it was sent or given up
