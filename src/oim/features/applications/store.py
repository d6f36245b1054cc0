"""The one row of a person and an offer, made where there is none."""

from __future__ import annotations

from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, select
from sqlalchemy.dialects.postgresql import insert

from oim.features.access import Role
from oim.features.applications.models import ApplicationRow, StageRow
from oim.features.applications.types import Route, Stage
from oim.features.opportunities import Opportunity, find_publisher_id
from oim.kit.clock import now
from oim.kit.db import ReadSession, WriteSession


def find_or_create_id(session: ReadSession, person: UUID, offer: UUID) -> UUID:
    """The id under which an application is, or would be, kept."""
    return session.scalar(select(ApplicationRow.id).where(*_pair_conditions(person, offer))) or uuid4()


def get_or_create_locked(
    session: WriteSession, id_: UUID, person: UUID, offer: Opportunity, route: Route
) -> tuple[ApplicationRow, bool]:
    """Their row, held until the end of the transaction, and whether it was made now, under this id."""
    at = now()
    made = insert(ApplicationRow).values(
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
    new = session.scalar(made.on_conflict_do_nothing().returning(ApplicationRow.id)) is not None
    held = select(ApplicationRow).where(*_pair_conditions(person, offer.id)).with_for_update()
    return session.scalars(held.execution_options(populate_existing=True)).one(), new


def set_stage(session: WriteSession, row: ApplicationRow, stage: Stage, role: Role) -> None:
    """An application reached a stage."""
    row.stage, row.stage_at = stage.value, now()
    session.add(StageRow(application_id=row.id, stage=row.stage, at=row.stage_at, by_role=role.value))
    session.flush()


def _pair_conditions(person: UUID, offer: UUID) -> tuple[ColumnElement[bool], ...]:
    return ApplicationRow.person_id == person, ApplicationRow.opportunity_id == offer
