"""The retention task: delete what is past the period that the register states.

It runs each night. Running it again deletes nothing more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from oim.features import access, cv, events, messages, people, sign_in, staff, trust
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
# Classes whose rows end one by one, and the functions that delete the rows that ended before an instant.
PURGES: Mapping[DataClass, tuple[PurgeFunction, ...]] = {
    DataClass.REMOVED_CONTACTS: (people.purge_removed_contacts,),
    DataClass.MESSAGES: (messages.purge_ended,),
    DataClass.PIN_REQUESTS: (sign_in.purge_pin_requests,),
    DataClass.HELP: (access.purge_mandates,),
    DataClass.REPORTS: (trust.purge_reports, trust.purge_review_notes),
    DataClass.ANSWERS: (purge_stored_results,),
    DataClass.INVITATIONS: (staff.purge_unconfirmed,),
    DataClass.EVENTS: (events.purge_events,),
}


@dataclass(frozen=True, slots=True)
class RetentionResult:
    """How many people, and rows, one run warned or deleted."""

    people: int
    warned: int
    proposals: int
    rows: int  # of the classes in `PURGES`


def apply_retention(database: Database, blobs: Blobs, sessions: Sessions, at: datetime) -> RetentionResult:
    """Delete everything past its retention period at an instant.

    Inactive people are erased, after a warning if they agreed to receive messages.
    """
    # Warnings first: whoever is warned only now is not erased below, even if the task did not run for weeks.
    warned = _warn_inactive(database, at)
    erased = _erase_inactive(database, blobs, sessions, at)
    proposals = cv.purge_unsettled(database, at - find_retention(DataClass.PROPOSALS))
    cv.mark_orphans_for_deletion(database, blobs)
    with database.write() as session:
        rows = sum(
            purge(session, at - find_retention(data)) for data, purges in PURGES.items() for purge in purges
        )
    return RetentionResult(erased, warned, proposals, rows)


def _erase_inactive(database: Database, blobs: Blobs, sessions: Sessions, at: datetime) -> int:
    """Erase people inactive for longer than the limit, unless they were warned less than a month ago.

    The warning may be late if the task did not run for weeks. Returns how many were erased.
    """
    day = (at - INACTIVITY_LIMIT).astimezone(CAMEROON).date()
    # A day less than the period: a warning of 30 nights ago may be some minutes short of 30 days old.
    warned_too_late = at - WARNING_PERIOD + timedelta(days=1)
    with database.read() as session:
        inactive = people.list_inactive_since(session, day)
    erased = 0
    for person in inactive:
        # Looked up again for each: erasing those before may take long, and people sign in meanwhile.
        with database.read() as session:
            was_warned_late = messages.was_notified(session, person.id, MessageKind.INACTIVE, warned_too_late)
            is_back = people.was_active_since(session, person.id, day)
        if not was_warned_late and not is_back:
            with suppress(NotFoundError):  # they erased their account meanwhile
                erase(database, blobs, sessions, SYSTEM, person.id)
                erased += 1
    return erased


def _warn_inactive(database: Database, at: datetime) -> int:
    """Warn, once, people who will be erased within the warning period. Returns how many were warned."""
    with database.read() as session:
        nearly_due = people.list_inactive_since(
            session, (at - INACTIVITY_LIMIT + WARNING_PERIOD).astimezone(CAMEROON).date()
        )
    warned = 0
    for person in nearly_due:
        day = format_date((at + WARNING_PERIOD).astimezone(CAMEROON).date(), person.language)
        with database.write() as session:
            # Twice the period back: the same absence is not warned of again, an absence years later is.
            if not messages.was_notified(session, person.id, MessageKind.INACTIVE, at - 2 * WARNING_PERIOD):
                warned += messages.queue_message(session, person.id, MessageKind.INACTIVE, day=day)
    return warned
