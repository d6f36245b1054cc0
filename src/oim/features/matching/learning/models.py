"""Tables of learning: events of shown offers, trained rankers, and which ranker was put in force when."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from oim.kit.db import Base


class EventRow(Base):
    """One event of one offer in one list. No person is named: a list has an opaque id."""

    __tablename__ = "events"
    # The unique index makes a repeated event a conflict, which the insert ignores.
    __table_args__ = (Index(None, "list_id", "opportunity_id", "kind", unique=True), Index(None, "at"))

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    at: Mapped[datetime]
    kind: Mapped[str]
    list_id: Mapped[UUID]
    opportunity_id: Mapped[UUID]
    # Only for events of kind `shown`:
    position: Mapped[int | None]  # from 1
    features: Mapped[dict[str, Any] | None]  # their values when the list was shown


class RankerRow(Base):
    """A trained ranker: its step functions as JSON, and its card (data, figures, features)."""

    __tablename__ = "rankers"

    version: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    created_at: Mapped[datetime]
    artefact: Mapped[dict[str, Any]]
    card: Mapped[dict[str, Any]]


class RankerUseRow(Base):
    """One entry of the log of rankers put in force (no version: the documented weights).

    The newest entry that was not withdrawn is in force.
    """

    __tablename__ = "ranker_uses"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    version: Mapped[int | None] = mapped_column(ForeignKey("rankers.version"))
    at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
