"""Tables of matching: vectors already computed, profiles to recommend to, and their digests."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from oim.kit.db import Base, Sealed


class VectorRow(Base):
    """The vector of an offer's text by one embedder, as little-endian float16."""

    __tablename__ = "offer_vectors"

    embedder: Mapped[str] = mapped_column(primary_key=True)
    text_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    vector: Mapped[bytes] = mapped_column(LargeBinary)


class ProfileRow(Base):
    """A person's profile as JSON, and the vector of its text by one embedder, as little-endian float32."""

    __tablename__ = "profiles"

    id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    profile: Mapped[Sealed]
    matched: Mapped[bool]  # whether offers may be chosen by it
    embedder: Mapped[str | None]
    vector: Mapped[Sealed | None]
    changed_at: Mapped[datetime]


class DigestRow(Base):
    """What was last recommended to a person by a batch, as JSON: offers in order, scores and reasons."""

    __tablename__ = "digests"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("profiles.id", ondelete="CASCADE"), primary_key=True)
    computed_at: Mapped[datetime]
    items: Mapped[Sealed]
