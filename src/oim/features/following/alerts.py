"""Alerts: notify people of new offers that their saved searches find, in one message a person and run.

No offer is notified of twice, and none is lost. The instant until which a search was looked at moves in the
transaction that queues the message. So if the process dies before it, the engine is down or the person cannot
be written to, everything is left to the next run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

from sqlalchemy import select, update

from oim.features.access import SYSTEM, Action, Resource, Subject, permit
from oim.features.consents import Purpose, has_agreed
from oim.features.following.models import SearchRow
from oim.features.following.offers import find_dismissed_ids
from oim.features.following.saved_searches import unseal_search
from oim.features.matching import MAX_SEARCH_HITS, Engine
from oim.features.messages import MessageKind, queue_message
from oim.features.opportunities import Search, find_first_unindexed, find_new_offer_ids
from oim.kit.db import Database, ReadSession, WriteSession
from oim.kit.errors import OimError, UnavailableError
from oim.kit.telemetry import logger

BATCH_SIZE = 50  # people whose searches are loaded in one transaction
# The last minutes are left to the next run: a transaction that adds offers may not be committed yet, and an
# offer that appears with a time before `looked_at` would never be notified of.
SETTLING_TIME = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class _SearchWindow:
    """A saved search, and when its new offers were first seen: after `since`, at `until` at the latest."""

    id: UUID
    person: UUID
    search: Search
    since: datetime
    until: datetime


def send_due_alerts(database: Database, engine: Engine, at: datetime) -> int:
    """Queue a message to everybody whose searches find new offers at an instant. Returns how many people."""
    alerted = 0
    for windows in _iterate_batches(database, at - SETTLING_TIME):
        # The engine is asked once for each text of a batch, while no session is open: it may take long.
        ids_by_words = _find_by_words(engine, {window.search.words for window in windows} - {""})
        # The windows of a batch are in the order of people, as `groupby` needs.
        alerted += sum(
            _alert_person(database, list(windows_of_person), ids_by_words)
            for _, windows_of_person in groupby(windows, lambda window: window.person)
        )
    return alerted


def _iterate_batches(database: Database, until: datetime) -> Iterator[list[_SearchWindow]]:
    """Load the searches with alerts of people who agree to messages, `BATCH_SIZE` people at a time."""
    last: UUID | None = None
    while True:
        # A write session, since reading the searches is recorded in the audit trail.
        with database.write() as session:
            people = _load_people(session, last)
            windows = [window for person in people for window in _load_windows(session, person, until)]
        if not people:
            return
        yield windows
        last = people[-1]


def _load_people(session: ReadSession, last: UUID | None) -> list[UUID]:
    """Load the next people who have a search with alerts, by id, after the last one of the batch before."""
    people = select(SearchRow.person_id).where(SearchRow.alerts).distinct()
    if last is not None:
        people = people.where(SearchRow.person_id > last)
    return list(session.scalars(people.order_by(SearchRow.person_id).limit(BATCH_SIZE)))


def _load_windows(session: WriteSession, person: UUID, until: datetime) -> list[_SearchWindow]:
    """Load the searches of a person that are due, none without their consent to messages."""
    if not has_agreed(session, person, Purpose.MESSAGES):
        return []
    permit(session, SYSTEM, Action.READ, Subject(Resource.SAVED, person=person), what="alert")
    due = SearchRow.person_id == person, SearchRow.alerts, SearchRow.looked_at < until
    rows = session.scalars(select(SearchRow).where(*due).order_by(SearchRow.id))
    return [
        _to_window(session, row, search, until)
        for row in rows
        if (search := _try_unseal_search(session, row))
    ]


def _try_unseal_search(session: ReadSession, row: SearchRow) -> Search | None:
    """Open a saved search. None, with a warning in the log, if it cannot be read: the others go on."""
    try:
        return unseal_search(session, row)
    except (OimError, ValueError) as error:
        logger(__name__).warning("a search cannot be read", search=str(row.id), error=type(error).__name__)
        return None


def _to_window(session: ReadSession, row: SearchRow, search: Search, until: datetime) -> _SearchWindow:
    """Decide until when a search is looked at now.

    Words find only offers that are in the engine's index. If offers wait to be indexed, the window ends
    before the first of them, and the rest is left to a later run.
    """
    since = row.looked_at
    first_waiting = find_first_unindexed(session, since=since, until=until) if search.words else None
    # A microsecond, the resolution of instants in PostgreSQL, as a window includes its end.
    end = until if first_waiting is None else first_waiting - timedelta(microseconds=1)
    return _SearchWindow(row.id, row.person_id, search, since, end)


def _find_by_words(engine: Engine, words: Iterable[str]) -> Mapping[str, list[UUID]]:
    """Find offers by each text with the engine. Texts that it did not answer in full are missing.

    Once the engine fails these are the remaining ones, and otherwise those for whose meaning it had no time:
    an alert that was not sent would never be.
    """
    ids_by_words: dict[str, list[UUID]] = {}
    try:
        for text in words:
            hits = engine.find_by_words(text, MAX_SEARCH_HITS, known=True)
            if not hits.words_only:
                ids_by_words[text] = list(hits.ids)
    except UnavailableError as error:
        logger(__name__).warning("searches for words wait for the next time", error=str(error))
    return ids_by_words


def _alert_person(
    database: Database, windows: list[_SearchWindow], ids_by_words: Mapping[str, list[UUID]]
) -> bool:
    """Queue one message to a person if there are new offers. Returns whether one was queued."""
    person = windows[0].person
    with database.write() as session:
        searches = select(SearchRow.id, SearchRow.looked_at).where(
            SearchRow.person_id == person, SearchRow.alerts
        )
        # Locked, in the order of ids: of two runs at once, the second sees what the first has moved.
        looked_at = dict(session.execute(searches.order_by(SearchRow.id).with_for_update()).all())
        # A search that was deleted, switched off or looked at since it was loaded is not due any more.
        due = [
            window
            for window in windows
            if looked_at.get(window.id) == window.since and _is_answered(window, ids_by_words)
        ]
        new_ids = {id_ for window in due for id_ in _find_new_ids(session, window, ids_by_words)}
        new_ids -= find_dismissed_ids(session, person)
        # Without a message `looked_at` stays, and the offers wait until the person can be written to.
        if new_ids and not queue_message(session, person, MessageKind.ALERT, count=len(new_ids)):
            return False
        for window in due:
            session.execute(update(SearchRow).where(SearchRow.id == window.id).values(looked_at=window.until))
    return bool(new_ids)


def _is_answered(window: _SearchWindow, ids_by_words: Mapping[str, list[UUID]]) -> bool:
    """Tell whether a search needs no engine, or the engine has answered it."""
    return not window.search.words or window.search.words in ids_by_words


def _find_new_ids(
    session: ReadSession, window: _SearchWindow, ids_by_words: Mapping[str, list[UUID]]
) -> set[UUID]:
    """Find the offers that a search finds and that were first seen within its window."""
    ids = ids_by_words[window.search.words] if window.search.words else None
    return find_new_offer_ids(session, window.search, since=window.since, until=window.until, ids=ids)
