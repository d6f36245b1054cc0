"""The searches that a person follows: save one, run it again, turn its alerts on or off, delete it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from oim.channels.http.services import Services, ServicesOf
from oim.channels.http.threads import PersonalRoute
from oim.channels.web import search_form
from oim.channels.web.form import WHOLE_FORM, Form
from oim.channels.web.me.subject import ActingFor, CurrentPerson
from oim.channels.web.pages import PageContext, PageOf
from oim.channels.web.security import PostedForm
from oim.channels.web.statuses import Status
from oim.channels.wording import render_error, render_search
from oim.features import consents, following
from oim.features.consents import Purpose
from oim.features.following import SavedSearch
from oim.kit.errors import ConflictError
from oim.kit.fields import first_value
from oim.kit.i18n import Translator, format_date

router = APIRouter(route_class=PersonalRoute, prefix="/searches")


@dataclass(frozen=True, slots=True)
class FollowedSearch:
    """A saved search as the page shows it: in words, since when, and the query string that runs it again.

    `alerts`: whether messages about new offers are on.
    """

    id: UUID
    text: str
    since: str
    query: str
    alerts: bool


@router.get("")
def list_searches(page: PageOf, services: ServicesOf, subject: CurrentPerson) -> HTMLResponse:
    """List the saved searches, newest first, with a notice where no message may be sent about them."""
    return _render(page, services, subject, Form())


@router.post("")
def follow(page: PageOf, services: ServicesOf, subject: CurrentPerson, form: PostedForm) -> Response:
    """Save the search that the listing of offers showed."""
    parsed_form = search_form.parse_search_form(form, page.t)
    if parsed_form.errors:
        # The listing shows the errors beside their fields.
        return page.redirect(f"opportunities{parsed_form.to_query_string()}")
    alerts = bool(form.get("alerts"))
    try:
        with services.database.write() as session:
            following.save_search(session, subject.actor, subject.person, parsed_form.search, alerts=alerts)
    except ConflictError as error:
        # Too many saved searches: no field of this page is wrong, so the error stands above all of it.
        filled_form = Form({}, {WHOLE_FORM: render_error(error, page.t)})
        return _render(page, services, subject, filled_form, error)
    return page.redirect("me/searches", done="search-followed")


@router.post("/{search}/alerts")
def set_alerts(
    search: UUID, page: PageOf, services: ServicesOf, subject: CurrentPerson, form: PostedForm
) -> Response:
    """Turn the alerts about new offers of a saved search on or off."""
    alerts = first_value(form, "alerts") == "yes"
    with services.database.write() as session:
        following.set_alerts(session, subject.actor, subject.person, search, alerts=alerts)
    return page.redirect("me/searches", done="search-changed")


@router.post("/{search}/drop")
def drop(search: UUID, page: PageOf, services: ServicesOf, subject: CurrentPerson) -> Response:
    """Delete a saved search."""
    with services.database.write() as session:
        following.delete_search(session, subject.actor, subject.person, search)
    return page.redirect("me/searches", done="search-removed")


def _render(
    page: PageContext, services: Services, subject: ActingFor, form: Form, status: Status = 200
) -> HTMLResponse:
    """Render the list of saved searches; `form` carries an error about a search that was not saved."""
    with services.database.write() as session:
        saved_searches = following.list_searches(session, subject.actor, subject.person)
        can_message = consents.has_agreed(session, subject.person, Purpose.MESSAGES)
    return page.render(
        "me/searches.html",
        status,
        form=form,
        searches=[_build_view(saved_search, page.t) for saved_search in saved_searches],
        messages_off=not can_message,
    )


def _build_view(saved_search: SavedSearch, t: Translator) -> FollowedSearch:
    query = search_form.fill_search_form(saved_search.search, t.language).to_query_string()
    since = format_date(saved_search.created_at, t.language)
    return FollowedSearch(
        saved_search.id, render_search(saved_search.search, t), since, query, saved_search.alerts
    )
