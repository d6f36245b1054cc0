"""How to go on from an offer: apply here, on the partner's site, or as its words say; and what was done."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from oim.channels.http.services import Services
from oim.channels.web.pages import PageContext
from oim.channels.web.redirect_page import Link, build_link
from oim.channels.wording import render_stage
from oim.features import applications
from oim.features.access import Role
from oim.features.opportunities import Opportunity
from oim.kit.i18n import format_date


@dataclass(frozen=True, slots=True)
class SentApplication:
    """What the visitor did about an offer. `again`: it can be applied for all the same."""

    id: UUID
    stage: str
    day: str
    can_apply_again: bool


@dataclass(frozen=True, slots=True)
class NextActions:
    """The ways on. `here`: it is applied for here; `link`: to the partner's site."""

    can_apply_here: bool
    link: Link | None
    application: SentApplication | None


def find_next_actions(
    page: PageContext, services: Services, offer: Opportunity, list_id: UUID | None
) -> NextActions:
    """The ways on from an offer for who visits."""
    with services.database.read() as session:
        here = applications.can_apply(session, offer)
    return NextActions(
        here, build_link(services.database.vault, offer, list_id), _find_application(page, services, offer.id)
    )


def _find_application(page: PageContext, services: Services, offer: UUID) -> SentApplication | None:
    actor, t = page.actor, page.t
    if actor.role is not Role.PERSON or actor.id is None:
        return None
    with services.database.write() as session:
        application = applications.find_for_offer(session, actor, actor.id, offer)
    if application is None:
        return None
    day = format_date(application.stages[-1].at, t.language)
    return SentApplication(application.id, render_stage(application, t)[0], day, not application.is_submitted)
