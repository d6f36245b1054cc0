"""Saved searches: sealed, each stored once, with alerts about new offers on or off."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid4

from pydantic import TypeAdapter
from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from oim.features.access import NOT_FOUND_MESSAGE, Action, Actor, Resource, Subject, permit
from oim.features.following.models import SearchRow
from oim.features.following.types import SavedSearch
from oim.features.opportunities import Search
from oim.kit.clock import now
from oim.kit.db import ReadSession, WriteSession, seal, unseal
from oim.kit.errors import ConflictError, NotFoundError
from oim.kit.i18n import mark

MAX_SEARCHES = 10  # of one person
# To and from the JSON that is sealed. Defaults are left out of it, so that a condition added later changes
# neither the searches saved before nor their blind indexes.
_SEARCH_ADAPTER = TypeAdapter(Search)


def save_search(session: WriteSession, actor: Actor, person: UUID, search: Search, *, alerts: bool) -> UUID:
    """Save a search and return its id. An equal one is not saved again, but gets the new `alerts`.

    Raises ConflictError if there are `MAX_SEARCHES` already, NotFoundError.
    """
    permit(session, actor, Action.CHANGE, _subject(person), what="search")
    search_json = _SEARCH_ADAPTER.dump_json(_normalise(search), exclude_defaults=True).decode()
    blind = session.vault.blind_index("search", f"{person}\n{search_json}")
    equal = SearchRow.person_id == person, SearchRow.blind == blind
    known_id = session.scalar(select(SearchRow.id).where(*equal))
    if known_id is None and (new_id := _insert_search(session, person, search_json, blind, alerts=alerts)):
        return new_id
    # Still unknown here means that another transaction saved an equal search just now.
    id_: UUID = known_id or session.scalars(select(SearchRow.id).where(*equal)).one()
    _set_alerts(session, person, id_, alerts=alerts)
    return id_


def list_searches(session: WriteSession, actor: Actor, person: UUID) -> list[SavedSearch]:
    """List the searches a person saved, the newest first. Raises NotFoundError."""
    permit(session, actor, Action.READ, _subject(person), what="searches")
    return [
        SavedSearch(row.id, unseal_search(session, row), row.alerts, row.created_at, row.looked_at)
        for row in session.scalars(
            select(SearchRow)
            .where(SearchRow.person_id == person)
            .order_by(SearchRow.created_at.desc(), SearchRow.id)
        )
    ]


def set_alerts(session: WriteSession, actor: Actor, person: UUID, id_: UUID, *, alerts: bool) -> None:
    """Turn alerts about new offers on or off, from now on. Raises NotFoundError."""
    permit(session, actor, Action.CHANGE, _subject(person), what="alerts")
    matches = SearchRow.id == id_, SearchRow.person_id == person
    if session.scalar(select(SearchRow.id).where(*matches)) is None:
        raise NotFoundError(NOT_FOUND_MESSAGE)
    _set_alerts(session, person, id_, alerts=alerts)


def delete_search(session: WriteSession, actor: Actor, person: UUID, id_: UUID) -> None:
    """Delete one of a person's saved searches, if there is one with this id. Raises NotFoundError."""
    permit(session, actor, Action.CHANGE, _subject(person), what="drop")
    session.execute(delete(SearchRow).where(SearchRow.id == id_, SearchRow.person_id == person))


def unseal_search(session: ReadSession, row: SearchRow) -> Search:
    """Open the conditions of a saved search. The caller must have checked access.

    Raises UnavailableError if it cannot be opened, ValueError if it is no search.
    """
    return _SEARCH_ADAPTER.validate_json(unseal(session, SearchRow.search, row.id, row.search))


def _insert_search(
    session: WriteSession, person: UUID, search_json: str, blind: bytes, *, alerts: bool
) -> UUID | None:
    """Insert a search and return its id. None if another transaction inserted an equal one just now.

    Raises ConflictError if there are `MAX_SEARCHES` already.
    """
    count = select(func.count()).select_from(SearchRow).where(SearchRow.person_id == person)
    if (session.scalar(count) or 0) >= MAX_SEARCHES:
        raise ConflictError(
            mark("You have saved %(most)s searches already: remove one first."), most=MAX_SEARCHES
        )
    id_, at = uuid4(), now()
    row = {
        "id": id_,
        "person_id": person,
        "search": seal(session, SearchRow.search, id_, search_json),
        "blind": blind,
        "alerts": alerts,
        "created_at": at,
        "looked_at": at,  # offers that are there already are no news
    }
    insertion = insert(SearchRow).values(row).on_conflict_do_nothing(index_elements=["person_id", "blind"])
    return session.scalar(insertion.returning(SearchRow.id))


def _set_alerts(session: WriteSession, person: UUID, id_: UUID, *, alerts: bool) -> None:
    """Turn alerts on or off. Offers that came while they were off are not notified of afterwards."""
    # Only if it changes: switching on what is on already must not skip offers that wait for the next alert.
    change = update(SearchRow).where(
        SearchRow.id == id_, SearchRow.person_id == person, SearchRow.alerts != alerts
    )
    session.execute(change.values(alerts=alerts, looked_at=now()))


def _normalise(search: Search) -> Search:
    """Normalise the spaces of a search and the order of its lists, so that equal searches match."""
    return replace(
        search,
        words=" ".join("".join(letter if letter.isprintable() else " " for letter in search.words).split()),
        kinds=tuple(sorted(set(search.kinds))),
        sectors=tuple(sorted(set(search.sectors))),
        contracts=tuple(sorted(set(search.contracts))),
    )


def _subject(person: UUID) -> Subject:
    """Name what a person follows for `permit`."""
    return Subject(Resource.SAVED, person=person)
