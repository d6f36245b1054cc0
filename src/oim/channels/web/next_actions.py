"""How to go on from an offer: apply here, on the partner's site, or as its words say; and what was done."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from oim.channels.web.pages import Visit
from oim.channels.web.redirect_page import Link, link_to
from oim.channels.web.services import Services
from oim.channels.wording import render_stage
from oim.features import applications
from oim.features.access import Role
from oim.features.applications import Application, Stage, Way
from oim.features.opportunities import Opportunity
from oim.kit.i18n import format_date


@dataclass(frozen=True, slots=True)
class Sent:
    """What the visitor did about an offer. `again`: it can be applied for all the same."""

    application: UUID
    stage: str
    day: str
    again: bool


@dataclass(frozen=True, slots=True)
class Onward:
    """The ways on. `here`: it is applied for here; `link`: to the partner's site."""

    here: bool
    link: Link | None
    sent: Sent | None


def onward(visit: Visit, services: Services, offer: Opportunity, list_id: UUID | None) -> Onward:
    """The ways on from an offer for who visits."""
    with services.database.read() as session:
        here = applications.can_apply(session, offer)
    return Onward(here, link_to(services.database.vault, offer, list_id), _sent(visit, services, offer.id))


def is_sent(application: Application | None) -> bool:
    """Whether something was sent here that the partner has."""
    return (
        application is not None and application.way is Way.INSIDE and application.stage is not Stage.WITHDRAWN
    )


def _sent(visit: Visit, services: Services, offer: UUID) -> Sent | None:
    actor, t = visit.actor, visit.t
    if actor.role is not Role.PERSON or actor.id is None:
        return None
    with services.database.write() as session:
        held = applications.towards(session, actor, actor.id, offer)
    if held is None:
        return None
    day = format_date(held.stages[-1].at, t.language)
    return Sent(held.id, render_stage(held, t)[0], day, not is_sent(held))
