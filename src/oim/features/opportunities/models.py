"""Database tables of organisations, sources and offers."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from oim.kit.db import Base


class OrganisationRow(Base):
    """An organisation that publishes offers. `name_key` is its name folded (`kit.text.fold`), to compare."""

    __tablename__ = "organisations"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    verified_at: Mapped[datetime | None]  # when we verified it; NULL: not verified


class SourceRow(Base):
    """A supplier of offers: a file, a portal or a partner."""

    __tablename__ = "sources"

    slug: Mapped[str] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    known_at: Mapped[datetime | None]  # since when staff vouch for it; NULL: they do not


class OpportunityRow(Base):
    """An offer of any kind: fields that all kinds share are columns, those of one kind are in `details`."""

    __tablename__ = "opportunities"
    __table_args__ = (
        CheckConstraint("kind IN ('employment', 'training', 'agr')", name="kind"),
        CheckConstraint("places > 0", name="places"),
        # The order and the cursor of the listing, see `paging.fetch_newest_page`.
        Index(None, "published_at", "id"),
        Index(None, "changed_at"),
        Index(None, "first_seen_at"),
        # Serves the bounding box that precedes the exact distance, see `filters._is_near`.
        Index(None, "latitude", "longitude"),
        Index(None, "sector"),
        Index(None, "source", "external_id", unique=True),
        # Partial indexes: few offers are ever released or held, so these stay small.
        Index(None, "released_at", postgresql_where=text("released_at IS NOT NULL")),
        Index(None, "held_at", postgresql_where=text("held_at IS NOT NULL")),
        # Offers from before ways were read, until `ingestion.fill_ways` has been there: empty afterwards.
        Index("ix_opportunities_ways_unread", "id", postgresql_where=text("apply IS NULL")),
        Index(None, "cautioned_at", postgresql_where=text("cautioned_at IS NOT NULL")),
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
    apply: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB)  # ways to answer; NULL: not read yet
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
    published_at: Mapped[datetime]  # as stated, else when first seen: the listing sorts by it
    published_stated: Mapped[bool]
    valid_through: Mapped[datetime | None]
    provenance: Mapped[dict[str, Any]]
    content_hash: Mapped[str]  # see `rows.hash_content`
    run_id: Mapped[int] = mapped_column(BigInteger)  # the last ingestion run that saw it
    first_seen_at: Mapped[datetime]
    changed_at: Mapped[datetime]  # when its content, or whether it may be shown, last changed
    flags: Mapped[list[dict[str, str]]] = mapped_column(JSONB, default=list, server_default=text("'[]'"))
    held_at: Mapped[datetime | None]  # since when it waits for a decision of staff
    released_at: Mapped[datetime | None]  # when staff decided to show it
    withdrawn_at: Mapped[datetime | None]  # when staff removed it from view for good
    cautioned_at: Mapped[datetime | None]  # since when readers read that others have reported it


class CatalogueRow(Base):
    """One row: the version of all offers together, see `catalogue`."""

    __tablename__ = "catalogue"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # always 1
    version: Mapped[UUID]
