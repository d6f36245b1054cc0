"""The table of events. A trigger of the database holds it append-only."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Identity, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from oim.kit.db import Base


class EventRow(Base):
    """One event, see `catalogue`. Its fields that queries look for are columns, the others in `details`.

    The trigger refuses every change but two: to cut a pseudonym, and to delete in a transaction that says it
    keeps to the term (`retention`).
    """

    __tablename__ = "events"
    __table_args__ = (
        Index(None, "event_id", unique=True),
        Index(None, "list_id", "opportunity_id", "kind"),
        Index(None, "at"),
        Index(None, "pseudonym", postgresql_where=text("pseudonym IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    event_id: Mapped[UUID]  # the same for a fact that is recorded twice: the second insert is ignored
    at: Mapped[datetime]
    kind: Mapped[str]
    version: Mapped[int]  # of the kind's fields
    opportunity_id: Mapped[UUID | None]  # None: of a list, which version 3 of shown is
    list_id: Mapped[UUID | None]
    position: Mapped[int | None]
    features: Mapped[dict[str, Any] | None]
    details: Mapped[dict[str, Any]]
    # Equal for all events of one person who agreed to be counted: see `service.make_pseudonym`.
    pseudonym: Mapped[bytes | None] = mapped_column(LargeBinary)
