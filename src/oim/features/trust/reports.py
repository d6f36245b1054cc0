"""Reports about offers: anybody can send one. Enough of them caution readers, or hide the offer at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, func, select, update

from oim.features.access import Grant
from oim.features.opportunities import (
    OFFER_NOT_FOUND,
    Standing,
    caution_offer,
    hold_offers,
    lock_standings,
)
from oim.features.trust.models import ReportRow
from oim.features.trust.reporters import Reporter
from oim.features.trust.types import ReportReason
from oim.features.trust.voices import count_voices, may_caution, take_from_budget
from oim.kit.clock import now
from oim.kit.db import ReadSession, WriteSession, seal, unseal
from oim.kit.errors import BadInputError, NotFoundError
from oim.kit.fields import check_length
from oim.kit.i18n import mark
from oim.kit.telemetry import logger

MAX_REPORT_LENGTH = 1000  # characters


def report_offer(session: WriteSession, offer: UUID, reason: str, words: str, reporter: Reporter) -> None:
    """Record a report about an offer, and caution its readers or hide it when enough voices warn of it.

    Of violence or trafficking one voice is enough, within what it may hide in a day.

    A second report by the same reporter replaces the first while it is open. Raises BadInputError for the
    reason or the words; NotFoundError for an offer that does not exist or was withdrawn.
    """
    parsed_reason, parsed_words = _parse_reason(reason), _parse_words(words)
    # The lock makes reports of one offer wait for each other: two at the same time would each count one
    # reporter too few and not hide it, or create two open reports of one reporter.
    standing = lock_standings(session, [offer]).get(offer)
    if standing is None or standing.withdrawn_at:
        raise NotFoundError(OFFER_NOT_FOUND)
    row = _get_or_create_open(session, offer, reporter)
    row.reason, row.person_id = parsed_reason.value, reporter.person
    row.voice, row.is_proven = reporter.voice, reporter.is_proven
    row.words = seal(session, ReportRow.words, row.id, parsed_words) if parsed_words else None
    # Written now, so that the query that counts the voices includes this one.
    session.flush()
    _act_on_voices(session, row, standing)


def _act_on_voices(session: WriteSession, row: ReportRow, standing: Standing) -> None:
    """Hide the offer of a report, or caution its readers, as far as the voices so far warrant it."""
    offer, voices = row.opportunity_id, count_voices(session, row.opportunity_id)
    # One or the other, never both: the order of locks (offer, budget, catalogue) is the same for all reports.
    are_enough = voices.may_hide(standing)
    if are_enough or voices.may_hide_as_serious(standing):
        if take_from_budget(session, voices, alone=None if are_enough else row):
            row.hid_at = now()
            hold_offers(session, [offer])
            return
        logger(__name__).warning("reports may hide no more offers this hour", offer=str(offer))
    if voices.need_caution and may_caution(session, voices):
        caution_offer(session, offer)


@dataclass(frozen=True, slots=True)
class Report:
    """A report as its author sees it. `words` is None when none were written, or once staff have decided."""

    offer: UUID
    reason: ReportReason
    words: str | None
    at: datetime


def list_reports(session: ReadSession, grant: Grant) -> list[Report]:
    """The reports that a person sent while signed in, oldest first."""
    rows = session.scalars(
        select(ReportRow).where(ReportRow.person_id == grant.person).order_by(ReportRow.at, ReportRow.id)
    )
    return [
        Report(
            row.opportunity_id,
            ReportReason(row.reason),
            unseal(session, ReportRow.words, row.id, row.words) if row.words else None,
            row.at,
        )
        for row in rows
    ]


def _parse_reason(reason: str) -> ReportReason:
    """The reason of a code. Raises BadInputError."""
    if reason not in set(ReportReason):
        raise BadInputError(mark("Choose from the list."), field="reason")
    return ReportReason(reason)


def _parse_words(words: str) -> str:
    """The words without the space around them. Raises BadInputError when they are too long."""
    stripped_words = words.strip()
    check_length(stripped_words, MAX_REPORT_LENGTH, "words")
    return stripped_words


def _get_or_create_open(session: WriteSession, offer: UUID, reporter: Reporter) -> ReportRow:
    """The open report of a reporter on an offer, or a new one."""
    open_report = (
        ReportRow.opportunity_id == offer,
        ReportRow.reporter == reporter.blind_index,
        ReportRow.settled_at.is_(None),
    )
    row: ReportRow | None = session.scalar(select(ReportRow).where(*open_report))
    if row is None:
        row = ReportRow(
            id=uuid4(), opportunity_id=offer, reporter=reporter.blind_index, at=now(), settled_at=None
        )
        session.add(row)
    return row


def erase_report_words(session: WriteSession, person: UUID) -> None:
    """Wipe what a person wrote in their reports. The reports themselves stay, since they protect others."""
    session.execute(update(ReportRow).where(ReportRow.person_id == person).values(words=None))


def purge_reports(session: WriteSession, before: datetime) -> int:
    """Delete reports that were settled before an instant, or sent before it and never settled.

    Returns how many were deleted. `rights` calls it when their retention period is over.
    """
    last_event = func.coalesce(ReportRow.settled_at, ReportRow.at)
    query = delete(ReportRow).where(last_event < before).returning(ReportRow.id)
    return len(session.scalars(query).all())
