"""How a visitor can go on from an offer, and what they have done already.

They apply on OIM or on the partner's site; where neither is possible, the offer's text says how.
"""

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
    """The visitor's application to an offer, with its latest stage and the day of it as texts."""

    id: UUID
    stage: str
    day: str
    can_apply_again: bool  # it was only a visit to the partner's site, or it was withdrawn


@dataclass(frozen=True, slots=True)
class NextActions:
    """What the visitor can do about an offer. The page offers `link` only where `can_apply_here` is false."""

    can_apply_here: bool
    link: Link | None  # to the partner's site
    application: SentApplication | None


def find_next_actions(
    page: PageContext, services: Services, offer: Opportunity, list_id: UUID | None
) -> NextActions:
    """Find how the visitor can go on from an offer that they saw in a list, or in none."""
    with services.database.read() as session:
        can_apply_here = applications.can_apply(session, offer)
    return NextActions(
        can_apply_here,
        build_link(services.database.vault, offer, list_id),
        _find_application(page, services, offer.id),
    )


def _find_application(page: PageContext, services: Services, offer: UUID) -> SentApplication | None:
    """The visitor's application to an offer; None where there is none, and for strangers and staff."""
    actor, t = page.actor, page.t
    if actor.role is not Role.PERSON or actor.id is None:
        return None
    # A write session, since reading somebody's application is recorded in the audit trail.
    with services.database.write() as session:
        application = applications.find_for_offer(session, actor, actor.id, offer)
    if application is None:
        return None
    day = format_date(application.stages[-1].at, t.language)
    return SentApplication(application.id, render_stage(application, t)[0], day, not application.is_submitted)
