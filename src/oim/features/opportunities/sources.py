"""Sources of offers: which of them we know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update

from oim.features.opportunities.models import OpportunityRow, SourceRow
from oim.kit.clock import now
from oim.kit.db import ReadSession, WriteSession
from oim.kit.errors import NotFoundError
from oim.kit.i18n import mark

OWN_SOURCES = frozenset({"sample"})  # known from the first: we made up its offers ourselves


@dataclass(frozen=True, slots=True)
class Source:
    """What supplies offers, since when it is known to us, how many of its offers we have and hold."""

    slug: str
    known_at: datetime | None
    offers: int
    held: int


def list_sources(session: ReadSession) -> list[Source]:
    """Every source, by name."""
    rows = session.execute(
        select(
            SourceRow.slug,
            SourceRow.known_at,
            func.count(OpportunityRow.id),
            func.count(OpportunityRow.held_at),
        )
        .outerjoin(OpportunityRow, OpportunityRow.source == SourceRow.slug)
        .group_by(SourceRow.slug)
        .order_by(SourceRow.slug)
    )
    return [Source(*row) for row in rows]


def mark_known(session: WriteSession, slug: str, *, known: bool) -> None:
    """A source is known to us from now on, or no longer. Raises NotFoundError."""
    changed = update(SourceRow).where(SourceRow.slug == slug)
    kept = func.coalesce(SourceRow.known_at, now()) if known else None
    if session.scalar(changed.values(known_at=kept).returning(SourceRow.slug)) is None:
        raise NotFoundError(mark("No source here is called %(name)s."), name=slug)
