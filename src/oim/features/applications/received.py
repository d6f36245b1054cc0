"""Applications as their partner sees them. What a person no longer shares is not opened."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import Select, select, tuple_

from oim.features import people
from oim.features.access import NOTHING_HERE, Action, Actor, Resource, Subject, permit
from oim.features.applications.holding import set_stage
from oim.features.applications.models import ApplicationRow
from oim.features.applications.reaching import hidden, reach_received, receiver, subject
from oim.features.applications.reading import letter_of, next_of, reached
from oim.features.applications.types import Hidden, Next, NextStep, Reached, Received, Stage, Way
from oim.features.opportunities import Kind
from oim.kit.db import WriteSession
from oim.kit.errors import NotFoundError

PAGE = 50  # applications
_Stages = Mapping[UUID, tuple[Reached, ...]]


def received(session: WriteSession, actor: Actor, *, after: UUID | None = None) -> list[Received]:
    """The applications sent to an agent's organisation, newest first: `PAGE` of them, after one of them.

    Raises NotFoundError.
    """
    theirs = Subject(Resource.APPLICATION, organisation=actor.organisation)
    permit(session, actor, Action.READ, theirs, what="list")
    rows = session.scalars(_page(actor.organisation, after)).all()
    stages = reached(session, rows)
    return [_view(session, actor, row, hidden(session, row), stages) for row in rows]


def receive_one(session: WriteSession, actor: Actor, application: UUID) -> Received:
    """One of them; from now on its person sees that it was read. Raises NotFoundError."""
    row = reach_received(session, actor, Action.READ, application, "open")
    why = hidden(session, row)
    if row.stage == Stage.SENT.value and why is None:
        set_stage(session, row, Stage.SEEN, actor.role)
    return _view(session, actor, row, why, reached(session, [row]))


def shared_document(session: WriteSession, actor: Actor, application: UUID) -> UUID:
    """The CV that was attached, as one that the actor's organisation may open. Raises NotFoundError."""
    row = reach_received(session, actor, Action.READ, application, "document")
    if row.document_id is None or hidden(session, row) is not None:
        raise NotFoundError(NOTHING_HERE)
    document = Subject(
        Resource.DOCUMENT, str(row.document_id), person=row.person_id, organisation=receiver(row)
    )
    permit(session, actor, Action.READ, document, what="application")
    return row.document_id


def _page(organisation: UUID | None, after: UUID | None) -> Select[ApplicationRow]:
    place = (ApplicationRow.created_at, ApplicationRow.id)
    sent = ApplicationRow.organisation_id == organisation, ApplicationRow.channel == Way.INSIDE.value
    page = select(ApplicationRow).where(*sent).limit(PAGE)
    if after is not None:
        last = select(*place).where(ApplicationRow.id == after)
        page = page.where(tuple_(*place) < last.scalar_subquery())
    return page.order_by(*(column.desc() for column in place))


def _view(
    session: WriteSession, actor: Actor, row: ApplicationRow, why: Hidden | None, stages: _Stages
) -> Received:
    """Name, contact and letter are opened only where nothing hides them, and their trail tells of it."""
    person = None
    if why is None and row.person_id is not None:
        whose = subject(row.id, row.person_id, receiver(row))
        person = people.opened(session, permit(session, actor, Action.READ, whose, what="who"))
    step = NextStep(row.next_step) if row.next_step else None
    return Received(
        id=row.id,
        opportunity=row.opportunity_id,
        title=row.title,
        kind=Kind(row.kind),
        stage=Stage(row.stage),
        next=next_of(session, row) if person else Next(step),
        created_at=row.created_at,
        stages=stages[row.id],
        hidden=why,
        name=person.name if person else None,
        contact=next(iter(person.contacts.values()), None) if person else None,
        letter=letter_of(session, row) if person else "",
        has_document=person is not None and row.document_id is not None,
    )
