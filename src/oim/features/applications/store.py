"""Rows of applications: one for each person and offer, created where there is none, locked to change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import InstrumentedAttribute

from oim.features.access import SYSTEM, Action, Resource, Role, Subject, permit
from oim.features.applications.models import ApplicationRow, StageRow
from oim.features.applications.types import Next, NextStep, ReachedStage, Route, Stage
from oim.features.opportunities import Opportunity, find_publisher_id
from oim.kit.clock import CAMEROON, now
from oim.kit.db import ReadSession, WriteSession, seal, unseal


def find_or_create_id(session: ReadSession, person: UUID, offer: UUID) -> UUID:
    """The id of a person's application to an offer, or a new id for the one about to be created."""
    return session.scalar(select(ApplicationRow.id).where(*_pair_conditions(person, offer))) or uuid4()


def get_or_create_locked(
    session: WriteSession, id_: UUID, person: UUID, offer: Opportunity, route: Route
) -> tuple[ApplicationRow, bool]:
    """Load the row of a person and an offer, locked to the transaction's end; created as `id_` if needed.

    Returns the row and whether it was created now.
    """
    at = now()
    new_row = insert(ApplicationRow).values(
        id=id_,
        person_id=person,
        opportunity_id=offer.id,
        organisation_id=find_publisher_id(session, offer.id),
        title=offer.title,
        kind=offer.kind.value,
        region=offer.draft.location.region,
        route=route.value,
        stage=Stage.SENT.value,
        stage_at=at,
        created_at=at,
    )
    # Of two requests at once one inserts and the other does nothing; then both wait for the row's lock in
    # turn.
    is_new = session.scalar(new_row.on_conflict_do_nothing().returning(ApplicationRow.id)) is not None
    locked = select(ApplicationRow).where(*_pair_conditions(person, offer.id)).with_for_update()
    # `populate_existing`: whoever waited must see what the other has written, not what the session read
    # before.
    return session.scalars(locked.execution_options(populate_existing=True)).one(), is_new


def set_stage(session: WriteSession, row: ApplicationRow, stage: Stage, role: Role) -> None:
    """Record that an application reached a stage, and which role moved it there."""
    row.stage, row.stage_at = stage.value, now()
    session.add(StageRow(application_id=row.id, stage=row.stage, at=row.stage_at, by_role=role.value))
    session.flush()


def _pair_conditions(person: UUID, offer: UUID) -> tuple[ColumnElement[bool], ...]:
    return ApplicationRow.person_id == person, ApplicationRow.opportunity_id == offer


def anonymise(session: WriteSession, person: UUID) -> int:
    """Erase what is personal in a person's applications and detach them from the person; return how many.

    Call it before the person is deleted: afterwards nothing says which applications were theirs.
    """
    permit(session, SYSTEM, Action.ERASE, Subject(Resource.APPLICATION, person=person), what="anonymise")
    theirs = select(ApplicationRow.id).where(ApplicationRow.person_id == person)
    ids = session.scalars(theirs.order_by(ApplicationRow.id).with_for_update()).all()
    # To the second, dates could be matched with what somebody remembers; partners' counts need the month
    # only.
    session.execute(
        update(StageRow).where(StageRow.application_id.in_(ids)).values(at=_truncate_to_month(StageRow.at))
    )
    session.execute(
        update(ApplicationRow)
        .where(ApplicationRow.id.in_(ids))
        .values(
            person_id=None,
            letter=None,
            document_id=None,
            list_id=None,
            next_words=None,
            next_on=None,
            next_hour=None,
            next_place=None,
            created_at=_truncate_to_month(ApplicationRow.created_at),
            stage_at=_truncate_to_month(ApplicationRow.stage_at),
        )
    )
    return len(ids)


def _truncate_to_month(at: InstrumentedAttribute[datetime]) -> ColumnElement[datetime]:
    return func.date_trunc("month", at, str(CAMEROON))


def unseal_next(session: ReadSession, row: ApplicationRow) -> Next:
    """What comes next for the person, as the partner wrote it."""
    words = unseal(session, ApplicationRow.next_words, row.id, row.next_words) if row.next_words else ""
    place = unseal(session, ApplicationRow.next_place, row.id, row.next_place) if row.next_place else ""
    step = NextStep(row.next_step) if row.next_step else None
    return Next(step, words, row.next_on, row.next_hour, place)


def store_next(session: WriteSession, row: ApplicationRow, next_: Next) -> None:
    """Write what comes next for the person into a row, the words and the place sealed."""
    row.next_step, row.next_on, row.next_hour = next_.step and next_.step.value, next_.on, next_.hour
    row.next_words = seal(session, ApplicationRow.next_words, row.id, next_.words) if next_.words else None
    row.next_place = seal(session, ApplicationRow.next_place, row.id, next_.place) if next_.place else None


def unseal_letter(session: ReadSession, row: ApplicationRow) -> str:
    """The letter that was sent, empty where there was none."""
    return unseal(session, ApplicationRow.letter, row.id, row.letter) if row.letter else ""


def load_stages(
    session: ReadSession, rows: Sequence[ApplicationRow]
) -> Mapping[UUID, tuple[ReachedStage, ...]]:
    """The stages of each application, oldest first."""
    stages: defaultdict[UUID, tuple[ReachedStage, ...]] = defaultdict(tuple)
    query = select(StageRow).where(StageRow.application_id.in_([row.id for row in rows]))
    for stage in session.scalars(query.order_by(StageRow.id)):
        stages[stage.application_id] += (ReachedStage(Stage(stage.stage), stage.at),)
    return stages
