"""Tables of matching: vectors already computed, profiles to recommend to, and their digests."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from oim.kit.db import Base


class VectorRow(Base):
    """The vector of an offer's text by one embedder, as little-endian float16."""

    __tablename__ = "offer_vectors"

    embedder: Mapped[str] = mapped_column(primary_key=True)
    text_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    vector: Mapped[bytes] = mapped_column(LargeBinary)


class ProfileRow(Base):
    """A person's profile, and the vector of its text by one embedder, as little-endian float32."""

    __tablename__ = "profiles"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    profile: Mapped[dict[str, Any]]
    embedder: Mapped[str | None]
    vector: Mapped[bytes | None] = mapped_column(LargeBinary)
    changed_at: Mapped[datetime]


class DigestRow(Base):
    """What was last recommended to a person by a batch: offers in order, with scores and reasons."""

    __tablename__ = "digests"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("profiles.id", ondelete="CASCADE"), primary_key=True)
    computed_at: Mapped[datetime]
    items: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
