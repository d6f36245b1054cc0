"""How many voices warn of an offer, and what follows: a caution to its readers, a place in the queue, hiding.

The reasons for the numbers are in `docs/decisions/0028-strangers-are-not-people.md`, those about reports of
violence in `0037-reports-of-violence.md`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Subquery, func, not_, select, text

from oim.features.opportunities import Standing, Trust, count_cautioned_since, select_public_ids
from oim.features.trust.models import ReportRow
from oim.features.trust.screening import is_suspect
from oim.features.trust.types import SERIOUS_REASONS
from oim.kit.clock import now
from oim.kit.db import ReadSession, WriteSession

VOICES_TO_CAUTION = 2  # or one that is proven: one stranger alone must not mark an offer
VOICES_TO_RAISE = 3  # in the queue, before the offers that only wait; they hide a suspect offer
PROVEN_TO_HIDE = 2
# Offers that reports may hide in an hour, all together: about what one case worker decides about in an hour.
MAX_HIDDEN, HIDDEN_WINDOW = 10, timedelta(hours=1)
MAX_HIDDEN_BY_STRANGERS = MAX_HIDDEN // 2  # the rest is kept for proven voices
# Offers whose readers may be cautioned in an hour: a caution harms less than hiding does.
MAX_CAUTIONED = 3 * MAX_HIDDEN
MAX_CAUTIONED_BY_STRANGERS = MAX_CAUTIONED // 2
# Offers that one voice may hide alone in a day, by reports of violence or trafficking.
MAX_HIDDEN_ALONE, MAX_HIDDEN_ALONE_BY_STRANGER, ALONE_WINDOW = 3, 1, timedelta(days=1)
# For so long a decision of staff answers a stranger's voice; after it, a neighbour of theirs may be heard.
ANSWERED_FOR = timedelta(days=30)
_IS_SERIOUS = ReportRow.reason.in_(sorted(reason.value for reason in SERIOUS_REASONS))
_LOCK_KEY = 0x01_52  # any constant, the same in every process: the key of the advisory lock for hiding


@dataclass(frozen=True, slots=True)
class Voices:
    """How many voices warn of an offer, how many are proven, and how many of both of something serious."""

    count: int
    proven: int
    serious: int = 0
    proven_serious: int = 0

    @property
    def need_caution(self) -> bool:
        """Whether readers are cautioned that the offer was reported."""
        return self.count >= VOICES_TO_CAUTION or self.proven > 0

    def may_hide(self, standing: Standing) -> bool:
        """Whether these voices suffice to hide an offer of this standing until staff decide."""
        if standing.held_at or standing.trust is Trust.VERIFIED:
            return False
        # Staff who released an offer knew its flags: only people can bring them back to it.
        is_suspect_now = standing.released_at is None and is_suspect(standing.flags)
        return self.proven >= PROVEN_TO_HIDE or (self.count >= VOICES_TO_RAISE and is_suspect_now)

    def may_hide_as_serious(self, standing: Standing) -> bool:
        """Whether one voice suffices to hide the offer, since it warns of violence or trafficking.

        A stranger's does not where we verified the organisation, nor where staff have released the offer:
        else whoever changes networks could hide it again after each decision.
        """
        if standing.held_at:
            return False
        may_stranger = standing.trust is not Trust.VERIFIED and standing.released_at is None
        return self.proven_serious > 0 or (may_stranger and self.serious > 0)

    @property
    def are_proven(self) -> bool:
        """Whether the proven ones alone suffice to hide an offer."""
        return self.proven >= PROVEN_TO_HIDE or self.proven_serious > 0


def count_voices(session: ReadSession, offer: UUID) -> Voices:
    """Count the voices that warn of an offer."""
    voices = _select_voices()
    is_proven, is_serious = voices.c.is_proven, voices.c.is_serious
    proven, serious, both = (
        func.count().filter(condition) for condition in (is_proven, is_serious, is_proven & is_serious)
    )
    query = select(func.count(), proven, serious, both).where(voices.c.opportunity_id == offer)
    return Voices(*session.execute(query).one())


def find_raised_since(session: ReadSession, limit: int) -> dict[UUID, datetime]:
    """Offers still shown of which many voices warn, with the instant of the first; `limit` at most."""
    voices = _select_voices()
    return _find_shown_since(session, voices, func.count() >= VOICES_TO_RAISE, limit)


def select_raised_ids() -> Select[UUID]:
    """The query for the ids of all offers of which many voices warn, for use within another query."""
    offer = _select_voices().c.opportunity_id
    return select(offer).group_by(offer).having(func.count() >= VOICES_TO_RAISE)


def find_proven_since(session: ReadSession, limit: int) -> dict[UUID, datetime]:
    """Offers still shown of which a proven voice warns, with the instant of the first; `limit` at most."""
    voices = _select_voices()
    return _find_shown_since(session, voices, func.bool_or(voices.c.is_proven), limit)


def find_serious_since(session: ReadSession, limit: int) -> dict[UUID, datetime]:
    """Offers with an open report of violence or trafficking, shown or held, with the instant of the first.

    Whoever sent it: staff look, whatever was decided about an earlier report. Those of proven voices first.
    """
    first, is_proven = func.min(ReportRow.at), func.bool_or(ReportRow.is_proven)
    rows = session.execute(
        select(ReportRow.opportunity_id, first)
        .where(ReportRow.settled_at.is_(None), _IS_SERIOUS)
        .group_by(ReportRow.opportunity_id)
        .order_by(is_proven.desc(), first, ReportRow.opportunity_id)
        .limit(limit)
    )
    return dict(rows.all())


def _find_shown_since(
    session: ReadSession, voices: Subquery, condition: ColumnElement[bool], limit: int
) -> dict[UUID, datetime]:
    """Offers still shown whose voices meet a condition, with the instant of the first; the oldest first."""
    first = func.min(voices.c.at)
    rows = session.execute(
        select(voices.c.opportunity_id, first)
        .where(voices.c.opportunity_id.in_(select_public_ids()))
        .group_by(voices.c.opportunity_id)
        .having(condition)
        .order_by(first)
        .limit(limit)
    )
    return dict(rows.all())


def take_from_budget(session: WriteSession, voices: Voices, alone: ReportRow | None = None) -> bool:
    """Whether these voices may hide one offer more now. Others who ask wait until this transaction ends.

    `alone`: the report whose voice would hide it without others.
    """
    _lock_budgets(session)
    if alone is not None:
        most = MAX_HIDDEN_ALONE if alone.is_proven else MAX_HIDDEN_ALONE_BY_STRANGER
        since = ReportRow.hid_at > now() - ALONE_WINDOW
        hidden = select(func.count()).where(since, ReportRow.voice == alone.voice)
        if (session.scalar(hidden) or 0) >= most:
            return False
    return count_hidden(session) < (MAX_HIDDEN if voices.are_proven else MAX_HIDDEN_BY_STRANGERS)


def may_caution(session: WriteSession, voices: Voices) -> bool:
    """Whether readers of one offer more may be cautioned now, because of these voices."""
    _lock_budgets(session)
    return count_cautioned(session) < (MAX_CAUTIONED if voices.proven else MAX_CAUTIONED_BY_STRANGERS)


def _lock_budgets(session: WriteSession) -> None:
    """Let one report at a time look at the budgets, until its transaction ends."""
    session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})


def count_cautioned(session: ReadSession) -> int:
    """Count the offers whose readers reports have cautioned within the window of the budget."""
    return count_cautioned_since(session, now() - HIDDEN_WINDOW)


def count_hidden(session: ReadSession) -> int:
    """Count the offers that reports have hidden within the window of the budget."""
    hidden = select(func.count()).where(ReportRow.hid_at > now() - HIDDEN_WINDOW)
    return session.scalar(hidden) or 0


def _select_voices() -> Subquery:
    """One row for each offer and voice: whether it is proven, and since when it warns.

    Only voices without a settled report on the offer: staff still read the new report of somebody whom they
    have answered once, but a few people must not be able to hide an honest offer for ever. A stranger's voice
    is a whole network, so its answer ends: else whoever reports an offer of their own silences the network.
    """
    is_open, is_proven = ReportRow.settled_at.is_(None), func.bool_or(ReportRow.is_proven)
    was_answered_long_ago = func.max(ReportRow.settled_at) < now() - ANSWERED_FOR
    return (
        select(
            ReportRow.opportunity_id,
            is_proven.label("is_proven"),
            func.bool_or(is_open & _IS_SERIOUS).label("is_serious"),
            func.min(ReportRow.at).filter(is_open).label("at"),
        )
        .group_by(ReportRow.opportunity_id, ReportRow.voice)
        .having(func.bool_and(is_open) | (func.bool_or(is_open) & not_(is_proven) & was_answered_long_ago))
        .subquery()
    )
