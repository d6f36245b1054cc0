"""Applications as the partner who received them sees them: nothing personal that is no longer shared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import Select, select, tuple_

from oim.features import people
from oim.features.access import NOT_FOUND_MESSAGE, Action, Actor, Resource, Subject, permit, permit_all
from oim.features.applications.access import (
    application_subject,
    find_hidden_reason,
    find_hidden_reasons,
    load_for_partner,
    receiving_organisation,
)
from oim.features.applications.models import ApplicationRow
from oim.features.applications.store import load_stages, set_stage, unseal_letter, unseal_next
from oim.features.applications.types import (
    HiddenReason,
    Next,
    NextStep,
    ReachedStage,
    ReceivedApplication,
    Route,
    Stage,
)
from oim.features.opportunities import Kind
from oim.features.people import Person
from oim.kit.db import WriteSession
from oim.kit.errors import NotFoundError

PAGE_SIZE = 50  # applications
_StagesById = Mapping[UUID, tuple[ReachedStage, ...]]


def list_for_partner(
    session: WriteSession, actor: Actor, *, after: UUID | None = None
) -> list[ReceivedApplication]:
    """The applications sent to an agent's organisation, newest first: a page of them, older than `after`.

    Raises NotFoundError.
    """
    theirs = Subject(Resource.APPLICATION, organisation=actor.organisation)
    permit(session, actor, Action.READ, theirs, what="list")
    return _load_received(session, actor, session.scalars(_select_page(actor.organisation, after)).all())


def open_for_partner(session: WriteSession, actor: Actor, application: UUID) -> ReceivedApplication:
    """Open one application; from now on its person sees that it was read. Raises NotFoundError."""
    row = load_for_partner(session, actor, Action.READ, application, "open")
    hidden_reason = find_hidden_reason(session, row)
    if row.stage == Stage.SENT.value and hidden_reason is None:
        set_stage(session, row, Stage.SEEN, actor.role)
    [received] = _load_received(session, actor, [row])
    return received


def find_shared_document(session: WriteSession, actor: Actor, application: UUID) -> UUID:
    """The CV that was attached, as one that the actor's organisation may open. Raises NotFoundError."""
    row = load_for_partner(session, actor, Action.READ, application, "document")
    if row.document_id is None or find_hidden_reason(session, row) is not None:
        raise NotFoundError(NOT_FOUND_MESSAGE)
    document = Subject(
        Resource.DOCUMENT,
        str(row.document_id),
        person=row.person_id,
        organisation=receiving_organisation(row),
    )
    permit(session, actor, Action.READ, document, what="application")
    return row.document_id


def _select_page(organisation: UUID | None, after: UUID | None) -> Select[ApplicationRow]:
    # Continuing after a row (not OFFSET) neither repeats nor skips one when applications come in meanwhile.
    position = (ApplicationRow.created_at, ApplicationRow.id)
    sent = ApplicationRow.organisation_id == organisation, ApplicationRow.route == Route.INSIDE.value
    page = select(ApplicationRow).where(*sent).limit(PAGE_SIZE)
    if after is not None:
        last = select(*position).where(ApplicationRow.id == after)
        page = page.where(tuple_(*position) < last.scalar_subquery())
    return page.order_by(*(column.desc() for column in position))


def _load_received(
    session: WriteSession, actor: Actor, rows: Sequence[ApplicationRow]
) -> list[ReceivedApplication]:
    """Build the partner's view; name, contact and letter are opened, and that trailed, only where shared."""
    # Each of them is read for all rows in one query, not in one for each row.
    stages, hidden_reasons = load_stages(session, rows), find_hidden_reasons(session, rows)
    shared = {row.id: row.person_id for row in rows if hidden_reasons[row.id] is None and row.person_id}
    subjects = [_subject(row) for row in rows if row.id in shared]
    grants = permit_all(session, actor, Action.READ, subjects, what="who")
    persons = people.load_people(session, grants)
    return [
        _to_received(
            session,
            row,
            persons[shared[row.id]] if row.id in shared else None,
            hidden_reasons[row.id],
            stages,
        )
        for row in rows
    ]


def _subject(row: ApplicationRow) -> Subject:
    """An application as its partner asks for it."""
    return application_subject(row.id, row.person_id, receiving_organisation(row))


def _to_received(
    session: WriteSession,
    row: ApplicationRow,
    person: Person | None,
    hidden_reason: HiddenReason | None,
    stages: _StagesById,
) -> ReceivedApplication:
    step = NextStep(row.next_step) if row.next_step else None
    return ReceivedApplication(
        id=row.id,
        opportunity=row.opportunity_id,
        title=row.title,
        kind=Kind(row.kind),
        stage=Stage(row.stage),
        next=unseal_next(session, row) if person else Next(step),
        created_at=row.created_at,
        stages=stages[row.id],
        hidden=hidden_reason,
        name=person.name if person else None,
        contact=next(iter(person.contacts.values()), None) if person else None,
        letter=unseal_letter(session, row) if person else "",
        has_document=person is not None and row.document_id is not None,
    )
