"""Reports: anybody warns of an offer, and enough of them hold it until staff decide."""

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
from oim.kit.db import ReadSession, WriteSession, seal, unseal
from oim.kit.errors import BadInputError, NotFoundError
from oim.kit.i18n import mark
from oim.kit.rate_limits import RateLimit, RateLimiter, subscriber_prefix

MAX_REPORT_LENGTH = 1000  # characters
REPORTERS_TO_HOLD = 3  # reporters, of whom two are enough if they are signed-in people
PEOPLE_TO_HOLD = 2
SIGNED_IN_LIMIT, STRANGER_LIMIT = (
    RateLimit("report", "20 per day"),
    RateLimit("report-address", "10 per hour"),
)
SIGNED_IN_ADDRESS_LIMIT = RateLimit("report-people-address", "100 per day")


def report_offer(session: WriteSession, offer: UUID, reason: str, words: str, reporter: Reporter) -> None:
    """Somebody warns of an offer.

    The same reporter again changes what they said. Raises BadInputError; NotFoundError for an offer that is
    not here or was withdrawn.
    """
    given, said = _parse_reason(reason), _parse_words(words)
    standing = lock_standings(session, [offer]).get(offer)  # no other report of this offer until we are done
    if standing is None or standing.withdrawn_at:
        raise NotFoundError(OFFER_NOT_FOUND)
    row = _get_or_create_open(session, offer, reporter.blind_index)
    row.reason, row.person_id = given.value, reporter.person
    row.words = seal(session, ReportRow.words, row.id, said) if said else None
    session.flush()
    if _has_enough_reporters(session, offer, standing):
        hold_offers(session, [offer])


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody warned of, and when. No words: none were written, or staff have decided."""

    offer: UUID
    reason: ReportReason
    words: str | None
    at: datetime


def list_reports(session: ReadSession, grant: Grant) -> list[Report]:
    """What a person reported while signed in, oldest first."""
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
    if reason not in set(ReportReason):
        raise BadInputError(mark("Choose from the list."), field="reason")
    return ReportReason(reason)


def _parse_words(words: str) -> str:
    said = words.strip()
    if len(said) > MAX_REPORT_LENGTH:
        raise BadInputError(
            mark("This is too long: %(most)s characters at most."), field="words", most=MAX_REPORT_LENGTH
        )
    return said


def _get_or_create_open(session: WriteSession, offer: UUID, reporter_index: bytes) -> ReportRow:
    """The open report of a reporter on an offer, or a new one."""
    mine = (
        ReportRow.opportunity_id == offer,
        ReportRow.reporter == reporter_index,
        ReportRow.settled_at.is_(None),
    )
    row: ReportRow | None = session.scalar(select(ReportRow).where(*mine))
    if row is None:
        row = ReportRow(id=uuid4(), opportunity_id=offer, reporter=reporter_index, at=now(), settled_at=None)
        session.add(row)
    return row


def _has_enough_reporters(session: WriteSession, offer: UUID, standing: Standing) -> bool:
    """Whether enough reporters warn of it whom staff have not answered about it before.

    Who was answered once is still read, but a few people cannot keep an honest offer away for ever.
    """
    if standing.held_at:
        return False
    fresh = (
        select(func.bool_or(ReportRow.person_id.is_not(None)))
        .where(ReportRow.opportunity_id == offer)
        .group_by(ReportRow.reporter)
        .having(func.bool_and(ReportRow.settled_at.is_(None)))
    )
    signed_in = session.scalars(fresh).all()
    return len(signed_in) >= REPORTERS_TO_HOLD or sum(signed_in) >= PEOPLE_TO_HOLD


@dataclass(frozen=True, slots=True)
class Reporter:
    """The same `blind` for the same reporter; `person` where they are signed in as one."""

    blind_index: bytes
    person: UUID | None


def identify_reporter(session: ReadSession, limits: RateLimiter, actor: Actor, address: str) -> Reporter:
    """Who wants to report, from an address of the network. Raises TooManyError, UnavailableError.

    People are told apart by their first contact: whoever joins ten times on one telephone is one reporter.
    """
    blind, source = session.vault.blind_index, subscriber_prefix(address)
    person = actor.id if actor.role is Role.PERSON else None
    contact = people.find_first_contact_index(session, person) if person else None
    who = blind("reporter", contact.hex() if contact else str(actor.id or source))
    if actor.id:
        limits.hit([(SIGNED_IN_LIMIT, who.hex()), (SIGNED_IN_ADDRESS_LIMIT, blind("reporter", source).hex())])
    else:
        limits.hit([(STRANGER_LIMIT, who.hex())])
    return Reporter(who, person)


def erase_report_words(session: WriteSession, person: UUID) -> None:
    """Wipe what a person wrote in their reports. The warning stays: it protects others."""
    session.execute(update(ReportRow).where(ReportRow.person_id == person).values(words=None))


def purge_reports(session: WriteSession, before: datetime) -> int:
    """Forget reports that were settled, or that nobody settled, since before an instant; how many."""
    last = func.coalesce(ReportRow.settled_at, ReportRow.at)
    gone = delete(ReportRow).where(last < before).returning(ReportRow.id)
    return len(session.scalars(gone).all())
