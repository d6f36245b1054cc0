"""Leaving for a partner's site: told to the ranker, and kept for who signed in, to be asked about later."""

from __future__ import annotations

from uuid import UUID

from oim.features import opportunities
from oim.features.access import Action, Actor, Role, permit
from oim.features.applications.access import application_subject
from oim.features.applications.feedback import count_application
from oim.features.applications.learning import record_ranking_event
from oim.features.applications.outcomes import schedule_questions
from oim.features.applications.store import find_or_create_id, get_or_create_locked, set_stage
from oim.features.applications.types import Route, Stage
from oim.features.matching.learning import EventKind
from oim.kit.db import WriteSession


def record_redirect(session: WriteSession, actor: Actor, offer: UUID, list_id: UUID | None) -> None:
    """Somebody leaves for an offer's own page. An application sent here stays one. Raises NotFoundError."""
    found = opportunities.get(session, offer)
    record_ranking_event(session, EventKind.REDIRECTED, list_id, offer)
    if actor.role is not Role.PERSON or actor.id is None:
        return
    id_ = find_or_create_id(session, actor.id, offer)
    permit(session, actor, Action.CHANGE, application_subject(id_, actor.id), what="redirected")
    row, new = get_or_create_locked(session, id_, actor.id, found, Route.REDIRECTED)
    again = row.route == Route.REDIRECTED.value and row.stage == Stage.WITHDRAWN.value
    if not (new or again):
        return
    row.list_id = list_id or row.list_id
    set_stage(session, row, Stage.SENT, actor.role)
    schedule_questions(session, row.id, actor.id)
    if new:
        count_application(session, row, actor.id)
