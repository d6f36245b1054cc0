"""Pages about this instance: who runs it, help, what is kept of people, and the accessibility statement."""

from __future__ import annotations

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from oim.channels.http.services import ServicesOf
from oim.channels.http.threads import PersonalRoute
from oim.channels.web.pages import READ_METHODS, PageOf
from oim.channels.wording import DATA_CLASSES, render_retention
from oim.features.rights import INACTIVITY_LIMIT, REGISTER, WARNING_PERIOD, DataClass
from oim.kit.errors import NotFoundError
from oim.kit.i18n import mark

INFORMATION_PAGES = ("about", "help", "privacy", "accessibility")
LOGO_PATH = "/operator-logo"
# Of those who work for OIM and its partners: no matter of whoever looks for a livelihood.
_STAFF_CLASSES = frozenset({DataClass.STAFF, DataClass.INVITATIONS})

router = APIRouter(route_class=PersonalRoute)
root_router = APIRouter(route_class=PersonalRoute)


@router.api_route("/about", methods=READ_METHODS)
def show_about(page: PageOf) -> HTMLResponse:
    """Show what OIM is and who runs this instance."""
    return page.render("information/about.html", logo_path=LOGO_PATH if page.operator.logo else None)


@router.api_route("/help", methods=READ_METHODS)
def show_help(page: PageOf) -> HTMLResponse:
    """Show how the site is used, and whom to ask or call."""
    return page.render("information/help.html")


@router.api_route("/accessibility", methods=READ_METHODS)
def show_accessibility(page: PageOf) -> HTMLResponse:
    """Show the accessibility statement."""
    return page.render("information/accessibility.html")


@router.api_route("/privacy", methods=READ_METHODS)
def show_privacy(page: PageOf) -> HTMLResponse:
    """Show what is kept of people, for how long, and how they have it erased.

    It is read from the records of processing, which the retention task reads too: it says what is done.
    """
    t = page.t
    return page.render(
        "information/privacy.html",
        records=[
            (*(t(words) for words in DATA_CLASSES[entry.data]), render_retention(entry.retention, t))
            for entry in REGISTER
            if entry.data not in _STAFF_CLASSES
        ],
        inactivity=render_retention(INACTIVITY_LIMIT, t),
        warning=render_retention(WARNING_PERIOD, t),
    )


@root_router.get(LOGO_PATH)
def show_logo(services: ServicesOf) -> Response:
    """Serve the picture of who runs this instance. Raises NotFoundError where there is none."""
    logo = services.operator.logo
    if logo is None:
        raise NotFoundError(mark("There is no such file here."))
    return Response(
        logo.content, media_type=logo.media_type, headers={"Cache-Control": "public, max-age=3600"}
    )
