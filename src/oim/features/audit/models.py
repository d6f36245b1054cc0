"""The database tables of the audit trail, and of refusals that wait to be entered in it as a count."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, LargeBinary, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from oim.kit.db import Base
from oim.kit.db.rights import APPEND_ONLY


class AuditRow(Base):
    """One entry. In each shard `seq` counts from 1 without a gap; `mark` also covers the mark before."""

    __tablename__ = "audit"
    __table_args__ = (Index(None, "subject_id", "shard", "seq"), {"info": APPEND_ONLY})

    shard: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    # Numbered by the program under a lock: a database sequence leaves gaps when a transaction is undone,
    # and a gap is what an entry that was removed looks like.
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    role: Mapped[str]
    actor_id: Mapped[UUID | None]
    action: Mapped[str]
    resource: Mapped[str]
    object_id: Mapped[str | None]
    # The person it is about. No foreign key: the entry outlives their erasure, and then names nobody.
    subject_id: Mapped[UUID | None]
    detail: Mapped[dict[str, Any]]
    mark: Mapped[bytes] = mapped_column(LargeBinary)


class RefusalRow(Base):
    """A refusal that entered the trail lately, and how often it was repeated since; see `refusals`."""

    __tablename__ = "refusals"
    __table_args__ = (Index(None, "began_at"),)

    id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)  # a hash of what makes it the same
    began_at: Mapped[datetime]
    latest_at: Mapped[datetime]
    repeated: Mapped[int] = mapped_column(BigInteger)
    role: Mapped[str]
    actor_id: Mapped[UUID | None]
    action: Mapped[str]
    resource: Mapped[str]
    object_id: Mapped[str | None]
    subject_id: Mapped[UUID | None]
    detail: Mapped[dict[str, Any]]
