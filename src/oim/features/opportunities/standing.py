"""The standing of an offer: its trust level, its red flags, and whether it is held, released or withdrawn.

`trust` decides when to hold an offer; this module stores the decision and announces it as a change of the
offer, so that the search index follows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, select, update

from oim.features.events import OFFER_CHANGED
from oim.features.opportunities.catalogue import change_catalogue
from oim.features.opportunities.models import OpportunityRow, OrganisationRow, SourceRow
from oim.features.opportunities.rows import to_red_flags
from oim.features.opportunities.types import RedFlag, Trust
from oim.kit.clock import now
from oim.kit.db import ReadSession, WriteSession, emit
from oim.kit.errors import NotFoundError
from oim.kit.i18n import mark

OFFER_NOT_FOUND = mark("This offer does not exist, or is no longer here.")
# The trust level as SQL, for a query that joins the offer's source and organisation. The first true branch
# counts: an unknown source comes first, since any name of an organisation that it gives is an unproven claim.
TRUST_LEVEL: ColumnElement[str] = case(
    (SourceRow.known_at.is_(None), Trust.UNKNOWN.value),
    (OrganisationRow.verified_at.is_not(None), Trust.VERIFIED.value),
    else_=Trust.KNOWN.value,
)


@dataclass(frozen=True, slots=True)
class Standing:
    """An offer's trust level and red flags, and when it was held, released or withdrawn."""

    trust: Trust
    flags: tuple[RedFlag, ...]
    held_at: datetime | None
    released_at: datetime | None
    withdrawn_at: datetime | None


def is_public() -> ColumnElement[bool]:
    """The SQL condition that everybody may see an offer: it is neither held nor withdrawn."""
    return and_(OpportunityRow.held_at.is_(None), OpportunityRow.withdrawn_at.is_(None))


def lock_standings(session: WriteSession, ids: Sequence[UUID]) -> dict[UUID, Standing]:
    """The standings of offers by id, locked until the transaction ends. Unknown ids are omitted."""
    rows = session.execute(
        select(OpportunityRow, TRUST_LEVEL)
        .join(SourceRow, SourceRow.slug == OpportunityRow.source)
        .outerjoin(OrganisationRow, OrganisationRow.id == OpportunityRow.organisation_id)
        .where(OpportunityRow.id.in_(ids))
        # Rows are locked in one order everywhere, so that two transactions cannot deadlock.
        .order_by(OpportunityRow.id)
        # Only the offer: the nullable side of an outer join cannot be locked in PostgreSQL.
        .with_for_update(of=OpportunityRow)
        # A row that this session loaded before the lock would otherwise keep its stale values.
        .execution_options(populate_existing=True)
    )
    return {row.id: _to_standing(row, Trust(level)) for row, level in rows}


def _to_standing(row: OpportunityRow, trust: Trust) -> Standing:
    """Build the standing from the row of an offer."""
    return Standing(trust, to_red_flags(row.flags), row.held_at, row.released_at, row.withdrawn_at)


def list_held_since(session: ReadSession, limit: int) -> dict[UUID, datetime]:
    """Up to `limit` held offers, those held longest first: id to the instant since when."""
    query = select(OpportunityRow.id, OpportunityRow.held_at).where(OpportunityRow.held_at.is_not(None))
    rows = session.execute(query.order_by(OpportunityRow.held_at, OpportunityRow.id).limit(limit))
    return {id_: since for id_, since in rows if since}


def save_flags(session: WriteSession, flags: Mapping[UUID, Sequence[RedFlag]]) -> None:
    """Replace the red flags of offers."""
    for id_, red_flags in flags.items():
        values = [asdict(flag) for flag in red_flags]
        session.execute(update(OpportunityRow).where(OpportunityRow.id == id_).values(flags=values))
    if flags:
        change_catalogue(session)


def select_public_ids() -> Select[UUID]:
    """The query for the ids of the offers that everybody may see, for use within another query."""
    return select(OpportunityRow.id).where(is_public())


def select_held_ids() -> Select[UUID]:
    """The query for the ids of the offers that wait for a decision of staff, for use within another query."""
    return select(OpportunityRow.id).where(OpportunityRow.held_at.is_not(None))


def caution_offer(session: WriteSession, id_: UUID) -> None:
    """Show readers of an offer that others have reported it, until staff decide about it."""
    uncautioned = OpportunityRow.id == id_, OpportunityRow.cautioned_at.is_(None)
    query = update(OpportunityRow).where(*uncautioned).values(cautioned_at=now())
    # Pages of the offer that are kept in memory lack the caution. The index knows nothing of it.
    if session.scalars(query.returning(OpportunityRow.id)).all():
        change_catalogue(session)


def count_cautioned_since(session: ReadSession, since: datetime) -> int:
    """Count the offers whose readers are cautioned since an instant or later."""
    return session.scalar(select(func.count()).where(OpportunityRow.cautioned_at > since)) or 0


def hold_offers(session: WriteSession, ids: Sequence[UUID]) -> None:
    """Hide offers from everybody but staff until staff have decided. Raises NotFoundError."""
    if ids:
        _set_standing(session, ids, held_at=now(), released_at=None)


def release_offer(session: WriteSession, id_: UUID) -> None:
    """Show an offer again that was held or withdrawn. Raises NotFoundError."""
    _set_standing(session, [id_], held_at=None, released_at=now(), withdrawn_at=None, cautioned_at=None)


def withdraw_offer(session: WriteSession, id_: UUID) -> None:
    """Hide an offer for good, even if its source changes it later. Raises NotFoundError."""
    _set_standing(session, [id_], held_at=None, released_at=None, withdrawn_at=now(), cautioned_at=None)


def _set_standing(session: WriteSession, ids: Sequence[UUID], **values: datetime | None) -> None:
    """Write the columns of a decision and announce the change. Raises NotFoundError when an id is missing."""
    # `changed_at` moves too: an index built while this happens reads the offer again, see `list_changes`.
    query = update(OpportunityRow).where(OpportunityRow.id.in_(ids)).values(changed_at=now(), **values)
    if len(session.scalars(query.returning(OpportunityRow.id)).all()) < len(ids):
        raise NotFoundError(OFFER_NOT_FOUND)
    change_catalogue(session)
    emit(session, OFFER_CHANGED, [str(id_) for id_ in ids])
