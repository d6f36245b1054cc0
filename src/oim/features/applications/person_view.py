"""Applications as their person sees them: all that was sent, every stage, and the outcomes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select

from oim.features import opportunities
from oim.features.access import Action, Actor, Resource, Subject, permit
from oim.features.applications.access import load_for_person
from oim.features.applications.models import ApplicationRow, OutcomeRow
from oim.features.applications.store import load_stages, unseal_letter, unseal_next
from oim.features.applications.types import (
    Application,
    OutcomeAnswer,
    OutcomeQuestion,
    Route,
    Stage,
)
from oim.features.opportunities import Kind
from oim.kit.db import ReadSession, WriteSession


def list_for_person(session: WriteSession, actor: Actor, person: UUID) -> list[Application]:
    """A person's applications, newest first. Raises NotFoundError."""
    permit(session, actor, Action.READ, Subject(Resource.APPLICATION, person=person), what="all")
    theirs = select(ApplicationRow).where(ApplicationRow.person_id == person)
    rows = session.scalars(theirs.order_by(ApplicationRow.created_at.desc(), ApplicationRow.id)).all()
    return _to_applications(session, rows)


def find_for_offer(session: WriteSession, actor: Actor, person: UUID, offer: UUID) -> Application | None:
    """A person's application to an offer, None where there is none. Raises NotFoundError."""
    permit(session, actor, Action.READ, Subject(Resource.APPLICATION, person=person), what="towards")
    theirs = ApplicationRow.person_id == person, ApplicationRow.opportunity_id == offer
    rows = session.scalars(select(ApplicationRow).where(*theirs)).all()
    return next(iter(_to_applications(session, rows)), None)


def find_applied_ids(session: ReadSession, person: UUID) -> frozenset[UUID]:
    """Find the offers that a person applied for here and did not take back, to leave them out of their lists.

    Not recorded in the trail.
    """
    applied = (
        ApplicationRow.person_id == person,
        ApplicationRow.route == Route.INSIDE.value,
        ApplicationRow.stage != Stage.WITHDRAWN.value,
    )
    ids = session.scalars(select(ApplicationRow.opportunity_id).where(*applied))
    return frozenset(id_ for id_ in ids if id_ is not None)


def load_for_person_view(session: WriteSession, actor: Actor, application: UUID) -> Application:
    """One application, for its person and who helps them. Raises NotFoundError."""
    row = load_for_person(session, actor, Action.READ, application, "one")
    [view] = _to_applications(session, [row])
    return view


def _load_outcomes(
    session: ReadSession, rows: Sequence[ApplicationRow]
) -> Mapping[UUID, tuple[OutcomeQuestion, ...]]:
    questions: defaultdict[UUID, tuple[OutcomeQuestion, ...]] = defaultdict(tuple)
    query = select(OutcomeRow).where(OutcomeRow.application_id.in_([row.id for row in rows]))
    for row in session.scalars(query.order_by(OutcomeRow.day)):
        answer = OutcomeAnswer(row.answer) if row.answer else None
        questions[row.application_id] += (OutcomeQuestion(row.id, row.day, row.due_on, answer),)
    return questions


def _to_applications(session: ReadSession, rows: Sequence[ApplicationRow]) -> list[Application]:
    # Names, stages and outcomes of all rows are read in one query each, not in one for each row.
    names = opportunities.load_organisation_names(
        session, {row.organisation_id for row in rows if row.organisation_id}
    )
    stages, outcomes = load_stages(session, rows), _load_outcomes(session, rows)
    return [
        Application(
            id=row.id,
            opportunity=row.opportunity_id,
            title=row.title,
            kind=Kind(row.kind),
            organisation=names.get(row.organisation_id) if row.organisation_id else None,
            route=Route(row.route),
            stage=Stage(row.stage),
            next=unseal_next(session, row),
            letter=unseal_letter(session, row),
            document=row.document_id,
            created_at=row.created_at,
            stages=stages[row.id],
            outcomes=outcomes[row.id],
        )
        for row in rows
    ]
