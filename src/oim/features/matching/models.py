"""Tables of matching: vectors already computed, so that rebuilding an index embeds nothing twice."""

from __future__ import annotations

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from oim.kit.db import Base


class VectorRow(Base):
    """The vector of an offer's text by one embedder, as little-endian float16."""

    __tablename__ = "offer_vectors"

    embedder: Mapped[str] = mapped_column(primary_key=True)
    text_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    vector: Mapped[bytes] = mapped_column(LargeBinary)
