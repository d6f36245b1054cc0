"""Tables of matching: stored vectors of offers, profiles of people, and their digests."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from oim.kit.db import Base, Sealed


class VectorRow(Base):
    """The vector of an offer's passage by one embedder, as little-endian float16."""

    __tablename__ = "offer_vectors"

    embedder: Mapped[str] = mapped_column(primary_key=True)
    # Of the passage, not of the offer: an offer whose other parts change is not embedded again.
    text_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    vector: Mapped[bytes] = mapped_column(LargeBinary)


class ProfileRow(Base):
    """A person's profile as JSON, and the vector of its text by one embedder, as little-endian float32.

    Both are sealed (encrypted). `embedder` and `vector` are None until the text is embedded after a change.
    """

    __tablename__ = "profiles"

    id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    profile: Mapped[Sealed]
    matched: Mapped[bool]  # whether the person agreed that offers are chosen by it
    embedder: Mapped[str | None]
    vector: Mapped[Sealed | None]
    changed_at: Mapped[datetime]


class DigestRow(Base):
    """The last digest of a person: the offers in order with scores and reasons, as sealed JSON."""

    __tablename__ = "digests"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("profiles.id", ondelete="CASCADE"), primary_key=True)
    computed_at: Mapped[datetime]
    items: Mapped[Sealed]
