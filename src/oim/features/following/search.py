"""Searching and recommending offers, without those a person dismissed.

The matching engine finds offers by words or by a profile; the database applies the other conditions.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from oim.features.matching import MAX_SEARCH_HITS, Answer, Engine, WordHits
from oim.features.opportunities import (
    Opportunity,
    Order,
    Page,
    Search,
    count_open_offers,
    search_offers,
)
from oim.kit.db import Database, ReadSession

MAX_RECOMMENDED = 50  # offers that the engine recommends at once
# Pages of the database read to fill one page: whoever dismissed nearly all offers gets a short page instead
# of a slow one.
MAX_PAGES_READ = 5


@dataclass(frozen=True, slots=True)
class FoundOffers(Page):
    """A page of found offers. `words_only`: too much was asked, so they were found by words alone.

    `total`: how many there are on all pages, where it was asked for.
    """

    words_only: bool = False
    total: int | None = None


def find_offers(  # noqa: PLR0913 (the last three say who searches)
    database: Database,
    engine: Engine,
    search: Search,
    after: str | None,
    limit: int,
    *,
    order: Order | None = None,
    counts: bool = False,
    exclude: Collection[UUID] = (),
    known: bool = False,
    words_only: bool = False,
) -> FoundOffers:
    """Find a page of open offers that meet a search, without those in `exclude`.

    The best matches come first if there are words, of which at most `MAX_SEARCH_HITS` are found; else the
    newest, unless `order` says otherwise. `counts`: whether to count all of them. `after` is the cursor of
    the page before. `known`, `words_only`: as in `Engine.find_by_words`. Raises BadInputError,
    UnavailableError.
    """
    has_words = bool(search.words.strip())
    hits = WordHits((), words_only=False)
    if has_words:
        hits = engine.find_by_words(search.words, MAX_SEARCH_HITS, known=known, words_only=words_only)
    ids = list(hits.ids) if has_words else None
    offers: list[Opportunity] = []
    # The offers are the same for all; what the searcher dismissed is in `exclude`.
    with database.read_stale() as session:
        for _ in range(MAX_PAGES_READ):
            # Only as many as are missing, so that the cursor never passes an offer that is not shown.
            page = search_offers(
                session, search, ids=ids, order=order, after=after, limit=limit - len(offers)
            )
            offers += [offer for offer in page.items if offer.id not in exclude]
            after = page.next
            if after is None or len(offers) == limit:
                break
        total = _count_offers(session, search, ids, exclude) if counts else None
    return FoundOffers(tuple(offers), after, hits.words_only, total)


def _count_offers(
    session: ReadSession, search: Search, ids: Sequence[UUID] | None, exclude: Collection[UUID]
) -> int:
    """Count the open offers that meet a search, without those in `exclude`."""
    excluded = [id_ for id_ in exclude if ids is None or id_ in ids]
    # Two counts instead of one with a long `NOT IN`: the second is of a few rows, by their ids.
    less = count_open_offers(session, search, ids=excluded) if excluded else 0
    return count_open_offers(session, search, ids=ids) - less


def recommend_offers(engine: Engine, person: UUID, limit: int, *, exclude: Collection[UUID] = ()) -> Answer:
    """Recommend offers by a person's stored profile, to be shown to them, without those in `exclude`.

    Raises BadInputError, NotFoundError, UnavailableError.
    """
    answer = engine.recommend_for_person(
        person, _count_to_request(engine, person, limit, exclude), shown=True
    )
    return replace(answer, items=tuple(item for item in answer.items if item.id not in exclude))


def _count_to_request(engine: Engine, person: UUID, limit: int, exclude: Collection[UUID]) -> int:
    """Count how many recommendations to request so that `limit` of them remain without the excluded ones.

    The engine records what it returns as shown, so no more than needed may be requested.
    """
    if not exclude:
        return limit
    max_count = min(MAX_RECOMMENDED, limit + len(exclude))
    # A first request that is not recorded as shown: it tells at which rank the last needed one is.
    candidates = engine.recommend_for_person(person, max_count).items
    ranks = [rank for rank, item in enumerate(candidates, start=1) if item.id not in exclude]
    return ranks[limit - 1] if len(ranks) >= limit else max_count
