"""The database table of consent decisions."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from oim.kit.db import Base


class ConsentRow(Base):
    """One decision about one purpose. Rows are added and never changed; the last of a purpose is in force."""

    __tablename__ = "consents"
    __table_args__ = (Index(None, "person_id", "purpose", "id"),)

    # Ascending, so that the latest decision has the highest id: `at` may be equal for several.
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    purpose: Mapped[str]
    agreed: Mapped[bool] = mapped_column("given")
    version: Mapped[str]  # of the words that were shown
    language: Mapped[str]
    channel: Mapped[str]
    at: Mapped[datetime]
