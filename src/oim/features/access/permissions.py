"""The one accessor: it decides, enters the decision in the trail, and gives out what repositories ask for.

A repository that opens something personal takes a `Grant`, and only `permit` makes one.
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
_RELATION_BY_ROLE = {
    Role.CASE_WORKER: Relation.CASE_WORKER,
    Role.ANALYST: Relation.ANALYST,
    Role.ADMINISTRATOR: Relation.ADMINISTRATOR,
    Role.SYSTEM: Relation.SYSTEM,
}


@dataclass(frozen=True, slots=True)
class Subject:
    """A thing: the person it is about, the organisation it was shared with, where there is one."""

    resource: Resource
    id: str | None = None
    person: UUID | None = None
    organisation: UUID | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """That an actor may do this to that, as the trail says too."""

    actor: Actor
    action: Action
    subject: Subject

    @property
    def person(self) -> UUID:
        """The person it is about."""
        if self.subject.person is None:
            raise TypeError("this thing is nobody's")
        return self.subject.person


def permit(
    session: WriteSession, actor: Actor, action: Action, subject: Subject, **detail: str | int
) -> Grant:
    """Leave to do something, entered in the trail with `detail`.

    Raises NotFoundError, as for what does not exist: a refusal must not tell that there is something. It is
    entered in the trail too.
    """
    granted = is_permitted(session, actor, action, subject)
    entry = Entry(
        role=actor.role.value,
        actor_id=actor.id,
        action=action.value if granted else f"refused {action.value}",
        resource=subject.resource.value,
        object_id=subject.id,
        subject_id=subject.person,
        detail=detail,
    )
    if not granted:
        record_independently(session, entry)
        raise NotFoundError(NOT_FOUND_MESSAGE)
    record_entry(session, entry)
    return Grant(actor, action, subject)


def is_permitted(session: ReadSession, actor: Actor, action: Action, subject: Subject) -> bool:
    """Whether `permit` would give leave; nothing is entered in the trail, and nothing is read."""
    rule = RULES.get((subject.resource, action), frozenset())
    return not rule.isdisjoint(_find_relations(session, actor, subject))


def _find_relations(session: ReadSession, actor: Actor, subject: Subject) -> set[Relation]:
    found = {_RELATION_BY_ROLE[actor.role]} if actor.role in _RELATION_BY_ROLE else set()
    if actor.id is None:
        return found
    if actor.role is Role.PERSON and actor.id == subject.person:
        found.add(Relation.OWNER)
    shared = subject.organisation is not None and actor.organisation == subject.organisation
    if actor.role is Role.AGENT and shared:
        found.add(Relation.PARTNER)
    helps = actor.role is Role.CASE_WORKER and subject.person is not None
    if helps and subject.person and is_mandated(session, actor.id, subject.person):
        found.add(Relation.HELPER)
    return found


def is_mandated(session: ReadSession, staff: UUID, person: UUID) -> bool:
    """Whether a case worker helps a person now."""
    here = exists().where(MandateRow.staff_id == staff, MandateRow.person_id == person, is_in_force(now()))
    return bool(session.scalar(select(here)))


def is_in_force(at: datetime) -> ColumnElement[bool]:
    """That a mandate was neither ended nor is over."""
    return and_(MandateRow.ended_at.is_(None), MandateRow.until > at)
