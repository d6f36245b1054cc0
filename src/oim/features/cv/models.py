"""The database table `documents`, which holds the CVs."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from oim.kit.db import Base, Sealed


class DocumentRow(Base):
    """A CV. Its bytes are the sealed blob with the key `blob`.

    `proposal` is what was extracted from it, until its owner settles it or it is purged.
    """

    __tablename__ = "documents"
    # Unique: one CV a person, also when two uploads race. `read_at` serves the purge of old proposals.
    __table_args__ = (Index(None, "person_id", unique=True), Index(None, "read_at"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    file_name: Mapped[Sealed]
    media_type: Mapped[str]
    size: Mapped[int]  # bytes
    blob: Mapped[str]
    proposal: Mapped[Sealed | None]  # JSON; null once settled or purged
    read_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
