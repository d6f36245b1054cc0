"""Organisations that publish: found by name, named by id, verified."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update

from oim.features.opportunities.models import OpportunityRow, OrganisationRow, SourceRow
from oim.kit.clock import now
from oim.kit.db import ReadSession, WriteSession
from oim.kit.errors import NotFoundError
from oim.kit.i18n import mark
from oim.kit.text import fold

MAX_ORGANISATIONS = 200  # organisations at most
OWN_SOURCES = frozenset({"sample"})  # known from the first: we made up its offers ourselves


@dataclass(frozen=True, slots=True)
class Organisation:
    """Who publishes, since when it is verified, and how many offers we have of it."""

    id: UUID
    name: str
    verified_at: datetime | None
    offers: int


def get_organisation_id(session: ReadSession, name: str) -> UUID:
    """The organisation of a name as published, accents and capitals aside. Raises NotFoundError."""
    found = session.scalar(select(OrganisationRow.id).where(OrganisationRow.name_key == fold(name)))
    if found is None:
        raise NotFoundError(mark("No organisation here is called %(name)s."), name=name)
    return found


def load_organisation_names(session: ReadSession, ids: Iterable[UUID]) -> dict[UUID, str]:
    """Names by id; unknown ids are left out."""
    rows = session.execute(
        select(OrganisationRow.id, OrganisationRow.name).where(OrganisationRow.id.in_(list(ids)))
    )
    return dict(rows.all())


def find_publisher_id(session: ReadSession, offer: UUID) -> UUID | None:
    """The organisation that publishes an offer, where both are known."""
    return session.scalar(select(OpportunityRow.organisation_id).where(OpportunityRow.id == offer))


def list_organisations(session: ReadSession, words: str = "") -> list[Organisation]:
    """Those whose name holds the words: verified ones first, then those of most offers; 200 at most."""
    offers, said = func.count(OpportunityRow.id), fold(words.replace("\0", ""))  # PostgreSQL takes no NUL
    rows = session.execute(
        select(OrganisationRow.id, OrganisationRow.name, OrganisationRow.verified_at, offers)
        .outerjoin(OpportunityRow, OpportunityRow.organisation_id == OrganisationRow.id)
        .where(OrganisationRow.name_key.contains(said, autoescape=True))
        .group_by(OrganisationRow.id)
        .order_by(OrganisationRow.verified_at.is_(None), offers.desc(), OrganisationRow.name_key)
        .limit(MAX_ORGANISATIONS)
    )
    return [Organisation(*row) for row in rows]


def mark_verified(session: WriteSession, id_: UUID, *, verified: bool) -> None:
    """We verified an organisation, or trust it no longer. Raises NotFoundError."""
    changed = update(OrganisationRow).where(OrganisationRow.id == id_)
    kept = func.coalesce(OrganisationRow.verified_at, now()) if verified else None
    if session.scalar(changed.values(verified_at=kept).returning(OrganisationRow.id)) is None:
        raise NotFoundError(mark("This organisation is not here."))


@dataclass(frozen=True, slots=True)
class Source:
    """What supplies offers, since when it is known to us, how many of its offers we have and hold."""

    slug: str
    known_at: datetime | None
    offers: int
    held: int


def list_sources(session: ReadSession) -> list[Source]:
    """Every source, by name."""
    rows = session.execute(
        select(
            SourceRow.slug,
            SourceRow.known_at,
            func.count(OpportunityRow.id),
            func.count(OpportunityRow.held_at),
        )
        .outerjoin(OpportunityRow, OpportunityRow.source == SourceRow.slug)
        .group_by(SourceRow.slug)
        .order_by(SourceRow.slug)
    )
    return [Source(*row) for row in rows]


def mark_known(session: WriteSession, slug: str, *, known: bool) -> None:
    """A source is known to us from now on, or no longer. Raises NotFoundError."""
    changed = update(SourceRow).where(SourceRow.slug == slug)
    kept = func.coalesce(SourceRow.known_at, now()) if known else None
    if session.scalar(changed.values(known_at=kept).returning(SourceRow.slug)) is None:
        raise NotFoundError(mark("No source here is called %(name)s."), name=slug)
