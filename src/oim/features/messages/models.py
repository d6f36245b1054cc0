"""The database table of messages."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from oim.kit.db import Base, Sealed, sealed_as


class MessageRow(Base):
    """One message. Its address and values are wiped when it ends."""

    __tablename__ = "messages"
    __table_args__ = (
        # By state and time for the messages that are due, by person for how many they get in a day.
        Index(None, "state", "not_before"),
        Index(None, "person_id", "created_at"),
        Index(None, "staff_id", postgresql_where=text("staff_id IS NOT NULL")),
        # For the codes that are due, which must not be searched for among all the others.
        Index(None, "kind", "not_before", postgresql_where=text("state = 'waiting'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    # One of both, or neither for a one-time code, which may go to a contact that nobody here has.
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    staff_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"))
    kind: Mapped[str]
    channel: Mapped[str]
    language: Mapped[str]
    address: Mapped[Sealed | None]
    # Values to fill into the words of the message, as JSON. Sealed under the first name of the column.
    payload: Mapped[Sealed | None] = mapped_column(info=sealed_as("messages.told"))
    state: Mapped[str]  # a `MessageState`
    attempts: Mapped[int]
    # The token of the last attempt, from before it until it is known that the gateway did not take the
    # message. So a waiting message that has one may have been sent: see `delivery`.
    claim: Mapped[UUID | None]
    created_at: Mapped[datetime]
    not_before: Mapped[datetime]  # when it is due; during an attempt, when the attempt's claim ends
    expires_at: Mapped[datetime]  # after which it is given up
    ended_at: Mapped[datetime | None]  # when it reached a final state
