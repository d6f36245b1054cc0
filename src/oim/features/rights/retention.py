"""The end of what is kept, by the register: run each night, and again changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from oim.features import access, cv, messages, people, staff, trust
from oim.features.access import SYSTEM
from oim.features.messages import MessageKind
from oim.features.rights.erasure import erase
from oim.features.rights.register import INACTIVITY_LIMIT, WARNING_PERIOD, DataClass, find_retention
from oim.features.sign_in import Sessions
from oim.kit.blobs import Blobs
from oim.kit.clock import CAMEROON
from oim.kit.db import Database, WriteSession, purge_stored_results
from oim.kit.errors import NotFoundError
from oim.kit.i18n import format_date

PurgeFunction = Callable[[WriteSession, datetime], int]
# Classes of which each row has an end of its own, and how those before an instant are forgotten.
PURGES: Mapping[DataClass, tuple[PurgeFunction, ...]] = {
    DataClass.MESSAGES: (messages.purge_ended,),
    DataClass.HELP: (access.purge_mandates,),
    DataClass.REPORTS: (trust.purge_reports, trust.purge_review_notes),
    DataClass.ANSWERS: (purge_stored_results,),
    DataClass.INVITATIONS: (staff.purge_unconfirmed,),
}


@dataclass(frozen=True, slots=True)
class RetentionResult:
    """How much came to its end."""

    people: int
    warned: int
    proposals: int
    rows: int


def apply_retention(database: Database, blobs: Blobs, sessions: Sessions, at: datetime) -> RetentionResult:
    """End what is past its time: inactive people are erased, having been warned where they agreed to be."""
    warned = _warn_inactive(database, at)
    gone = _erase_inactive(database, blobs, sessions, at)
    proposals = cv.purge_unsettled(database, at - find_retention(DataClass.PROPOSALS))
    cv.mark_orphans_for_deletion(database, blobs)
    with database.write() as session:
        rows = sum(
            forget(session, at - find_retention(data)) for data, ends in PURGES.items() for forget in ends
        )
    return RetentionResult(gone, warned, proposals, rows)


def _erase_inactive(database: Database, blobs: Blobs, sessions: Sessions, at: datetime) -> int:
    """Not those who were told of late only, as where nothing ran for weeks."""
    day, late = (at - INACTIVITY_LIMIT).astimezone(CAMEROON).date(), at - WARNING_PERIOD + timedelta(days=1)
    with database.read() as session:
        over = people.list_inactive_since(session, day)
    gone = 0
    for person in over:
        with database.read() as session:
            told = messages.was_notified(session, person.id, MessageKind.INACTIVE, late)
            back = people.was_active_since(session, person.id, day)
        if not told and not back:
            with suppress(NotFoundError):  # they erased themselves meanwhile
                erase(database, blobs, sessions, SYSTEM, person.id)
                gone += 1
    return gone


def _warn_inactive(database: Database, at: datetime) -> int:
    """Tell once those whose time is nearly over."""
    with database.read() as session:
        nearly = people.list_inactive_since(
            session, (at - INACTIVITY_LIMIT + WARNING_PERIOD).astimezone(CAMEROON).date()
        )
    warned = 0
    for person in nearly:
        day = format_date((at + WARNING_PERIOD).astimezone(CAMEROON).date(), person.language)
        with database.write() as session:
            if not messages.was_notified(session, person.id, MessageKind.INACTIVE, at - 2 * WARNING_PERIOD):
                warned += messages.queue_message(session, person.id, MessageKind.INACTIVE, day=day)
    return warned
