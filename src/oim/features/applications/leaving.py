"""Leaving for a partner's site: told to the ranker, and kept for who signed in, to be asked about later."""

from __future__ import annotations

from uuid import UUID

from oim.features import opportunities
from oim.features.access import Action, Actor, Role, permit
from oim.features.applications.counting import count_application
from oim.features.applications.holding import fresh_id, hold, set_stage
from oim.features.applications.learning import learn
from oim.features.applications.outcomes import plan
from oim.features.applications.reaching import subject
from oim.features.applications.types import Stage, Way
from oim.features.matching.learning import EventKind
from oim.kit.db import WriteSession


def redirected(session: WriteSession, actor: Actor, offer: UUID, list_id: UUID | None) -> None:
    """Somebody leaves for an offer's own page. An application sent here stays one. Raises NotFoundError."""
    found = opportunities.get(session, offer)
    learn(session, EventKind.REDIRECTED, list_id, offer)
    if actor.role is not Role.PERSON or actor.id is None:
        return
    id_ = fresh_id(session, actor.id, offer)
    permit(session, actor, Action.CHANGE, subject(id_, actor.id), what="redirected")
    row, new = hold(session, id_, actor.id, found, Way.REDIRECTED)
    again = row.channel == Way.REDIRECTED.value and row.stage == Stage.WITHDRAWN.value
    if not (new or again):
        return
    row.list_id = list_id or row.list_id
    set_stage(session, row, Stage.SENT, actor.role)
    plan(session, row.id, actor.id)
    if new:
        count_application(session, row, actor.id)
