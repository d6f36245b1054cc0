"""Permission checks: `permit` decides by the rules, records the decision in the trail, returns a `Grant`.

Functions that open personal data take a `Grant`, and only `permit` makes one, so nothing is read unrecorded.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select

from oim.features.access.models import MandateRow
from oim.features.access.rules import RULES, Action, Relation, Resource
from oim.features.access.types import Actor, Role
from oim.features.audit import Entry, record_entry, record_refusal
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
    [grant] = permit_all(session, actor, action, [subject], **detail)
    return grant


def permit_all(
    session: WriteSession, actor: Actor, action: Action, subjects: Sequence[Subject], **detail: str | int
) -> list[Grant]:
    """Check each of many subjects like `permit`, with one query for all of them. Raises NotFoundError."""
    mandating = _list_mandating(session, actor, subjects)
    return [_decide(session, actor, action, subject, detail, mandating) for subject in subjects]


def _decide(
    session: WriteSession,
    actor: Actor,
    action: Action,
    subject: Subject,
    detail: Mapping[str, str | int],
    mandating: Collection[UUID],
) -> Grant:
    """Decide about one subject, where these people have given the actor a mandate, and record it."""
    is_granted = _is_granted(actor, action, subject, mandating)
    entry = Entry(
        role=actor.role.value,
        actor_id=actor.id,
        action=action.value if is_granted else f"refused {action.value}",
        resource=subject.resource.value,
        object_id=subject.id,
        subject_id=subject.person,
        detail=dict(detail),
    )
    if not is_granted:
        # In a transaction of its own: the error below undoes the caller's, and the entry must remain.
        record_refusal(session, entry)
        raise NotFoundError(NOT_FOUND_MESSAGE)
    record_entry(session, entry)
    return Grant(actor, action, subject)


def is_permitted(session: ReadSession, actor: Actor, action: Action, subject: Subject) -> bool:
    """Tell whether `permit` would succeed. Nothing is recorded, so nothing may be read because of it."""
    return _is_granted(actor, action, subject, _list_mandating(session, actor, [subject]))


def _is_granted(actor: Actor, action: Action, subject: Subject, mandating: Collection[UUID]) -> bool:
    """Tell whether the rules permit an action by one of the actor's relations to the subject."""
    # Without a rule nobody has access.
    rule = RULES.get((subject.resource, action), frozenset())
    return not rule.isdisjoint(_find_relations(actor, subject, mandating))


def _find_relations(actor: Actor, subject: Subject, mandating: Collection[UUID]) -> set[Relation]:
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
    if actor.role is Role.CASE_WORKER and subject.person in mandating:
        relations.add(Relation.HELPER)
    return relations


def _list_mandating(session: ReadSession, actor: Actor, subjects: Sequence[Subject]) -> frozenset[UUID]:
    """List the people whom subjects are about and who have given the actor a mandate that is in force now."""
    people = [subject.person for subject in subjects if subject.person is not None]
    if actor.role is not Role.CASE_WORKER or actor.id is None or not people:
        return frozenset()
    mandates = MandateRow.staff_id == actor.id, MandateRow.person_id.in_(people), is_in_force(now())
    return frozenset(session.scalars(select(MandateRow.person_id).where(*mandates)))


def is_in_force(at: datetime) -> ColumnElement[bool]:
    """The SQL condition that a mandate was not ended and has not run out at an instant."""
    return and_(MandateRow.ended_at.is_(None), MandateRow.until > at)
