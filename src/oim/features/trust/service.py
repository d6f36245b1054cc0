"""Screening what is taken in, and whom we trust: sources we know, organisations we verified."""

from __future__ import annotations

from collections.abc import Sequence
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
    hold_offers,
    list_organisations,
    list_sources,
    lock_standings,
    mark_known,
    mark_verified,
    save_flags,
)
from oim.features.trust.screening import Screening, screen
from oim.kit.db import WriteSession

SCREENED_OUTCOMES = frozenset({StoreOutcome.NEW, StoreOutcome.CHANGED})


def screen_stored(
    session: WriteSession, drafts: Sequence[Draft], stored_drafts: Sequence[StoredDraft]
) -> int:
    """Screen what was just stored new or changed: keep its flags, hold what warns too much.

    What staff released is held again only for a flag that it did not have. What is held or withdrawn stays so
    until staff decide otherwise, whatever its source makes of it. Returns how many are held by this.
    """
    news = {
        item.id: draft
        for item, draft in zip(stored_drafts, drafts, strict=True)
        if item.outcome in SCREENED_OUTCOMES
    }
    if not news:
        return 0
    standing = lock_standings(session, list(news))
    found = {id_: screen(draft, standing[id_].trust) for id_, draft in news.items()}
    save_flags(session, {id_: s.flags for id_, s in found.items() if s.flags != standing[id_].flags})
    to_hold = [id_ for id_, screening in found.items() if _must_be_held(screening, standing[id_])]
    hold_offers(session, to_hold)
    return len(to_hold)


def _must_be_held(screening: Screening, standing: Standing) -> bool:
    if not screening.needs_review or standing.held_at or standing.withdrawn_at:
        return False
    return standing.released_at is None or bool(_flag_codes(screening.flags) - _flag_codes(standing.flags))


def _flag_codes(flags: Sequence[RedFlag]) -> set[str]:
    return {flag.code for flag in flags}


def load_sources(session: WriteSession, actor: Actor) -> list[Source]:
    """Every source of offers, by name. Raises NotFoundError."""
    permit(session, actor, Action.READ, Subject(Resource.SOURCES), what="sources")
    return list_sources(session)


def mark_source(session: WriteSession, actor: Actor, slug: str, *, known: bool) -> None:
    """A source is known to us, or no longer. Raises NotFoundError."""
    permit(session, actor, Action.CHANGE, Subject(Resource.SOURCES, slug), known=int(known))
    mark_known(session, slug, known=known)


def find_organisations(session: WriteSession, actor: Actor, words: str = "") -> list[Organisation]:
    """Organisations whose name holds the words, verified ones first; 200 at most. Raises NotFoundError."""
    permit(session, actor, Action.READ, Subject(Resource.SOURCES), what="organisations")
    return list_organisations(session, words)


def verify_organisation(session: WriteSession, actor: Actor, organisation: UUID, *, verified: bool) -> None:
    """We verified an organisation, or trust it no longer. Raises NotFoundError."""
    subject = Subject(Resource.SOURCES, str(organisation), organisation=organisation)
    permit(session, actor, Action.CHANGE, subject, verified=int(verified))
    mark_verified(session, organisation, verified=verified)
