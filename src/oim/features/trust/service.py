"""Screening of offers as they are ingested, and marking sources as known and organisations as verified."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from oim.features.access import Action, Actor, Resource, Subject, permit
from oim.features.opportunities import (
    Draft,
    Organisation,
    RedFlag,
    Source,
    Standing,
    StoredDraft,
    StoreOutcome,
    fetch_organisations,
    fetch_sources,
    hold_offers,
    list_organisations,
    list_sources,
    lock_standings,
    mark_known,
    mark_verified,
    save_flags,
)
from oim.features.trust.screening import Screening, screen
from oim.kit.db import Listed, Listing, WriteSession

# An unchanged offer was screened when it was stored: new rules reach it only once its source changes it.
SCREENED_OUTCOMES = frozenset({StoreOutcome.NEW, StoreOutcome.CHANGED})


def screen_stored(
    session: WriteSession, drafts: Sequence[Draft], stored_drafts: Sequence[StoredDraft]
) -> int:
    """Screen the offers just stored as new or changed: save their flags, and hold those that look dangerous.

    An offer that staff released is held again only for a flag it did not have before. A held or withdrawn
    offer stays so until staff decide otherwise, even if its source corrects it. It runs in the transaction
    that stores the offers, so none is visible before it is screened. Returns how many offers this call holds.
    """
    screened_drafts = {
        item.id: draft
        for item, draft in zip(stored_drafts, drafts, strict=True)
        if item.outcome in SCREENED_OUTCOMES
    }
    if not screened_drafts:
        return 0
    # The standings are those from before this screening: `_must_be_held` compares old flags with new ones.
    standings = lock_standings(session, list(screened_drafts))
    screenings = {id_: screen(draft, standings[id_].trust) for id_, draft in screened_drafts.items()}
    save_flags(session, {id_: s.flags for id_, s in screenings.items() if s.flags != standings[id_].flags})
    to_hold = [id_ for id_, screening in screenings.items() if _must_be_held(screening, standings[id_])]
    hold_offers(session, to_hold)
    return len(to_hold)


def _must_be_held(screening: Screening, standing: Standing) -> bool:
    """Whether a screening holds an offer: it needs review, and staff have not decided about its flags yet."""
    if not screening.needs_review or standing.held_at or standing.withdrawn_at:
        return False
    return standing.released_at is None or bool(_flag_codes(screening.flags) - _flag_codes(standing.flags))


def _flag_codes(flags: Sequence[RedFlag]) -> set[str]:
    """The codes alone: the same sign in other words is no new flag."""
    return {flag.code for flag in flags}


def load_sources(session: WriteSession, actor: Actor) -> list[Source]:
    """Every source of offers, ordered by name. Raises NotFoundError for an actor who may not see them."""
    permit(session, actor, Action.READ, Subject(Resource.SOURCES), what="sources")
    return list_sources(session)


def list_source_page(
    session: WriteSession, actor: Actor, listing: Listing, failed: Collection[str]
) -> Listed[Source]:
    """One page of the sources of offers; `failed` are those whose last run failed. Raises NotFoundError."""
    permit(session, actor, Action.READ, Subject(Resource.SOURCES), what="sources")
    return fetch_sources(session, listing, failed)


def list_organisation_page(session: WriteSession, actor: Actor, listing: Listing) -> Listed[Organisation]:
    """One page of the organisations that publish offers. Raises NotFoundError."""
    permit(session, actor, Action.READ, Subject(Resource.SOURCES), what="organisations")
    return fetch_organisations(session, listing)


def mark_source(session: WriteSession, actor: Actor, slug: str, *, known: bool) -> None:
    """Record that a source is known to us, or no longer. Raises NotFoundError.

    The trust level of its offers follows at once, since it is computed when an offer is read.
    """
    permit(session, actor, Action.CHANGE, Subject(Resource.SOURCES, slug), known=int(known))
    mark_known(session, slug, known=known)


def find_organisations(session: WriteSession, actor: Actor, words: str = "") -> list[Organisation]:
    """Up to 200 organisations whose name contains the words, verified ones first. Raises NotFoundError."""
    permit(session, actor, Action.READ, Subject(Resource.SOURCES), what="organisations")
    return list_organisations(session, words)


def verify_organisation(session: WriteSession, actor: Actor, organisation: UUID, *, verified: bool) -> None:
    """Record that we verified an organisation, or no longer vouch for it. Raises NotFoundError."""
    subject = Subject(Resource.SOURCES, str(organisation), organisation=organisation)
    permit(session, actor, Action.CHANGE, subject, verified=int(verified))
    mark_verified(session, organisation, verified=verified)
