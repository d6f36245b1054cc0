"""Saving offers, and dismissing them with a reason."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from oim.features import events
from oim.features.access import Action, Actor, Resource, Subject, permit
from oim.features.following.models import DismissedRow, SavedRow
from oim.features.following.types import DismissalReason, DismissedOffer, SavedOffer
from oim.features.opportunities import get, get_many
from oim.kit.clock import now
from oim.kit.db import ReadSession, WriteSession


def save(
    session: WriteSession, actor: Actor, person: UUID, offer: UUID, *, list_id: UUID | None = None
) -> None:
    """Save an offer, found in a list or not; one saved already keeps its date. Raises NotFoundError."""
    permit(session, actor, Action.CHANGE, _subject(person), what="save")
    get(session, offer)  # raises if there is no such offer
    row = insert(SavedRow).values(person_id=person, opportunity_id=offer, at=now())
    if session.scalar(row.on_conflict_do_nothing().returning(SavedRow.at)) is not None:
        events.record_act(session, events.Saved(opportunity_id=offer, list_id=list_id), person)


def unsave(session: WriteSession, actor: Actor, person: UUID, offer: UUID) -> None:
    """Remove an offer from the saved ones, if it is among them. Raises NotFoundError."""
    permit(session, actor, Action.CHANGE, _subject(person), what="unsave")
    session.execute(delete(SavedRow).where(SavedRow.person_id == person, SavedRow.opportunity_id == offer))


def list_saved(session: WriteSession, actor: Actor, person: UUID) -> list[SavedOffer]:
    """List the offers a person saved, the last saved first, closed ones too. Raises NotFoundError."""
    permit(session, actor, Action.READ, _subject(person), what="saved")
    order = SavedRow.at.desc(), SavedRow.opportunity_id
    rows = session.scalars(select(SavedRow).where(SavedRow.person_id == person).order_by(*order)).all()
    offers, at = get_many(session, [row.opportunity_id for row in rows]), now()
    # Offers that may not be shown now, such as withdrawn ones, are missing from `offers`.
    saved_offers = [(offers[row.opportunity_id], row.at) for row in rows if row.opportunity_id in offers]
    return [SavedOffer(offer, saved_at, offer.is_open(at)) for offer, saved_at in saved_offers]


def find_saved_ids(session: ReadSession, person: UUID) -> frozenset[UUID]:
    """Find the ids of a person's saved offers, to mark them in their own lists. Not recorded in the trail."""
    return frozenset(session.scalars(select(SavedRow.opportunity_id).where(SavedRow.person_id == person)))


def dismiss(session: WriteSession, actor: Actor, person: UUID, offer: UUID, reason: DismissalReason) -> None:
    """Dismiss an offer; one dismissed already gets the new reason and date. Raises NotFoundError."""
    permit(session, actor, Action.CHANGE, _subject(person), what="dismiss", reason=reason.value)
    get(session, offer)
    dismissal = DismissedRow.person_id == person, DismissedRow.opportunity_id == offer
    before = session.scalar(select(DismissedRow.reason).where(*dismissal))
    # First, since it holds the person: an erasure waits for that rather than for a row below.
    if before != reason.value:
        act = events.Dismissed.model_validate({"opportunity_id": offer, "reason": reason.value})
        events.record_act(session, act, person)
    values = {"reason": reason.value, "at": now()}
    row = insert(DismissedRow).values(person_id=person, opportunity_id=offer, **values)
    session.execute(row.on_conflict_do_update(index_elements=["person_id", "opportunity_id"], set_=values))


def undo_dismissal(session: WriteSession, actor: Actor, person: UUID, offer: UUID) -> None:
    """Undo the dismissal of an offer, if it was dismissed. Raises NotFoundError."""
    permit(session, actor, Action.CHANGE, _subject(person), what="undo")
    dismissal = DismissedRow.person_id == person, DismissedRow.opportunity_id == offer
    session.execute(delete(DismissedRow).where(*dismissal))


def list_dismissed(session: WriteSession, actor: Actor, person: UUID) -> list[DismissedOffer]:
    """List the offers a person dismissed, the last one first. Raises NotFoundError."""
    permit(session, actor, Action.READ, _subject(person), what="dismissed")
    order = DismissedRow.at.desc(), DismissedRow.opportunity_id
    dismissed = select(DismissedRow).where(DismissedRow.person_id == person)
    rows = session.scalars(dismissed.order_by(*order)).all()
    offers = get_many(session, [row.opportunity_id for row in rows])
    return [
        DismissedOffer(offers[row.opportunity_id], DismissalReason(row.reason), row.at)
        for row in rows
        if row.opportunity_id in offers
    ]


def find_dismissed_ids(session: ReadSession, person: UUID) -> frozenset[UUID]:
    """Find the ids of a person's dismissed offers, to leave them out of their own lists.

    Not recorded in the trail.
    """
    return frozenset(
        session.scalars(select(DismissedRow.opportunity_id).where(DismissedRow.person_id == person))
    )


def _subject(person: UUID) -> Subject:
    """Name what a person follows for `permit`."""
    return Subject(Resource.SAVED, person=person)
