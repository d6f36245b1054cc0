"""Redirect to a partner's site: first a page that names the site and warns of fraud, then the redirect.

The page has a link and not a form, since our Content-Security-Policy (`form-action 'self'`) stops a form that
is redirected to another host.
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
    """A link to an offer's own page, through ours."""

    path: str  # without slash and language: `opportunities/…/leave?s=…`
    host: str  # to which it leads in the end


@dataclass(frozen=True, slots=True)
class FollowedLink:
    """A link of ours that a visitor followed, with its signature checked."""

    offer: Opportunity
    destination: Destination
    list_id: UUID | None
    query: str  # of the link, to repeat it


def build_link(vault: Vault, offer: Opportunity, list_id: UUID | None) -> Link | None:
    """Build the link to an offer's own page; None where it has none that is safe to open."""
    try:
        destination = parse_destination(offer)
    except NotFoundError:
        return None
    # The link holds no address. Its signature covers the one that the offer has now: when that changes, the
    # link is refused.
    query = _build_query(list_id, sign_redirect(vault, offer.id, destination.url, list_id))
    return Link(f"opportunities/{offer.id}/leave?{query}", destination.host)


def has_page(offer: Opportunity) -> bool:
    """Whether an offer has a page of its own that is safe to open."""
    try:
        parse_destination(offer)
    except NotFoundError:
        return False
    return True


def _get_followed_link(
    id_: UUID, services: ServicesOf, list_: ListParameter = "", s: str = ""
) -> FollowedLink:
    """Load the offer of a link, and check its signature `s`. Raises NotFoundError if it is not ours."""
    with services.database.read() as session:
        offer = opportunities.get(session, id_)
    destination, list_id = parse_destination(offer), parse_list_id(list_)
    check_redirect(services.database.vault, s, id_, destination.url, list_id)
    return FollowedLink(offer, destination, list_id, _build_query(list_id, s))


FollowedLinkOf = Annotated[FollowedLink, Depends(_get_followed_link)]


@router.api_route("", methods=READ_METHODS)
def show_redirect_page(page: PageOf, link: FollowedLinkOf) -> HTMLResponse:
    """Show which site the link leads to, and what to beware of there. Nothing is fetched from that site."""
    t = page.t
    heading, *advice = render_redirect_notice(link.destination, t)
    return page.render(
        "redirect.html",
        offer=link.offer.id,
        list=link.list_id.hex if link.list_id else None,
        query=link.query,
        host=link.destination.host,
        heading=heading,
        warnings=advice + [render_warning(flag, t) for flag in link.offer.warnings],
    )


@router.api_route("/go", methods=READ_METHODS)
def redirect_to_publisher(page: PageOf, services: ServicesOf, link: FollowedLinkOf) -> RedirectResponse:
    """Redirect to the partner's site, and record it.

    A visitor who comes from elsewhere, be it from a link in a message, is first shown the warning.
    """
    request = page.request
    # A link in a message is "none", one on another site "cross-site". Browsers too old to say so pass.
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return page.redirect(f"opportunities/{link.offer.id}/leave?{link.query}")
    task = create_redirect_task(page, services.database, link.offer.id, link.list_id)
    # The partner's site does not see which page of OIM its visitor comes from.
    headers = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    return RedirectResponse(link.destination.url, 303, headers, task if request.method == "GET" else None)


def _build_query(list_id: UUID | None, signature: str) -> str:
    """The query of a link: the list in which the offer was shown, if any, and the signature."""
    return urlencode(({"list": list_id.hex} if list_id else {}) | {"s": signature})
