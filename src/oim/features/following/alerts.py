"""Telling people of new offers that their searches find: one message a person, nothing twice, nothing lost.

Until when a search was looked at moves in the transaction of its message. Whoever dies before that leaves
everything to the next run; so does an engine that is away, or a person who cannot be written to.
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

BATCH_SIZE = 50  # people a transaction
SETTLING_TIME = timedelta(minutes=10)  # what was seen later may still be on its way into the database


@dataclass(frozen=True, slots=True)
class _SearchWindow:
    """A search, and between which instants its new offers were first seen."""

    id: UUID
    person: UUID
    search: Search
    since: datetime
    until: datetime


def send_due_alerts(database: Database, engine: Engine, at: datetime) -> int:
    """Write to everybody whose searches find new offers as of an instant; how many were written to."""
    told = 0
    for asked in _iterate_batches(database, at - SETTLING_TIME):
        found = _find_by_words(engine, {one.search.words for one in asked} - {""})
        told += sum(
            _alert_person(database, list(theirs), found)
            for _, theirs in groupby(asked, lambda one: one.person)
        )
    return told


def _iterate_batches(database: Database, until: datetime) -> Iterator[list[_SearchWindow]]:
    """The searches of those who agreed to be written to, some people at a time."""
    last: UUID | None = None
    while True:
        with database.write() as session:
            people = _load_people(session, last)
            asked = [one for person in people for one in _load_windows(session, person, until)]
        if not people:
            return
        yield asked
        last = people[-1]


def _load_people(session: ReadSession, last: UUID | None) -> list[UUID]:
    wanted = select(SearchRow.person_id).where(SearchRow.alerts).distinct()
    if last is not None:
        wanted = wanted.where(SearchRow.person_id > last)
    return list(session.scalars(wanted.order_by(SearchRow.person_id).limit(BATCH_SIZE)))


def _load_windows(session: WriteSession, person: UUID, until: datetime) -> list[_SearchWindow]:
    if not has_agreed(session, person, Purpose.MESSAGES):
        return []
    permit(session, SYSTEM, Action.READ, Subject(Resource.SAVED, person=person), what="alert")
    here = SearchRow.person_id == person, SearchRow.alerts, SearchRow.looked_at < until
    rows = session.scalars(select(SearchRow).where(*here).order_by(SearchRow.id))
    return [
        _to_window(session, row, wanted, until)
        for row in rows
        if (wanted := _try_unseal_search(session, row))
    ]


def _try_unseal_search(session: ReadSession, row: SearchRow) -> Search | None:
    """What a search asks for. One that cannot be read any more must not keep others from theirs."""
    try:
        return unseal_search(session, row)
    except (OimError, ValueError) as error:
        logger(__name__).warning("a search cannot be read", search=str(row.id), error=type(error).__name__)
        return None


def _to_window(session: ReadSession, row: SearchRow, search: Search, until: datetime) -> _SearchWindow:
    """Words find only what the index holds: what waits for it, and what came later, is for the next time."""
    since = row.looked_at
    waiting = find_first_unindexed(session, since=since, until=until) if search.words else None
    end = until if waiting is None else waiting - timedelta(microseconds=1)
    return _SearchWindow(row.id, row.person_id, search, since, end)


def _find_by_words(engine: Engine, words: Iterable[str]) -> Mapping[str, list[UUID]]:
    """What the engine finds, by words; those that it does not answer are missing."""
    found: dict[str, list[UUID]] = {}
    try:
        for text in words:
            found[text] = engine.find_by_words(text, MAX_SEARCH_HITS)
    except UnavailableError as error:
        logger(__name__).warning("searches for words wait for the next time", error=str(error))
    return found


def _alert_person(
    database: Database, windows: list[_SearchWindow], ids_by_words: Mapping[str, list[UUID]]
) -> bool:
    """Write to one person where there is something new; whether they were written to."""
    person = windows[0].person
    with database.write() as session:
        held = select(SearchRow.id, SearchRow.looked_at).where(
            SearchRow.person_id == person, SearchRow.alerts
        )
        looked = dict(session.execute(held.order_by(SearchRow.id).with_for_update()).all())
        due = [one for one in windows if looked.get(one.id) == one.since and _is_answered(one, ids_by_words)]
        new = {id_ for one in due for id_ in _find_new_ids(session, one, ids_by_words)} - find_dismissed_ids(
            session, person
        )
        if new and not queue_message(session, person, MessageKind.ALERT, count=len(new)):
            return False
        for one in due:
            session.execute(update(SearchRow).where(SearchRow.id == one.id).values(looked_at=one.until))
    return bool(new)


def _is_answered(window: _SearchWindow, ids_by_words: Mapping[str, list[UUID]]) -> bool:
    return not window.search.words or window.search.words in ids_by_words


def _find_new_ids(
    session: ReadSession, window: _SearchWindow, ids_by_words: Mapping[str, list[UUID]]
) -> set[UUID]:
    ids = ids_by_words[window.search.words] if window.search.words else None
    return find_new_offer_ids(session, window.search, since=window.since, until=window.until, ids=ids)
