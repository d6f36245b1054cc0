"""Ways to answer in the database: offers whose ways were never read, and how many of a source give none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import func, not_, select, update

from oim.features.events import OFFER_CHANGED
from oim.features.opportunities.catalogue import change_catalogue
from oim.features.opportunities.models import OpportunityRow
from oim.features.opportunities.pages import can_be_answered, is_listed, select_offers
from oim.features.opportunities.rows import dump_ways, to_opportunity
from oim.features.opportunities.types import Opportunity
from oim.features.opportunities.ways import Way
from oim.kit.clock import now
from oim.kit.db import ReadSession, WriteSession, emit


def list_unread_ways(session: WriteSession, limit: int) -> list[Opportunity]:
    """Up to `limit` offers stored before ways were read, whatever their standing, locked to the end."""
    # Whoever else does the same at this moment takes other offers.
    unread = select_offers().where(OpportunityRow.apply.is_(None)).order_by(OpportunityRow.id).limit(limit)
    rows = session.execute(unread.with_for_update(of=OpportunityRow, skip_locked=True))
    return [to_opportunity(*row) for row in rows]


def has_unread_ways(session: ReadSession, source: str) -> bool:
    """Whether a source has offers stored before ways were read."""
    unread = OpportunityRow.apply.is_(None), OpportunityRow.source == source
    return session.scalar(select(OpportunityRow.id).where(*unread).limit(1)) is not None


def save_ways(session: WriteSession, ways: Mapping[UUID, tuple[Way, ...]]) -> None:
    """Store the ways of offers, and announce the change, so that the index follows."""
    ids_by_source: defaultdict[str, list[str]] = defaultdict(list)
    for id_, offer_ways in ways.items():
        values = {"apply": dump_ways(offer_ways), "changed_at": now()}
        query = update(OpportunityRow).where(OpportunityRow.id == id_).values(values)
        source = session.scalar(query.returning(OpportunityRow.source))
        if source is not None:
            ids_by_source[source].append(str(id_))
    if ids_by_source:
        change_catalogue(session)
    for source, ids in ids_by_source.items():
        emit(session, OFFER_CHANGED, ids, share=source)


def count_unanswerable(session: ReadSession) -> dict[str, tuple[int, int]]:
    """Of each source, how many of its open offers give no way to answer, and how many are open."""
    counts = func.count().filter(not_(can_be_answered())), func.count()
    query = select(OpportunityRow.source, *counts).where(is_listed(now())).group_by(OpportunityRow.source)
    return {source: (without, total) for source, without, total in session.execute(query)}
