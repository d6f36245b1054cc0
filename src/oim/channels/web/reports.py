"""Reporting an offer as fraudulent or wrong: the form, open to everybody, and the page of thanks."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from oim.channels.http.requests import client_address
from oim.channels.http.services import Services, ServicesOf
from oim.channels.http.threads import PersonalRoute
from oim.channels.web.form import Form, with_error
from oim.channels.web.notices import HELP_COOKIE, delete_help, set_help
from oim.channels.web.offer_views import build_card_view
from oim.channels.web.pages import READ_METHODS, PageContext, PageOf
from oim.channels.web.security import PostedForm
from oim.channels.web.statuses import Status
from oim.channels.wording import REPORT_FOLLOW_UP, REPORT_REASONS, SERIOUS_REPORT_FOLLOW_UP
from oim.features import opportunities, trust
from oim.kit.clock import now
from oim.kit.errors import OimError
from oim.kit.fields import first_value

REPORT_PATH = "/opportunities/{id_}/report"

router = APIRouter(route_class=PersonalRoute)


@router.api_route(REPORT_PATH, methods=READ_METHODS)
def ask_report(id_: UUID, page: PageOf, services: ServicesOf) -> HTMLResponse:
    """Show the form that asks what is wrong with an offer."""
    return _render(page, services, id_, Form())


@router.post(REPORT_PATH)
def send_report(id_: UUID, page: PageOf, services: ServicesOf, form: PostedForm) -> Response:
    """Record a report, by a stranger, a person or staff."""
    database = services.database
    try:
        # Counted against the rate limits first, so that reports with mistakes in them count too.
        reporter = trust.identify_reporter(
            database, services.sign_in.rate_limiter, page.actor, client_address(page.request)
        )
        with database.write() as session:
            reason, words = first_value(form, "reason"), first_value(form, "words")
            trust.report_offer(session, id_, reason, words, reporter)
    except OimError as error:
        return _render(page, services, id_, with_error(form, error, page.t), error)
    response = page.redirect("reported")
    set_help(response, is_serious=reason in trust.SERIOUS_REASONS)
    return response


@router.api_route("/reported", methods=READ_METHODS)
def show_thanks(page: PageOf) -> HTMLResponse:
    """Thank the visitor and say what happens next; after a report of violence, first whom to call, once.

    Names no offer: the report may have been the one that holds it, and then nobody can see it any more. Nor
    does the address tell anything of the reason: others who hold this telephone may read it.
    """
    shows_help = page.request.cookies.get(HELP_COOKIE) == "1"
    follow_up = SERIOUS_REPORT_FOLLOW_UP if shows_help else REPORT_FOLLOW_UP
    next_steps = [page.t(words) for words in follow_up]
    response = page.render("reported.html", next_steps=next_steps, shows_help=shows_help)
    if page.request.method == "GET":
        delete_help(response)
    return response


def _render(
    page: PageContext, services: Services, id_: UUID, form: Form, status: Status = 200
) -> HTMLResponse:
    """Render the form. Raises NotFoundError for an offer that is not public."""
    t = page.t
    with services.database.read() as session:
        offer = opportunities.get(session, id_)
    return page.render(
        "report.html",
        status,
        form=form,
        offer=build_card_view(offer, t, now()),
        reasons=[(reason.value, t(words)) for reason, words in REPORT_REASONS.items()],
    )
