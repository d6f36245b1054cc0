"""Searching as people do: words by the matching engine, conditions by the database. Being chosen for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from uuid import UUID

from oim.features.matching import MAX_SEARCH_HITS, Answer, Engine
from oim.features.opportunities import Opportunity, Page, Search, search_offers
from oim.kit.db import Database

MAX_RECOMMENDED = 50  # by the engine at once
MAX_PAGES_READ = 5  # looked through for one: who put nearly all aside gets a short page


def find_offers(
    database: Database,
    engine: Engine,
    search: Search,
    after: str | None,
    limit: int,
    *,
    exclude: Collection[UUID] = (),
) -> Page:
    """A page of the open offers, after a cursor of an earlier page: the most fitting first where words are
    sought, else the newest. Words find 200 offers at most. `without`: offers to leave out.

    Raises BadInputError, UnavailableError.
    """
    ids = engine.find_by_words(search.words, MAX_SEARCH_HITS) if search.words.strip() else None
    found: list[Opportunity] = []
    with database.read() as session:
        for _ in range(MAX_PAGES_READ):
            page = search_offers(session, search, ids=ids, after=after, limit=limit - len(found))
            found += [offer for offer in page.items if offer.id not in exclude]
            after = page.next
            if after is None or len(found) == limit:
                break
    return Page(tuple(found), after)


def recommend_offers(engine: Engine, person: UUID, limit: int, *, exclude: Collection[UUID] = ()) -> Answer:
    """The offers chosen by a kept profile, to be shown. `without`: offers to leave out.

    Raises BadInputError, NotFoundError, UnavailableError.
    """
    answer = engine.recommend_for_person(
        person, _count_to_request(engine, person, limit, exclude), shown=True
    )
    return replace(answer, items=tuple(item for item in answer.items if item.id not in exclude))


def _count_to_request(engine: Engine, person: UUID, limit: int, exclude: Collection[UUID]) -> int:
    """How many to ask for so that enough are left, and none is counted as shown that is not."""
    if not exclude:
        return limit
    most = min(MAX_RECOMMENDED, limit + len(exclude))
    ahead = engine.recommend_for_person(person, most).items
    left = [place for place, item in enumerate(ahead, start=1) if item.id not in exclude]
    return left[limit - 1] if len(left) >= limit else most
