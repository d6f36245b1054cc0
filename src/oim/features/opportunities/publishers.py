"""Organisations that publish offers and sources that supply them, and which of them we vouch for.

Both together give the trust level of an offer, see `standing.TRUST_LEVEL`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, update

from oim.features.opportunities.catalogue import change_catalogue
from oim.features.opportunities.models import OpportunityRow, OrganisationRow, SourceRow
from oim.features.opportunities.ways_store import count_unanswerable
from oim.kit.clock import now
from oim.kit.db import Listed, Listing, ReadSession, WriteSession, fetch_list_page
from oim.kit.errors import NotFoundError
from oim.kit.i18n import mark
from oim.kit.text import fold

MAX_ORGANISATIONS = 200  # organisations in one listing
_NO_SOURCE = mark("No source here is called %(name)s.")
_OTHER_SOURCE = mark("No source here is called %(name)s. Did you mean: %(close)s?")
_NO_ORGANISATION = mark("No organisation here is called %(name)s.")
_OTHER_ORGANISATION = mark("No organisation here is called %(name)s. Did you mean: %(close)s?")
OWN_SOURCES = frozenset({"sample"})  # known from the start: we invented its offers ourselves


@dataclass(frozen=True, slots=True)
class Organisation:
    """A publisher, since when it is verified (None: it is not), and how many offers of it we store."""

    id: UUID
    name: str
    verified_at: datetime | None
    offers: int


def get_organisation_id(session: ReadSession, name: str) -> UUID:
    """The id of the organisation with a name, whatever its accents and capitals. Raises NotFoundError."""
    id_ = session.scalar(select(OrganisationRow.id).where(OrganisationRow.name_key == fold(name)))
    if id_ is None:
        organisations = session.execute(select(OrganisationRow.name_key, OrganisationRow.name))
        raise _not_found(name, dict(organisations.all()), _NO_ORGANISATION, _OTHER_ORGANISATION)
    return id_


def _not_found(name: str, known: Mapping[str, str], alone: str, beside: str) -> NotFoundError:
    """Build the error for an unknown name, with the known ones, by their folded form, that resemble it."""
    close = [known[key] for key in get_close_matches(fold(name)[:200], known)]
    return (
        NotFoundError(beside, name=name, close=", ".join(close)) if close else NotFoundError(alone, name=name)
    )


def load_organisation_names(session: ReadSession, ids: Iterable[UUID]) -> dict[UUID, str]:
    """Names of organisations by id. Unknown ids are omitted."""
    rows = session.execute(
        select(OrganisationRow.id, OrganisationRow.name).where(OrganisationRow.id.in_(list(ids)))
    )
    return dict(rows.all())


def find_publisher_id(session: ReadSession, offer: UUID) -> UUID | None:
    """The id of the organisation that publishes an offer; None when the offer or its publisher is unknown."""
    return session.scalar(select(OpportunityRow.organisation_id).where(OpportunityRow.id == offer))


def list_organisations(session: ReadSession, words: str = "") -> list[Organisation]:
    """Up to 200 organisations whose name contains the words: verified ones, then those with most offers."""
    offer_count = func.count(OpportunityRow.id)
    folded_words = fold(words.replace("\0", ""))  # PostgreSQL refuses NUL in text
    rows = session.execute(
        select(OrganisationRow.id, OrganisationRow.name, OrganisationRow.verified_at, offer_count)
        # An outer join: an organisation without any offer left is listed too, with 0.
        .outerjoin(OpportunityRow, OpportunityRow.organisation_id == OrganisationRow.id)
        # autoescape: "%" and "_" in the words match themselves instead of serving as wildcards of LIKE.
        .where(OrganisationRow.name_key.contains(folded_words, autoescape=True))
        .group_by(OrganisationRow.id)
        # False sorts before true, so `verified_at IS NULL` puts verified ones first.
        .order_by(OrganisationRow.verified_at.is_(None), offer_count.desc(), OrganisationRow.name_key)
        .limit(MAX_ORGANISATIONS)
    )
    return [Organisation(*row) for row in rows]


_ORGANISATION_SORTS: Mapping[str, ColumnElement[Any]] = {
    "name": OrganisationRow.name_key.expression,
    "state": OrganisationRow.verified_at.is_(None),
    "offers": func.count(OpportunityRow.id),
}


def fetch_organisations(session: ReadSession, listing: Listing) -> Listed[Organisation]:
    """One page of the organisations. Filters: `words` of the name, `state` (verified, unverified)."""
    offer_count = func.count(OpportunityRow.id)
    query = (
        select(OrganisationRow.id, OrganisationRow.name, OrganisationRow.verified_at, offer_count)
        .outerjoin(OpportunityRow, OpportunityRow.organisation_id == OrganisationRow.id)
        .where(OrganisationRow.name_key.contains(fold(listing.filter("words")), autoescape=True))
        .group_by(OrganisationRow.id)
    )
    if state := listing.filter("state"):
        query = query.where(OrganisationRow.verified_at.is_(None) == (state == "unverified"))
    order = OrganisationRow.verified_at.is_(None), offer_count.desc(), OrganisationRow.name_key
    listed = fetch_list_page(session, query, listing, _ORGANISATION_SORTS, order)
    return listed.with_items([Organisation(*row) for row in listed.items])


def mark_verified(session: WriteSession, id_: UUID, *, verified: bool) -> None:
    """Record that we verified an organisation, or no longer vouch for it. Raises NotFoundError."""
    update_row = update(OrganisationRow).where(OrganisationRow.id == id_)
    # Verifying again does not move the date of the first time.
    verified_at = func.coalesce(OrganisationRow.verified_at, now()) if verified else None
    if session.scalar(update_row.values(verified_at=verified_at).returning(OrganisationRow.id)) is None:
        raise NotFoundError(mark("This organisation is not here."))
    change_catalogue(session)


@dataclass(frozen=True, slots=True)
class Source:
    """A supplier of offers and since when it is known to us (None: it is not).

    `offers` counts those we store, `held_offers` those that wait for a decision of staff; of those that
    are open, `open_offers`, `unanswerable_offers` give no way to answer them.
    """

    slug: str
    known_at: datetime | None
    offers: int
    held_offers: int
    open_offers: int
    unanswerable_offers: int


def list_sources(session: ReadSession) -> list[Source]:
    """Every source, ordered by name."""
    rows = session.execute(
        select(
            SourceRow.slug,
            SourceRow.known_at,
            func.count(OpportunityRow.id),
            # COUNT of a column passes over NULL, so this counts the offers that are held.
            func.count(OpportunityRow.held_at),
        )
        .outerjoin(OpportunityRow, OpportunityRow.source == SourceRow.slug)
        .group_by(SourceRow.slug)
        .order_by(SourceRow.slug)
    )
    return _to_sources(session, rows)


_SOURCE_SORTS: Mapping[str, ColumnElement[Any]] = {
    "name": SourceRow.slug.expression,
    "state": SourceRow.known_at.is_(None),
    "offers": func.count(OpportunityRow.id),
    "held": func.count(OpportunityRow.held_at),
}


def fetch_sources(session: ReadSession, listing: Listing, failed: Collection[str]) -> Listed[Source]:
    """One page of the sources. Filters: `words` of the name, `state` (known, unknown, or one of `failed`)."""
    query = (
        select(
            SourceRow.slug,
            SourceRow.known_at,
            func.count(OpportunityRow.id),
            func.count(OpportunityRow.held_at),
        )
        .outerjoin(OpportunityRow, OpportunityRow.source == SourceRow.slug)
        .where(SourceRow.slug.icontains(listing.filter("words"), autoescape=True))
        .group_by(SourceRow.slug)
    )
    state = listing.filter("state")
    if state == "failed":
        query = query.where(SourceRow.slug.in_(failed))
    elif state:
        query = query.where(SourceRow.known_at.is_(None) == (state == "unknown"))
    listed = fetch_list_page(session, query, listing, _SOURCE_SORTS, (SourceRow.slug,))
    return listed.with_items(_to_sources(session, listed.items))


def _to_sources(session: ReadSession, rows: Iterable[Any]) -> list[Source]:
    """Add to each row how many of its offers are open, and how many of them give no way to answer."""
    counts = count_unanswerable(session)
    return [
        Source(row.slug, row.known_at, row[2], row[3], opened, unanswerable)
        for row in rows
        for unanswerable, opened in [counts.get(row.slug, (0, 0))]
    ]


def mark_known(session: WriteSession, slug: str, *, known: bool) -> None:
    """Record that a source is known to us from now on, or no longer. Raises NotFoundError."""
    update_row = update(SourceRow).where(SourceRow.slug == slug)
    known_at = func.coalesce(SourceRow.known_at, now()) if known else None
    if session.scalar(update_row.values(known_at=known_at).returning(SourceRow.slug)) is None:
        sources = {known: known for known in session.scalars(select(SourceRow.slug))}
        raise _not_found(slug, sources, _NO_SOURCE, _OTHER_SOURCE)
    change_catalogue(session)
