"""Store drafts of offers: find out which are new, changed or unchanged, and write them in batches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Row, select, update
from sqlalchemy.dialects.postgresql import insert

from oim.features.events import OFFER_CHANGED
from oim.features.opportunities.catalogue import change_catalogue
from oim.features.opportunities.models import OpportunityRow, OrganisationRow, SourceRow
from oim.features.opportunities.publishers import OWN_SOURCES
from oim.features.opportunities.rows import to_columns
from oim.features.opportunities.types import Draft
from oim.kit.clock import now
from oim.kit.db import WriteSession, emit
from oim.kit.text import fold


class StoreOutcome(StrEnum):
    """What storing a draft did. A duplicate was already stored by the same run and changes nothing."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class StoredDraft:
    """The offer's id of a draft, and what storing it did."""

    id: UUID
    outcome: StoreOutcome


def lock_source(session: WriteSession, slug: str) -> None:
    """Create the source if it is missing, and lock it until the transaction ends.

    Of two runs that read the same source at the same time, the second waits for the first.
    """
    known = now() if slug in OWN_SOURCES else None
    session.execute(insert(SourceRow).values(slug=slug, known_at=known).on_conflict_do_nothing())
    # The insert locks nothing when the row was there already.
    session.execute(select(SourceRow.slug).where(SourceRow.slug == slug).with_for_update())


def _get_or_create_organisations(session: WriteSession, names: Iterable[str]) -> dict[str, UUID]:
    """The ids of organisations by folded name; unknown organisations are created."""
    by_key = {fold(name): name for name in names}
    if not by_key:
        return {}
    # Sorted: two runs that insert the same names in different orders would wait for each other (deadlock).
    rows = [{"id": uuid4(), "name": by_key[key], "name_key": key} for key in sorted(by_key)]
    session.execute(insert(OrganisationRow).on_conflict_do_nothing(), rows)
    # Read the ids back: for a name that existed, the id just made was not used.
    query = select(OrganisationRow.name_key, OrganisationRow.id).where(OrganisationRow.name_key.in_(by_key))
    return dict(session.execute(query).all())


def _lock_known_offers(session: WriteSession, ids: Sequence[UUID]) -> dict[UUID, Row[UUID, str, int]]:
    """Lock those of the offers that are stored already: id to id, content hash and last run."""
    query = select(OpportunityRow.id, OpportunityRow.content_hash, OpportunityRow.run_id).where(
        OpportunityRow.id.in_(ids)
    )
    return {row.id: row for row in session.execute(query.order_by(OpportunityRow.id).with_for_update())}


def store_drafts(
    session: WriteSession, source: str, drafts: Sequence[Draft], run_id: int, seen_at: datetime
) -> list[StoredDraft]:
    """Store one batch of an ingestion run; returns the outcome of each draft, in the order of the drafts.

    The first of several drafts with one id in a run is stored, the others are duplicates. The caller has
    locked the source, see `lock_source`. New and changed offers are announced in the outbox, as the source's.
    """
    organisations = _get_or_create_organisations(
        session, (draft.organisation for draft in drafts if draft.organisation)
    )
    rows = [
        to_columns(draft, source, organisations.get(fold(draft.organisation or "")), seen_at)
        for draft in drafts
    ]
    known = _lock_known_offers(session, [row["id"] for row in rows])
    stored_drafts: list[StoredDraft] = []
    groups: dict[StoreOutcome, list[dict[str, Any]]] = {outcome: [] for outcome in StoreOutcome}
    earlier_ids: set[UUID] = set()
    for row in rows:
        outcome = _find_outcome(row, known.get(row["id"]), run_id, earlier_ids)
        earlier_ids.add(row["id"])
        groups[outcome].append(row)
        stored_drafts.append(StoredDraft(row["id"], outcome))
    _write_rows(session, groups, run_id, seen_at)
    changed_rows = groups[StoreOutcome.NEW] + groups[StoreOutcome.CHANGED]
    if changed_rows:
        change_catalogue(session)
    emit(session, OFFER_CHANGED, [str(row["id"]) for row in changed_rows], share=source)
    return stored_drafts


def _find_outcome(
    row: dict[str, Any], known_row: Row[UUID, str, int] | None, run_id: int, earlier_ids: set[UUID]
) -> StoreOutcome:
    """Compare a draft's row with the stored one and with the ids earlier in the same batch."""
    # The same run may have stored the offer in an earlier batch: its run id is on the row.
    if row["id"] in earlier_ids or (known_row is not None and known_row.run_id == run_id):
        return StoreOutcome.DUPLICATE
    if known_row is None:
        return StoreOutcome.NEW
    return StoreOutcome.UNCHANGED if known_row.content_hash == row["content_hash"] else StoreOutcome.CHANGED


def _write_rows(
    session: WriteSession, groups: dict[StoreOutcome, list[dict[str, Any]]], run_id: int, seen_at: datetime
) -> None:
    """Insert new rows, update changed ones, and only mark unchanged ones as seen by this run."""
    marks = {"run_id": run_id, "changed_at": seen_at}
    if new := groups[StoreOutcome.NEW]:
        session.execute(
            insert(OpportunityRow).on_conflict_do_nothing(),
            [{**row, **marks, "first_seen_at": seen_at} for row in new],
        )
    for row in groups[StoreOutcome.CHANGED]:
        # Without a stated date the stored one stays (as a rule, when we first saw the offer): a change must
        # not put an old offer on top of the listing.
        values = row if row["published_stated"] else {k: v for k, v in row.items() if k != "published_at"}
        session.execute(
            update(OpportunityRow).where(OpportunityRow.id == row["id"]).values(**values, **marks)
        )
    if unchanged := [row["id"] for row in groups[StoreOutcome.UNCHANGED]]:
        session.execute(update(OpportunityRow).where(OpportunityRow.id.in_(unchanged)).values(run_id=run_id))
