"""Permission checks: `permit` decides by the rules, records the decision in the trail, returns a `Grant`.

Functions that open personal data take a `Grant`, and only `permit` makes one, so nothing is read unrecorded.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, select

from oim.features.access.models import MandateRow
from oim.features.access.rules import RULES, Action, Relation, Resource
from oim.features.access.types import Actor, Role
from oim.features.audit import Entry, record_entry, record_independently
from oim.kit.clock import now
from oim.kit.db import ReadSession, WriteSession
from oim.kit.errors import NotFoundError
from oim.kit.i18n import mark

NOT_FOUND_MESSAGE = mark("This does not exist, or is not yours to see.")
# Relations that a role has to everything. The others depend on the subject: see `_find_relations`.
_RELATION_BY_ROLE = {
    Role.CASE_WORKER: Relation.CASE_WORKER,
    Role.ANALYST: Relation.ANALYST,
    Role.ADMINISTRATOR: Relation.ADMINISTRATOR,
    Role.SYSTEM: Relation.SYSTEM,
}


@dataclass(frozen=True, slots=True)
class Subject:
    """What a request is about: a resource, the person it concerns and the organisation it was shared with.

    `person` and `organisation` are None where there is none. `id` names one object in the trail.
    """

    resource: Resource
    id: str | None = None
    person: UUID | None = None
    organisation: UUID | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """Proof that an actor was permitted an action on a subject, and that the trail records it."""

    actor: Actor
    action: Action
    subject: Subject

    @property
    def person(self) -> UUID:
        """The person whom the subject is about. Raises TypeError if it is about nobody."""
        if self.subject.person is None:
            raise TypeError("this thing is nobody's")
        return self.subject.person


def permit(
    session: WriteSession, actor: Actor, action: Action, subject: Subject, **detail: str | int
) -> Grant:
    """Check that an actor may do something, and record it in the audit trail with `detail`.

    Raises NotFoundError if not, with the same words as for what does not exist: a refusal must not reveal
    that there is something. Refusals are recorded in the trail too.
    """
    is_granted = is_permitted(session, actor, action, subject)
    entry = Entry(
        role=actor.role.value,
        actor_id=actor.id,
        action=action.value if is_granted else f"refused {action.value}",
        resource=subject.resource.value,
        object_id=subject.id,
        subject_id=subject.person,
        detail=detail,
    )
    if not is_granted:
        # In a transaction of its own: the error below undoes the caller's, and the entry must remain.
        record_independently(session, entry)
        raise NotFoundError(NOT_FOUND_MESSAGE)
    record_entry(session, entry)
    return Grant(actor, action, subject)


def is_permitted(session: ReadSession, actor: Actor, action: Action, subject: Subject) -> bool:
    """Tell whether `permit` would succeed. Nothing is recorded, so nothing may be read because of it."""
    # Without a rule nobody has access.
    rule = RULES.get((subject.resource, action), frozenset())
    return not rule.isdisjoint(_find_relations(session, actor, subject))


def _find_relations(session: ReadSession, actor: Actor, subject: Subject) -> set[Relation]:
    """Find every relation of an actor to a subject: by role, by ownership, by sharing, by mandate."""
    relations = {_RELATION_BY_ROLE[actor.role]} if actor.role in _RELATION_BY_ROLE else set()
    # Strangers and the system have no id. Without this check, None would equal the person of a subject
    # that is about nobody.
    if actor.id is None:
        return relations
    if actor.role is Role.PERSON and actor.id == subject.person:
        relations.add(Relation.OWNER)
    is_shared = subject.organisation is not None and actor.organisation == subject.organisation
    if actor.role is Role.AGENT and is_shared:
        relations.add(Relation.PARTNER)
    may_help = actor.role is Role.CASE_WORKER and subject.person is not None
    if may_help and subject.person and is_mandated(session, actor.id, subject.person):
        relations.add(Relation.HELPER)
    return relations


def is_mandated(session: ReadSession, staff: UUID, person: UUID) -> bool:
    """Tell whether a case worker has a mandate of a person that is in force now."""
    mandate = exists().where(MandateRow.staff_id == staff, MandateRow.person_id == person, is_in_force(now()))
    return bool(session.scalar(select(mandate)))


def is_in_force(at: datetime) -> ColumnElement[bool]:
    """The SQL condition that a mandate was not ended and has not run out at an instant."""
    return and_(MandateRow.ended_at.is_(None), MandateRow.until > at)
