"""Searches that people save, sealed, each once; whether they hear of new offers."""

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
_SEARCH_ADAPTER = TypeAdapter(Search)


def save_search(session: WriteSession, actor: Actor, person: UUID, search: Search, *, alerts: bool) -> UUID:
    """Keep a search; an equal one is kept once, with the alerts asked for last. Its id.

    Raises ConflictError where there are ten already, NotFoundError.
    """
    permit(session, actor, Action.CHANGE, _subject(person), what="search")
    plain = _SEARCH_ADAPTER.dump_json(_normalise(search), exclude_defaults=True).decode()
    blind = session.vault.blind_index("search", f"{person}\n{plain}")
    here = SearchRow.person_id == person, SearchRow.blind == blind
    known = session.scalar(select(SearchRow.id).where(*here))
    if known is None and (added := _insert_search(session, person, plain, blind, alerts=alerts)):
        return added
    id_: UUID = known or session.scalars(select(SearchRow.id).where(*here)).one()
    _set_alerts(session, person, id_, alerts=alerts)
    return id_


def list_searches(session: WriteSession, actor: Actor, person: UUID) -> list[SavedSearch]:
    """The searches a person keeps, the newest first. Raises NotFoundError."""
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
    """Tell of new offers from now on, or no longer. Raises NotFoundError."""
    permit(session, actor, Action.CHANGE, _subject(person), what="alerts")
    here = SearchRow.id == id_, SearchRow.person_id == person
    if session.scalar(select(SearchRow.id).where(*here)) is None:
        raise NotFoundError(NOT_FOUND_MESSAGE)
    _set_alerts(session, person, id_, alerts=alerts)


def delete_search(session: WriteSession, actor: Actor, person: UUID, id_: UUID) -> None:
    """Keep a search no longer; one that is not kept changes nothing. Raises NotFoundError."""
    permit(session, actor, Action.CHANGE, _subject(person), what="drop")
    session.execute(delete(SearchRow).where(SearchRow.id == id_, SearchRow.person_id == person))


def unseal_search(session: ReadSession, row: SearchRow) -> Search:
    """What a search asks for, for who has leave to read it."""
    return _SEARCH_ADAPTER.validate_json(unseal(session, SearchRow.wanted, row.id, row.wanted))


def _insert_search(
    session: WriteSession, person: UUID, search_json: str, blind: bytes, *, alerts: bool
) -> UUID | None:
    """The id of a new search; None where another transaction kept the same one just now."""
    held = select(func.count()).select_from(SearchRow).where(SearchRow.person_id == person)
    if (session.scalar(held) or 0) >= MAX_SEARCHES:
        raise ConflictError(
            mark("You have saved %(most)s searches already: remove one first."), most=MAX_SEARCHES
        )
    id_, at = uuid4(), now()
    row = {
        "id": id_,
        "person_id": person,
        "wanted": seal(session, SearchRow.wanted, id_, search_json),
        "blind": blind,
        "alerts": alerts,
        "created_at": at,
        "looked_at": at,
    }
    added = insert(SearchRow).values(row).on_conflict_do_nothing(index_elements=["person_id", "blind"])
    return session.scalar(added.returning(SearchRow.id))


def _set_alerts(session: WriteSession, person: UUID, id_: UUID, *, alerts: bool) -> None:
    """What was new while nothing was told is not told afterwards."""
    other = update(SearchRow).where(
        SearchRow.id == id_, SearchRow.person_id == person, SearchRow.alerts != alerts
    )
    session.execute(other.values(alerts=alerts, looked_at=now()))


def _normalise(search: Search) -> Search:
    """The same search however it was put together, so that equal ones are told."""
    return replace(
        search,
        words=" ".join("".join(letter if letter.isprintable() else " " for letter in search.words).split()),
        kinds=tuple(sorted(set(search.kinds))),
        sectors=tuple(sorted(set(search.sectors))),
        contracts=tuple(sorted(set(search.contracts))),
    )


def _subject(person: UUID) -> Subject:
    return Subject(Resource.SAVED, person=person)
