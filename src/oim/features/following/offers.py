"""Offers that people save, and those they put aside with a reason."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from oim.features.access import Action, Actor, Resource, Subject, permit
from oim.features.following.models import DismissedRow, SavedRow
from oim.features.following.types import DismissalReason, DismissedOffer, SavedOffer
from oim.features.opportunities import get, get_many
from oim.kit.clock import now
from oim.kit.db import ReadSession, WriteSession


def save(session: WriteSession, actor: Actor, person: UUID, offer: UUID) -> None:
    """Keep an offer; one kept already stays where it is. Raises NotFoundError."""
    permit(session, actor, Action.CHANGE, _subject(person), what="save")
    get(session, offer)
    kept = insert(SavedRow).values(person_id=person, opportunity_id=offer, at=now())
    session.execute(kept.on_conflict_do_nothing())


def unsave(session: WriteSession, actor: Actor, person: UUID, offer: UUID) -> None:
    """Keep an offer no longer; one that is not kept changes nothing. Raises NotFoundError."""
    permit(session, actor, Action.CHANGE, _subject(person), what="unsave")
    session.execute(delete(SavedRow).where(SavedRow.person_id == person, SavedRow.opportunity_id == offer))


def list_saved(session: WriteSession, actor: Actor, person: UUID) -> list[SavedOffer]:
    """The offers a person keeps, the last saved first, those that have closed too. Raises NotFoundError."""
    permit(session, actor, Action.READ, _subject(person), what="saved")
    order = SavedRow.at.desc(), SavedRow.opportunity_id
    rows = session.scalars(select(SavedRow).where(SavedRow.person_id == person).order_by(*order)).all()
    offers, at = get_many(session, [row.opportunity_id for row in rows]), now()
    kept = [(offers[row.opportunity_id], row.at) for row in rows if row.opportunity_id in offers]
    return [SavedOffer(offer, when, offer.is_open(at)) for offer, when in kept]


def find_saved_ids(session: ReadSession, person: UUID) -> frozenset[UUID]:
    """The offers a person keeps, to be marked in lists made for them; nothing enters the trail."""
    return frozenset(session.scalars(select(SavedRow.opportunity_id).where(SavedRow.person_id == person)))


def dismiss(session: WriteSession, actor: Actor, person: UUID, offer: UUID, reason: DismissalReason) -> None:
    """Put an offer aside; one put aside already takes the new reason. Raises NotFoundError."""
    permit(session, actor, Action.CHANGE, _subject(person), what="dismiss", reason=reason.value)
    get(session, offer)
    said = {"reason": reason.value, "at": now()}
    put = insert(DismissedRow).values(person_id=person, opportunity_id=offer, **said)
    session.execute(put.on_conflict_do_update(index_elements=["person_id", "opportunity_id"], set_=said))


def undo_dismissal(session: WriteSession, actor: Actor, person: UUID, offer: UUID) -> None:
    """Take an offer back; one not put aside changes nothing. Raises NotFoundError."""
    permit(session, actor, Action.CHANGE, _subject(person), what="undo")
    here = DismissedRow.person_id == person, DismissedRow.opportunity_id == offer
    session.execute(delete(DismissedRow).where(*here))


def list_dismissed(session: WriteSession, actor: Actor, person: UUID) -> list[DismissedOffer]:
    """The offers a person put aside, the last one first. Raises NotFoundError."""
    permit(session, actor, Action.READ, _subject(person), what="dismissed")
    order = DismissedRow.at.desc(), DismissedRow.opportunity_id
    here = select(DismissedRow).where(DismissedRow.person_id == person)
    rows = session.scalars(here.order_by(*order)).all()
    offers = get_many(session, [row.opportunity_id for row in rows])
    return [
        DismissedOffer(offers[row.opportunity_id], DismissalReason(row.reason), row.at)
        for row in rows
        if row.opportunity_id in offers
    ]


def find_dismissed_ids(session: ReadSession, person: UUID) -> frozenset[UUID]:
    """The offers a person put aside, to be left out of lists made for them; nothing enters the trail."""
    here = DismissedRow.person_id == person
    return frozenset(session.scalars(select(DismissedRow.opportunity_id).where(here)))


def _subject(person: UUID) -> Subject:
    return Subject(Resource.SAVED, person=person)
