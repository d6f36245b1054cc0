"""How a visitor can go on from an offer, and what they have done already.

They apply on OIM or on the partner's site; where neither is possible, the offer's text says how.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from oim.channels.web.answers import WayView
from oim.channels.web.redirect_page import Link
from oim.channels.wording import render_stage
from oim.features import applications
from oim.features.access import Actor, Role
from oim.features.applications import Application
from oim.kit.db import ReadSession, WriteSession
from oim.kit.i18n import Translator, format_date


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
    ways: list[WayView]  # all of them, those first that most people can use
    application: SentApplication | None


def find_application(session: ReadSession, actor: Actor, offer: UUID) -> Application | None:
    """Find the visitor's application to an offer; None where there is none, and for strangers and staff."""
    # Reading somebody's application is recorded in the audit trail, so a person's session is one that writes.
    if actor.role is not Role.PERSON or actor.id is None or not isinstance(session, WriteSession):
        return None
    return applications.find_for_offer(session, actor, actor.id, offer)


def build_sent_application(application: Application, t: Translator) -> SentApplication:
    """Put an application into words."""
    day = format_date(application.stages[-1].at, t.language)
    return SentApplication(application.id, render_stage(application, t)[0], day, not application.is_submitted)
