"""The first page of staff: what their role has to do here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from oim.channels.web.authentication import StaffOf
from oim.channels.web.pages import VisitOf
from oim.channels.web.services import ServicesOf
from oim.channels.wording import ROLES
from oim.features import staff
from oim.features.access import Role
from oim.kit.i18n import mark

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Way:
    """A page of staff, by its path and its name."""

    path: str
    name: str


CASELOAD = Way("people", mark("People I help"))
REVIEW = Way("review", mark("Offers to review"))
APPLICATIONS = Way("applications", mark("Applications received"))
ACCOUNTS = Way("accounts", mark("Accounts of staff"))
SOURCES = Way("sources", mark("Sources and partners we trust"))
REGISTER = Way("register", mark("Records of processing"))
STATISTICS = Way("statistics", mark("Statistics"))
WAYS: Mapping[Role, tuple[Way, ...]] = {
    Role.AGENT: (APPLICATIONS,),
    Role.CASE_WORKER: (CASELOAD, REVIEW, REGISTER),
    Role.ANALYST: (STATISTICS, REGISTER),
    Role.ADMINISTRATOR: (REVIEW, SOURCES, ACCOUNTS, REGISTER, STATISTICS),
}


@router.get("")
def home(visit: VisitOf, services: ServicesOf, actor: StaffOf) -> HTMLResponse:
    """The ways on; for a case worker, the code by which people ask for their help."""
    worker = None
    if actor.role is Role.CASE_WORKER and actor.id:
        with services.database.read() as session:
            worker = staff.worker(session, actor.id)
    return visit.render(
        "staff/home.html",
        role=visit.t(ROLES[actor.role]),
        ways=[(way.path, visit.t(way.name)) for way in WAYS[actor.role]],
        code=worker.code if worker else None,
    )
