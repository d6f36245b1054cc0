"""The home page of staff: what waits for them, and the pages that their role can use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from oim.channels.http.services import ServicesOf
from oim.channels.http.threads import PersonalRoute
from oim.channels.web.authentication import StaffOf
from oim.channels.web.pages import PageOf
from oim.channels.web.staff.waits import load_waits
from oim.channels.wording import ROLES, render_alert
from oim.features import staff, trust
from oim.features.access import Role
from oim.kit.i18n import mark

router = APIRouter(route_class=PersonalRoute)


@dataclass(frozen=True, slots=True)
class StaffPage:
    """A page of staff: its path below `/staff`, and its name to be translated."""

    path: str
    name: str


CASELOAD = StaffPage("people", mark("People I help"))
REVIEW = StaffPage("review", mark("Offers to review"))
APPLICATIONS = StaffPage("applications", mark("Applications received"))
NOTICES = StaffPage("notices", mark("How we write to you"))
ACCOUNTS = StaffPage("accounts", mark("Accounts of staff"))
SOURCES = StaffPage("sources", mark("Sources and partners we trust"))
REGISTER = StaffPage("register", mark("Records of processing"))
STATISTICS = StaffPage("statistics", mark("Statistics"))
# Only what the home page links to: every page checks for itself who may use it.
PAGES_BY_ROLE: Mapping[Role, tuple[StaffPage, ...]] = {
    Role.AGENT: (APPLICATIONS, NOTICES),
    Role.CASE_WORKER: (CASELOAD, REVIEW, REGISTER),
    Role.ANALYST: (STATISTICS, REGISTER),
    Role.ADMINISTRATOR: (REVIEW, SOURCES, ACCOUNTS, REGISTER, STATISTICS),
}


@router.get("")
def show_staff_home(page: PageOf, services: ServicesOf, actor: StaffOf) -> HTMLResponse:
    """Show what waits, the links for the role, and to reviewers what to look at now about reports.

    A case worker sees the code too by which people ask for their help.
    """
    worker, links = None, PAGES_BY_ROLE[actor.role]
    alerts: list[trust.Alert] = []
    if REVIEW in links:
        with services.database.read() as session:
            alerts = trust.find_alerts(session)
    if actor.role is Role.CASE_WORKER and actor.id:
        with services.database.read() as session:
            worker = staff.find_case_workers(session, [actor.id]).get(actor.id)
    faults = page.describe_faults()
    # A session that can write: who counted what is in the trail.
    with services.database.write() as session:
        waits = load_waits(session, actor, len(faults), page.t)
    return page.render(
        "staff/home.html",
        faults=faults,
        waits=waits,
        role=page.t(ROLES[actor.role]),
        pages=[(link.path, page.t(link.name)) for link in links],
        alerts=[render_alert(alert, page.t) for alert in alerts],
        code=worker.code if worker else None,
    )
