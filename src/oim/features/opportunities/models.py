"""Tables of organisations, sources and opportunities."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from oim.kit.db import Base

OFFER_CHANGED = "opportunity.changed"  # stored new, or changed; the key is the offer's id


class OrganisationRow(Base):
    """Who publishes. `name_key` is the name folded for comparison."""

    __tablename__ = "organisations"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    verified_at: Mapped[datetime | None]


class SourceRow(Base):
    """What supplies offers: a file, a portal, a partner."""

    __tablename__ = "sources"

    slug: Mapped[str] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    known_at: Mapped[datetime | None]


class OpportunityRow(Base):
    """One offer of any kind: shared fields as columns, the kind's own in `details`."""

    __tablename__ = "opportunities"
    __table_args__ = (
        CheckConstraint("kind IN ('employment', 'training', 'agr')", name="kind"),
        CheckConstraint("places > 0", name="places"),
        Index(None, "published_at", "id"),
        Index(None, "changed_at"),
        Index(None, "first_seen_at"),
        Index(None, "latitude", "longitude"),
        Index(None, "sector"),
        Index(None, "source", "external_id", unique=True),
        Index(None, "released_at", postgresql_where=text("released_at IS NOT NULL")),
        Index(None, "held_at", postgresql_where=text("held_at IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(ForeignKey("sources.slug"))
    external_id: Mapped[str]
    kind: Mapped[str]
    title: Mapped[str]
    description: Mapped[str]
    language: Mapped[str | None]
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    url: Mapped[str | None]
    country: Mapped[str | None]
    region: Mapped[str | None]
    department: Mapped[str | None]
    commune: Mapped[str | None]
    locality: Mapped[str | None]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    occupations: Mapped[list[str]]
    sector: Mapped[str | None]  # see `occupations.sector_of`
    eligibility: Mapped[dict[str, Any]]
    details: Mapped[dict[str, Any]]
    places: Mapped[int | None]
    published_at: Mapped[datetime]  # as stated, else when first seen
    published_stated: Mapped[bool]
    valid_through: Mapped[datetime | None]
    provenance: Mapped[dict[str, Any]]
    content_hash: Mapped[str]
    run_id: Mapped[int] = mapped_column(BigInteger)  # the last run that saw it
    first_seen_at: Mapped[datetime]
    changed_at: Mapped[datetime]  # what it says, or whether it may be shown
    flags: Mapped[list[dict[str, str]]] = mapped_column(JSONB, default=list, server_default=text("'[]'"))
    held_at: Mapped[datetime | None]  # since when it waits for staff to decide
    released_at: Mapped[datetime | None]  # when staff let it be shown
    withdrawn_at: Mapped[datetime | None]  # when staff took it away for good
