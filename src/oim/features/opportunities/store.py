"""Storing drafts: which are new, changed or unchanged, in one statement a table for each batch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Row, select, update
from sqlalchemy.dialects.postgresql import insert

from oim.features.opportunities.models import OFFER_CHANGED, OpportunityRow, OrganisationRow, SourceRow
from oim.features.opportunities.publishers import OWN_SOURCES
from oim.features.opportunities.rows import to_columns
from oim.features.opportunities.types import Draft
from oim.kit.clock import now
from oim.kit.db import WriteSession, emit
from oim.kit.text import fold


class StoreOutcome(StrEnum):
    """What storing a draft did."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class StoredDraft:
    """One draft's outcome, in the order given."""

    id: UUID
    outcome: StoreOutcome


def lock_source(session: WriteSession, slug: str) -> None:
    """The source exists after this, and no other transaction stores its offers until this one ends."""
    known = now() if slug in OWN_SOURCES else None
    session.execute(insert(SourceRow).values(slug=slug, known_at=known).on_conflict_do_nothing())
    session.execute(select(SourceRow.slug).where(SourceRow.slug == slug).with_for_update())


def _get_or_create_organisations(session: WriteSession, names: Iterable[str]) -> dict[str, UUID]:
    """Ids by folded name; those unknown are added, in one order so that two runs cannot deadlock."""
    by_key = {fold(name): name for name in names}
    if not by_key:
        return {}
    rows = [{"id": uuid4(), "name": by_key[key], "name_key": key} for key in sorted(by_key)]
    session.execute(insert(OrganisationRow).on_conflict_do_nothing(), rows)
    found = select(OrganisationRow.name_key, OrganisationRow.id).where(OrganisationRow.name_key.in_(by_key))
    return dict(session.execute(found).all())


def _lock_known_offers(session: WriteSession, ids: Sequence[UUID]) -> dict[UUID, Row[UUID, str, int]]:
    held = select(OpportunityRow.id, OpportunityRow.content_hash, OpportunityRow.run_id).where(
        OpportunityRow.id.in_(ids)
    )
    return {row.id: row for row in session.execute(held.order_by(OpportunityRow.id).with_for_update())}


def store_drafts(
    session: WriteSession, source: str, drafts: Sequence[Draft], run_id: int, seen_at: datetime
) -> list[StoredDraft]:
    """Store a batch for a run. An offer the same run already saw is a duplicate and changes nothing."""
    organisations = _get_or_create_organisations(
        session, (draft.organisation for draft in drafts if draft.organisation)
    )
    rows = [
        to_columns(draft, source, organisations.get(fold(draft.organisation or "")), seen_at)
        for draft in drafts
    ]
    known = _lock_known_offers(session, [row["id"] for row in rows])
    result: list[StoredDraft] = []
    groups: dict[StoreOutcome, list[dict[str, Any]]] = {outcome: [] for outcome in StoreOutcome}
    seen: set[UUID] = set()
    for row in rows:
        outcome = _find_outcome(row, known.get(row["id"]), run_id, seen)
        seen.add(row["id"])
        groups[outcome].append(row)
        result.append(StoredDraft(row["id"], outcome))
    _write_rows(session, groups, run_id, seen_at)
    news = groups[StoreOutcome.NEW] + groups[StoreOutcome.CHANGED]
    emit(session, OFFER_CHANGED, [str(row["id"]) for row in news])
    return result


def _find_outcome(
    row: dict[str, Any], known_row: Row[UUID, str, int] | None, run_id: int, earlier_ids: set[UUID]
) -> StoreOutcome:
    if row["id"] in earlier_ids or (known_row is not None and known_row.run_id == run_id):
        return StoreOutcome.DUPLICATE
    if known_row is None:
        return StoreOutcome.NEW
    return StoreOutcome.UNCHANGED if known_row.content_hash == row["content_hash"] else StoreOutcome.CHANGED


def _write_rows(
    session: WriteSession, groups: dict[StoreOutcome, list[dict[str, Any]]], run_id: int, seen_at: datetime
) -> None:
    marks = {"run_id": run_id, "changed_at": seen_at}
    if new := groups[StoreOutcome.NEW]:
        session.execute(
            insert(OpportunityRow).on_conflict_do_nothing(),
            [{**row, **marks, "first_seen_at": seen_at} for row in new],
        )
    for row in groups[StoreOutcome.CHANGED]:
        kept = row if row["published_stated"] else {k: v for k, v in row.items() if k != "published_at"}
        session.execute(update(OpportunityRow).where(OpportunityRow.id == row["id"]).values(**kept, **marks))
    if unchanged := [row["id"] for row in groups[StoreOutcome.UNCHANGED]]:
        session.execute(update(OpportunityRow).where(OpportunityRow.id.in_(unchanged)).values(run_id=run_id))
