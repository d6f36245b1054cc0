"""Leaving for a partner's site: first a page that says which one and what to beware of, then the way there.

The way is a link and not a form: `form-action` would stop a form that leads to another host.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, RedirectResponse

from oim.channels.http.services import ServicesOf
from oim.channels.web.event_recording import ListParameter, create_redirect_task, parse_list_id
from oim.channels.web.pages import READ_METHODS, PageOf
from oim.channels.wording import render_redirect_notice, render_warning
from oim.features import opportunities
from oim.features.applications import Destination, check_redirect, parse_destination, sign_redirect
from oim.features.opportunities import Opportunity
from oim.kit.crypto import Vault
from oim.kit.errors import NotFoundError

router = APIRouter(prefix="/opportunities/{id_}/leave")


@dataclass(frozen=True, slots=True)
class Link:
    """The way to an offer's own page, through ours, and the host of that page."""

    path: str
    host: str


@dataclass(frozen=True, slots=True)
class FollowedLink:
    """A link of ours that was followed."""

    offer: Opportunity
    destination: Destination
    list_id: UUID | None
    query: str


def build_link(vault: Vault, offer: Opportunity, list_id: UUID | None) -> Link | None:
    """The link to an offer's own page; none where it has none that is safe to open."""
    try:
        where = parse_destination(offer)
    except NotFoundError:
        return None
    query = _build_query(list_id, sign_redirect(vault, offer.id, where.url, list_id))
    return Link(f"opportunities/{offer.id}/leave?{query}", where.host)


def _get_followed_link(
    id_: UUID, services: ServicesOf, list_: ListParameter = "", s: str = ""
) -> FollowedLink:
    """Raises NotFoundError for a link that is not ours."""
    with services.database.read() as session:
        offer = opportunities.get(session, id_)
    where, list_id = parse_destination(offer), parse_list_id(list_)
    check_redirect(services.database.vault, s, id_, where.url, list_id)
    return FollowedLink(offer, where, list_id, _build_query(list_id, s))


FollowedLinkOf = Annotated[FollowedLink, Depends(_get_followed_link)]


@router.api_route("", methods=READ_METHODS)
def show_redirect_page(page: PageOf, link: FollowedLinkOf) -> HTMLResponse:
    """Which site it is, and what to beware of there. Nothing is fetched from it."""
    t = page.t
    leads, *beware = render_redirect_notice(link.destination, t)
    return page.render(
        "redirect.html",
        offer=link.offer.id,
        list=link.list_id.hex if link.list_id else None,
        query=link.query,
        host=link.destination.host,
        heading=leads,
        warnings=beware + [render_warning(flag, t) for flag in link.offer.warnings],
    )


@router.api_route("/go", methods=READ_METHODS)
def redirect_to_publisher(page: PageOf, services: ServicesOf, link: FollowedLinkOf) -> RedirectResponse:
    """On to it. Who comes from elsewhere, a message even, has not read the page in between: they do first."""
    request = page.request
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return page.redirect(f"opportunities/{link.offer.id}/leave?{link.query}")
    gone = create_redirect_task(services.database, page.actor, link.offer.id, link.list_id)
    headers = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    return RedirectResponse(link.destination.url, 303, headers, gone if request.method == "GET" else None)


def _build_query(list_id: UUID | None, signature: str) -> str:
    return urlencode(({"list": list_id.hex} if list_id else {}) | {"s": signature})
