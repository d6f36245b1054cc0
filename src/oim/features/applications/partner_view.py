"""Applications as the partner who received them sees them: nothing personal that is no longer shared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, func, select, tuple_

from oim.features import people, profile
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
from oim.features.profile import Record
from oim.kit.clock import CAMEROON, now
from oim.kit.db import Listed, Listing, WriteSession, fetch_list_page
from oim.kit.errors import NotFoundError

PAGE_SIZE = 50  # applications
# Applications that wait for the partner: `waiting` as a value of the filter by stage.
WAITING = "waiting"
UNANSWERED_STAGES = frozenset({Stage.SENT, Stage.SEEN})
_RECEIVED_SORTS: Mapping[str, ColumnElement[Any]] = {
    "title": func.lower(ApplicationRow.title),
    # In the order of the stages, which their names do not have.
    "stage": case({stage.value: at for at, stage in enumerate(Stage)}, value=ApplicationRow.stage),
    "received": ApplicationRow.created_at.expression,
    "changed": ApplicationRow.stage_at.expression,
    "meeting": case((ApplicationRow.stage == Stage.INTERVIEW.value, ApplicationRow.next_on)),
}
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


def list_received(session: WriteSession, actor: Actor, listing: Listing) -> Listed[ReceivedApplication]:
    """One page of the applications sent to an agent's organisation, sorted and filtered.

    Filters: `stage` (or `WAITING`), `kind`, and `words` of the offer's title. Raises BadInputError,
    NotFoundError.
    """
    theirs = Subject(Resource.APPLICATION, organisation=actor.organisation)
    permit(session, actor, Action.READ, theirs, what="list")
    query = select(ApplicationRow).where(*_is_received(actor.organisation))
    if stage := listing.filter("stage"):
        query = query.where(_is_waiting() if stage == WAITING else ApplicationRow.stage == stage)
    if kind := listing.filter("kind"):
        query = query.where(ApplicationRow.kind == kind)
    if words := listing.filter("words"):
        query = query.where(ApplicationRow.title.icontains(words, autoescape=True))
    order = ApplicationRow.created_at.desc(), ApplicationRow.id.desc()
    listed = fetch_list_page(session, query, listing, _RECEIVED_SORTS, order)
    rows = [row for (row,) in listed.items]
    return listed.with_items(_load_received(session, actor, rows))


def count_waiting(session: WriteSession, actor: Actor) -> int:
    """How many applications wait for an answer of the agent's organisation. Raises NotFoundError."""
    theirs = Subject(Resource.APPLICATION, organisation=actor.organisation)
    permit(session, actor, Action.READ, theirs, what="count")
    waiting = *_is_received(actor.organisation), _is_waiting()
    return session.scalar(select(func.count()).select_from(ApplicationRow).where(*waiting)) or 0


def count_meetings(session: WriteSession, actor: Actor) -> int:
    """How many meetings of the agent's organisation are today or later. Raises NotFoundError."""
    theirs = Subject(Resource.APPLICATION, organisation=actor.organisation)
    permit(session, actor, Action.READ, theirs, what="count")
    to_come = (
        *_is_received(actor.organisation),
        ApplicationRow.stage == Stage.INTERVIEW.value,
        ApplicationRow.next_on >= now().astimezone(CAMEROON).date(),
    )
    return session.scalar(select(func.count()).select_from(ApplicationRow).where(*to_come)) or 0


def _is_received(organisation: UUID | None) -> tuple[ColumnElement[bool], ...]:
    """The SQL conditions that an application was sent here to an organisation."""
    return ApplicationRow.organisation_id == organisation, ApplicationRow.route == Route.INSIDE.value


def _is_waiting() -> ColumnElement[bool]:
    """The SQL condition that somebody waits for the partner's answer: nobody who has left does."""
    stages = ApplicationRow.stage.in_([stage.value for stage in UNANSWERED_STAGES])
    return stages & ApplicationRow.person_id.is_not(None)


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


def load_cv_summary(session: WriteSession, actor: Actor, application: UUID) -> Record | None:
    """What the CV that was attached says, as its person has it in their profile; None where none is shared.

    Raises NotFoundError.
    """
    row = load_for_partner(session, actor, Action.READ, application, "summary")
    is_shared = row.document_id is not None and row.shares_summary
    if not is_shared or find_hidden_reason(session, row) is not None:
        return None
    document = Subject(
        Resource.DOCUMENT,
        str(row.document_id),
        person=row.person_id,
        organisation=receiving_organisation(row),
    )
    return profile.load_cv_part(session, permit(session, actor, Action.READ, document, what="summary"))


def _select_page(organisation: UUID | None, after: UUID | None) -> Select[ApplicationRow]:
    # Continuing after a row (not OFFSET) neither repeats nor skips one when applications come in meanwhile.
    position = (ApplicationRow.created_at, ApplicationRow.id)
    page = select(ApplicationRow).where(*_is_received(organisation)).limit(PAGE_SIZE)
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
