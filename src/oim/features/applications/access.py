"""Access to one application: by its person and who helps them, or by the organisation that received it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import select

from oim.features.access import NOT_FOUND_MESSAGE, Action, Actor, Resource, Subject, permit
from oim.features.applications.models import ApplicationRow
from oim.features.applications.types import HiddenReason, Route, Stage
from oim.features.consents import Purpose, find_agreeing
from oim.kit.db import ReadSession, WriteSession
from oim.kit.errors import NotFoundError


def load_for_person(
    session: WriteSession, actor: Actor, action: Action, id_: UUID, what: str
) -> ApplicationRow:
    """Load an application for its person or who helps them, locked to the end of the transaction.

    `what` is the detail that the trail gets. Raises NotFoundError.
    """
    row = _load_locked(session, id_)
    permit(session, actor, action, application_subject(id_, row.person_id if row else None), what=what)
    # Permission comes first: an unknown id and a forbidden one must answer alike.
    if row is None:
        raise NotFoundError(NOT_FOUND_MESSAGE)
    return row


def load_for_partner(
    session: WriteSession, actor: Actor, action: Action, id_: UUID, what: str
) -> ApplicationRow:
    """Load an application for the organisation it was sent to, locked to the end of the transaction.

    Raises NotFoundError.
    """
    row = _load_locked(session, id_)
    organisation = receiving_organisation(row) if row else None
    permit(
        session,
        actor,
        action,
        application_subject(id_, row.person_id if row else None, organisation),
        what=what,
    )
    if row is None or organisation is None or actor.organisation != organisation:
        raise NotFoundError(NOT_FOUND_MESSAGE)
    return row


def application_subject(id_: UUID, person: UUID | None, organisation: UUID | None = None) -> Subject:
    """An application as the subject of a permission."""
    return Subject(Resource.APPLICATION, str(id_), person=person, organisation=organisation)


def receiving_organisation(row: ApplicationRow) -> UUID | None:
    """The organisation an application was sent to; None for a redirect, by which nothing was sent."""
    return row.organisation_id if row.route == Route.INSIDE.value else None


def find_hidden_reason(session: ReadSession, row: ApplicationRow) -> HiddenReason | None:
    """Why the partner may not see anything personal of an application now; None where they may."""
    return find_hidden_reasons(session, [row])[row.id]


def find_hidden_reasons(
    session: ReadSession, rows: Sequence[ApplicationRow]
) -> Mapping[UUID, HiddenReason | None]:
    """Why the partner may not see anything personal of each application, by its id, in one query."""
    people = {row.person_id for row in rows if row.person_id is not None}
    agreeing = find_agreeing(session, people, Purpose.SHARING)
    return {row.id: _hidden_reason(row, agreeing) for row in rows}


def _hidden_reason(row: ApplicationRow, agreeing: Collection[UUID]) -> HiddenReason | None:
    """Why the partner may not see anything personal of an application, as its people agree to sharing."""
    if row.person_id is None:
        return HiddenReason.ERASED
    if row.stage == Stage.WITHDRAWN.value:
        return HiddenReason.WITHDRAWN
    return None if row.person_id in agreeing else HiddenReason.CONSENT


def _load_locked(session: WriteSession, id_: UUID) -> ApplicationRow | None:
    query = select(ApplicationRow).where(ApplicationRow.id == id_).with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))
