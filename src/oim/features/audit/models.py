"""The table of the trail."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from oim.kit.db import Base


class AuditRow(Base):
    """One entry. `seq` counts from 1 without a gap; `mark` covers the entry and the mark before it."""

    __tablename__ = "audit"
    __table_args__ = (Index(None, "subject_id", "seq"),)

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    role: Mapped[str]
    actor_id: Mapped[UUID | None]
    action: Mapped[str]
    resource: Mapped[str]
    object_id: Mapped[str | None]
    subject_id: Mapped[UUID | None]  # the person it is about; outlives their erasure, and then names nobody
    detail: Mapped[dict[str, Any]]
    mark: Mapped[bytes] = mapped_column(LargeBinary)
