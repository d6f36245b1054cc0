"""Reports about offers: anybody can send one, and enough reporters hold the offer until staff decide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, func, select, update

from oim.features import people
from oim.features.access import Actor, Grant, Role
from oim.features.opportunities import OFFER_NOT_FOUND, Standing, hold_offers, lock_standings
from oim.features.trust.models import ReportRow
from oim.features.trust.types import ReportReason
from oim.kit.clock import now
from oim.kit.db import Database, ReadSession, WriteSession, seal, unseal
from oim.kit.errors import BadInputError, NotFoundError
from oim.kit.i18n import mark
from oim.kit.rate_limits import RateLimit, RateLimiter, subscriber_prefix

MAX_REPORT_LENGTH = 1000  # characters
# Reporters that hold an offer: three of any sort, or two who are signed in, since an account needs a verified
# contact and is harder to multiply than an address.
REPORTERS_TO_HOLD = 3
PEOPLE_TO_HOLD = 2
# Of one signed-in reporter, and of one address of the network that nobody signed in from.
SIGNED_IN_LIMIT, STRANGER_LIMIT = (
    RateLimit("report", "20 per day"),
    RateLimit("report-address", "10 per hour"),
)
# Of all signed-in reporters behind one address: generous, since a mobile operator or an office shares one.
SIGNED_IN_ADDRESS_LIMIT = RateLimit("report-people-address", "100 per day")


def report_offer(session: WriteSession, offer: UUID, reason: str, words: str, reporter: Reporter) -> None:
    """Record a report about an offer, and hold the offer when enough reporters have warned of it.

    A second report by the same reporter replaces the first while it is open. Raises BadInputError for the
    reason or the words; NotFoundError for an offer that does not exist or was withdrawn.
    """
    parsed_reason, parsed_words = _parse_reason(reason), _parse_words(words)
    # The lock makes reports of one offer wait for each other: two at the same time would each count one
    # reporter too few and not hold it, or create two open reports of one reporter.
    standing = lock_standings(session, [offer]).get(offer)
    if standing is None or standing.withdrawn_at:
        raise NotFoundError(OFFER_NOT_FOUND)
    row = _get_or_create_open(session, offer, reporter.blind_index)
    row.reason, row.person_id = parsed_reason.value, reporter.person
    row.words = seal(session, ReportRow.words, row.id, parsed_words) if parsed_words else None
    # Written now, so that the query that counts the reporters includes this one.
    session.flush()
    if _has_enough_reporters(session, offer, standing):
        hold_offers(session, [offer])


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
    if len(stripped_words) > MAX_REPORT_LENGTH:
        raise BadInputError(
            mark("This is too long: %(most)s characters at most."), field="words", most=MAX_REPORT_LENGTH
        )
    return stripped_words


def _get_or_create_open(session: WriteSession, offer: UUID, reporter_index: bytes) -> ReportRow:
    """The open report of a reporter on an offer, or a new one."""
    open_report = (
        ReportRow.opportunity_id == offer,
        ReportRow.reporter == reporter_index,
        ReportRow.settled_at.is_(None),
    )
    row: ReportRow | None = session.scalar(select(ReportRow).where(*open_report))
    if row is None:
        row = ReportRow(id=uuid4(), opportunity_id=offer, reporter=reporter_index, at=now(), settled_at=None)
        session.add(row)
    return row


def _has_enough_reporters(session: WriteSession, offer: UUID, standing: Standing) -> bool:
    """Whether enough reporters warn of an offer. Only those without a settled report on it count.

    Staff still read the new report of a reporter they have answered once, but a few people must not be able
    to hide an honest offer for ever.
    """
    if standing.held_at:
        return False
    # One row for each reporter without any settled report on the offer: whether they were signed in.
    reporters = (
        select(func.bool_or(ReportRow.person_id.is_not(None)))
        .where(ReportRow.opportunity_id == offer)
        .group_by(ReportRow.reporter)
        .having(func.bool_and(ReportRow.settled_at.is_(None)))
    )
    signed_in = session.scalars(reporters).all()
    return len(signed_in) >= REPORTERS_TO_HOLD or sum(signed_in) >= PEOPLE_TO_HOLD


@dataclass(frozen=True, slots=True)
class Reporter:
    """The author of a report. `blind_index` is always the same for one reporter, without revealing them.

    `person` is their id when they are signed in as a person; None for strangers and staff.
    """

    blind_index: bytes
    person: UUID | None


def identify_reporter(database: Database, limits: RateLimiter, actor: Actor, address: str) -> Reporter:
    """The reporter behind a request, counted against the rate limits. Raises TooManyError, UnavailableError.

    Called before the session that stores the report, so that none is open while Valkey counts.

    A person is identified by their first contact: ten accounts on one telephone are one reporter. Staff are
    identified by their id, and a stranger by their address of the network.
    """
    blind_index, subscriber = database.vault.blind_index, subscriber_prefix(address)
    person, contact = actor.id if actor.role is Role.PERSON else None, None
    if person:
        with database.read() as session:
            contact = people.find_first_contact_index(session, person)
    reporter_index = blind_index("reporter", contact.hex() if contact else str(actor.id or subscriber))
    if actor.id:
        # The limit of the address stops one visitor who signs in with account after account.
        address_index = blind_index("reporter", subscriber)
        limits.hit([(SIGNED_IN_LIMIT, reporter_index.hex()), (SIGNED_IN_ADDRESS_LIMIT, address_index.hex())])
    else:
        limits.hit([(STRANGER_LIMIT, reporter_index.hex())])
    return Reporter(reporter_index, person)


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
