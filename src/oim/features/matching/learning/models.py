"""Tables of learning: events, rankers, and which ranker was put in force when."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from oim.kit.db import Base


class EventRow(Base):
    """What happened to one offer of one list. No person is named: a list has an opaque id."""

    __tablename__ = "events"
    __table_args__ = (Index(None, "list_id", "opportunity_id", "kind", unique=True), Index(None, "at"))

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    at: Mapped[datetime]
    kind: Mapped[str]
    list_id: Mapped[UUID]
    opportunity_id: Mapped[UUID]
    position: Mapped[int | None]  # from 1, of what was shown
    features: Mapped[dict[str, Any] | None]  # as they were when it was shown


class RankerRow(Base):
    """A ranker that was trained: what it is worth at each feature, and its card."""

    __tablename__ = "rankers"

    version: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    created_at: Mapped[datetime]
    artefact: Mapped[dict[str, Any]]
    card: Mapped[dict[str, Any]]


class RankerUseRow(Base):
    """A ranker, or the weights (no version), put in force; the newest not withdrawn is in force."""

    __tablename__ = "ranker_uses"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    version: Mapped[int | None] = mapped_column(ForeignKey("rankers.version"))
    at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
