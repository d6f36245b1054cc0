"""Tables of learning: trained rankers, and which ranker was put in force when."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Identity
from sqlalchemy.orm import Mapped, mapped_column

from oim.kit.db import Base


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
