"""The page of one offer: its facts, how to apply, and what to beware of."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from fastapi import APIRouter
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse

from oim.channels.http.services import Services, ServicesOf
from oim.channels.http.threads import PERSONAL
from oim.channels.web.answers import build_way_views
from oim.channels.web.back_links import BACK_PARAMETER, BackLink, find_list, find_parent
from oim.channels.web.event_recording import ListParameter, create_event_task, parse_list_id
from oim.channels.web.next_actions import NextActions, build_sent_application, find_application
from oim.channels.web.offer_reasons import find_offer_reasons
from oim.channels.web.offer_state import load_offer_state
from oim.channels.web.offer_views import build_offer_view
from oim.channels.web.pages import READ_METHODS, PageContext, PageOf
from oim.channels.web.redirect_page import build_link
from oim.channels.web.search_links import open_search
from oim.features import applications, opportunities
from oim.features.access import Role
from oim.features.events import EventKind
from oim.kit.clock import now
from oim.kit.errors import NotFoundError
from oim.kit.i18n import mark

router = APIRouter()  # served once under each language


@router.api_route("/opportunities/{id_}", methods=READ_METHODS)
async def show_offer(page: PageOf, services: ServicesOf, id_: str, list_: ListParameter = "") -> HTMLResponse:
    """Show one offer. The query parameter `list` says from which list of recommendations it was opened.

    Another one, `back`, says from which page.
    """
    run = PERSONAL.run if page.actor.role is Role.PERSON else run_in_threadpool
    return await run(_render_offer, page, services, id_, list_)


def _render_offer(page: PageContext, services: Services, id_: str, list_: str) -> HTMLResponse:
    """Render the page of an offer as its visitor sees it. Raises NotFoundError."""
    list_id, actor = parse_list_id(list_), page.actor
    # Before any session: the engine may take a while. HEAD, as link checkers send it, is told no reasons.
    offer_id = _parse_offer_id(id_)
    reasons = find_offer_reasons(page, services, offer_id) if page.request.method == "GET" else ()
    # One transaction for all that the page shows. A person's own applications are among it, and that these
    # were read is recorded; for everybody else it only reads.
    open_session = services.database.write if actor.role is Role.PERSON else services.database.read
    with open_session() as session:
        offer = opportunities.get(session, offer_id)
        state = load_offer_state(session, actor, offer.id)
        can_apply_here = applications.can_apply(session, offer)
        application = find_application(session, actor, offer.id)
    event_task = create_event_task(page, services.database, EventKind.OPENED, list_, offer.id)
    response = page.render(
        "offer.html",
        offer=build_offer_view(offer, page.t, now()),
        next_actions=NextActions(
            can_apply_here,
            build_link(services.database.vault, offer, list_id),
            build_way_views(offer, page.t, list_id),
            build_sent_application(application, page.t) if application else None,
        ),
        reasons=reasons,
        state=state,
        parent=_find_parent(page, offer.id),
        list=list_id.hex if list_id else None,
    )
    response.headers.update(state.headers if state else {})
    # HEAD, as link checkers send it, shows the offer to nobody.
    response.background = event_task if page.request.method == "GET" else None
    return response


def _find_parent(page: PageContext, offer: UUID) -> BackLink | None:
    """The page from which the offer was opened, at the offer's place on it; else the list of all offers."""
    back, t = page.request.query_params.get(BACK_PARAMETER, ""), page.t
    vault = page.request.app.state.services.database.vault
    query = open_search(vault, page.request, back)
    if query is not None:
        return BackLink(f"/{t.language}/recommendations?{query or 'all=yes'}#c{offer}", t("The results"))
    parent = find_list(back, t) or find_parent(page.request.scope["path"], {}, t)
    return parent and replace(parent, href=f"{parent.href}#c{offer}")


def _parse_offer_id(id_: str) -> UUID:
    """Parse the id of an offer in a path. Raises NotFoundError for what is no id."""
    try:
        return UUID(id_)
    except ValueError:
        raise NotFoundError(mark("There is no page at this address.")) from None
