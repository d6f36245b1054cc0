"""The table of decisions."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from oim.kit.db import Base


class ConsentRow(Base):
    """One decision about one purpose. Rows are added, never changed: the last one is in force."""

    __tablename__ = "consents"
    __table_args__ = (Index(None, "person_id", "purpose", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    purpose: Mapped[str]
    given: Mapped[bool]
    version: Mapped[str]
    language: Mapped[str]
    channel: Mapped[str]
    at: Mapped[datetime]
