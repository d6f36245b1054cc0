"""Whether an offer may be shown: what in it warns, and whether it is held, released or withdrawn.

Why it is held is `trust`'s to decide. What is decided here is announced as a change of the offer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, select, update

from oim.features.opportunities.models import OFFER_CHANGED, OpportunityRow, OrganisationRow, SourceRow
from oim.features.opportunities.rows import to_red_flags
from oim.features.opportunities.types import RedFlag, Trust
from oim.kit.clock import now
from oim.kit.db import ReadSession, WriteSession, emit
from oim.kit.errors import NotFoundError
from oim.kit.i18n import mark

OFFER_NOT_FOUND = mark("This offer does not exist, or is no longer here.")
# For a query that has joined the offer's source and organisation.
TRUST_LEVEL: ColumnElement[str] = case(
    (SourceRow.known_at.is_(None), Trust.UNKNOWN.value),
    (OrganisationRow.verified_at.is_not(None), Trust.VERIFIED.value),
    else_=Trust.KNOWN.value,
)


@dataclass(frozen=True, slots=True)
class Standing:
    """How an offer stands: its level, its flags, and the instants of what was decided about it."""

    trust: Trust
    flags: tuple[RedFlag, ...]
    held_at: datetime | None
    released_at: datetime | None
    withdrawn_at: datetime | None


def is_public() -> ColumnElement[bool]:
    """Whether everybody may see an offer: it is neither held nor withdrawn."""
    return and_(OpportunityRow.held_at.is_(None), OpportunityRow.withdrawn_at.is_(None))


def lock_standings(session: WriteSession, ids: Sequence[UUID]) -> dict[UUID, Standing]:
    """How offers stand, by id; they stand so until the transaction ends. Unknown ids are left out."""
    rows = session.execute(
        select(OpportunityRow, TRUST_LEVEL)
        .join(SourceRow, SourceRow.slug == OpportunityRow.source)
        .outerjoin(OrganisationRow, OrganisationRow.id == OpportunityRow.organisation_id)
        .where(OpportunityRow.id.in_(ids))
        .order_by(OpportunityRow.id)
        .with_for_update(of=OpportunityRow)
        .execution_options(populate_existing=True)
    )
    return {row.id: _to_standing(row, Trust(level)) for row, level in rows}


def _to_standing(row: OpportunityRow, trust: Trust) -> Standing:
    return Standing(trust, to_red_flags(row.flags), row.held_at, row.released_at, row.withdrawn_at)


def list_held_since(session: ReadSession, limit: int) -> dict[UUID, datetime]:
    """Up to `limit` offers that wait for staff to decide, the oldest first, and since when."""
    held = select(OpportunityRow.id, OpportunityRow.held_at).where(OpportunityRow.held_at.is_not(None))
    rows = session.execute(held.order_by(OpportunityRow.held_at, OpportunityRow.id).limit(limit))
    return {id_: since for id_, since in rows if since}


def save_flags(session: WriteSession, flags: Mapping[UUID, Sequence[RedFlag]]) -> None:
    """The flags of offers, in place of those they had."""
    for id_, found in flags.items():
        kept = [asdict(flag) for flag in found]
        session.execute(update(OpportunityRow).where(OpportunityRow.id == id_).values(flags=kept))


def hold_offers(session: WriteSession, ids: Sequence[UUID]) -> None:
    """Show these offers to nobody until staff have decided."""
    if ids:
        _set_standing(session, ids, held_at=now(), released_at=None)


def release_offer(session: WriteSession, id_: UUID) -> None:
    """Show an offer that was held or withdrawn. Raises NotFoundError."""
    _set_standing(session, [id_], held_at=None, released_at=now(), withdrawn_at=None)


def withdraw_offer(session: WriteSession, id_: UUID) -> None:
    """Show an offer to nobody, whatever its source says of it from now on. Raises NotFoundError."""
    _set_standing(session, [id_], held_at=None, released_at=None, withdrawn_at=now())


def _set_standing(session: WriteSession, ids: Sequence[UUID], **values: datetime | None) -> None:
    decided = update(OpportunityRow).where(OpportunityRow.id.in_(ids)).values(changed_at=now(), **values)
    if len(session.scalars(decided.returning(OpportunityRow.id)).all()) < len(ids):
        raise NotFoundError(OFFER_NOT_FOUND)
    emit(session, OFFER_CHANGED, [str(id_) for id_ in ids])
