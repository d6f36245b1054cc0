"""The searches that a person follows: run again, told of or not, followed no longer."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from oim.channels.web import search_form
from oim.channels.web.errors import status_of
from oim.channels.web.form import WHOLE, Form, first
from oim.channels.web.me.subject import MineOf, Whose
from oim.channels.web.pages import Visit, VisitOf
from oim.channels.web.security import SentForm
from oim.channels.web.services import Services, ServicesOf
from oim.channels.wording import render_search
from oim.features import consents, following
from oim.features.consents import Purpose
from oim.features.following import KeptSearch
from oim.kit.errors import ConflictError
from oim.kit.i18n import Translator, format_date

router = APIRouter(prefix="/searches")


@dataclass(frozen=True, slots=True)
class Followed:
    """A search as the page shows it: in words, since when, and the query that runs it."""

    id: UUID
    words: str
    since: str
    query: str
    alerts: bool


@router.get("")
def page(visit: VisitOf, services: ServicesOf, who: MineOf) -> HTMLResponse:
    """The newest first, and whether anything of them can be told."""
    return _page(visit, services, who, Form())


@router.post("")
def follow(visit: VisitOf, services: ServicesOf, who: MineOf, sent: SentForm) -> Response:
    """Follow the search that the listing showed."""
    asked = search_form.read(sent, visit.t)
    if asked.errors:
        return visit.go(f"opportunities{asked.query()}")
    alerts = bool(sent.get("alerts"))
    try:
        with services.database.write() as session:
            following.keep_search(session, who.actor, who.person, asked.wanted, alerts=alerts)
    except ConflictError as error:
        form = Form({}, {WHOLE: visit.t(error.message, **error.values)})
        return _page(visit, services, who, form, status_of(error))
    return visit.go("me/searches")


@router.post("/{search}/alerts")
def tell(search: UUID, visit: VisitOf, services: ServicesOf, who: MineOf, sent: SentForm) -> Response:
    """Be told of new offers, or no longer."""
    alerts = first(sent, "alerts") == "yes"
    with services.database.write() as session:
        following.set_alerts(session, who.actor, who.person, search, alerts=alerts)
    return visit.go("me/searches")


@router.post("/{search}/drop")
def drop(search: UUID, visit: VisitOf, services: ServicesOf, who: MineOf) -> Response:
    """Follow it no longer."""
    with services.database.write() as session:
        following.drop_search(session, who.actor, who.person, search)
    return visit.go("me/searches")


def _page(visit: Visit, services: Services, who: Whose, form: Form, status: int = 200) -> HTMLResponse:
    with services.database.write() as session:
        kept = following.searches(session, who.actor, who.person)
        reached = consents.agreed(session, who.person, Purpose.MESSAGES)
    return visit.render(
        "me/searches.html",
        status,
        form=form,
        searches=[_followed(one, visit.t) for one in kept],
        silent=not reached,
    )


def _followed(kept: KeptSearch, t: Translator) -> Followed:
    query = search_form.written(kept.wanted, t.language).query()
    since = format_date(kept.created_at, t.language)
    return Followed(kept.id, render_search(kept.wanted, t), since, query, kept.alerts)
