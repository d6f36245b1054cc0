"""The home page with the search form, and the page of recommendations that answers it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from oim.channels.http.costs import cost_of_text, counts_as_person
from oim.channels.http.services import Services, ServicesOf
from oim.channels.http.threads import TextRoute
from oim.channels.web.drafts import find_draft
from oim.channels.web.offer_views import CardView, build_card_view, load_recommended_cards
from oim.channels.web.options import Options, build_options, list_missing_fields
from oim.channels.web.pages import READ_METHODS, PageContext, PageOf
from oim.channels.web.recommendation_form import FOLDED_FIELDS, RecommendationForm, parse_recommendation_form
from oim.channels.web.search_chips import build_chips
from oim.channels.web.search_links import (
    build_search_query,
    change_search_query,
    get_visit,
    read_search_link,
    seal_search,
    set_visit_cookie,
)
from oim.channels.web.security import VISIT_COOKIE, PostedForm
from oim.channels.web.statuses import Status
from oim.channels.wording import render_error
from oim.features import opportunities
from oim.features.matching import Answer
from oim.features.opportunities import Kind
from oim.kit.clock import now
from oim.kit.errors import OimError
from oim.kit.fields import FormFields
from oim.kit.i18n import Translator, negotiate_language

MAX_RECOMMENDATIONS = 10

root_router = APIRouter()
router = APIRouter(route_class=TextRoute)  # served once under each language


@root_router.api_route("/", methods=READ_METHODS)
def redirect_to_language(request: Request) -> RedirectResponse:
    """Redirect to the home page in the browser's language."""
    language = negotiate_language(request.headers.get("accept-language"))
    return RedirectResponse(f"/{language}/", 303, {"Vary": "Accept-Language"})


@router.api_route("/", methods=READ_METHODS)
def show_home(page: PageOf, services: ServicesOf) -> HTMLResponse:
    """Show the search form, and the newest offer of each kind."""
    at = now()
    with services.database.read_stale() as session:
        pages = [
            opportunities.list_newest(session, kind=kind, region=None, after=None, limit=1) for kind in Kind
        ]
    offers = [build_card_view(offer, page.t, at) for offers_page in pages for offer in offers_page.items]
    return _render_home(page, parse_recommendation_form({}, page.t), offers)


@router.post("/recommendations")
def submit_search(page: PageOf, services: ServicesOf, form: PostedForm) -> Response:
    """Lead to the results, which have an address; on an error show the form as it was filled in."""
    filled_form = parse_recommendation_form(form, page.t)
    if filled_form.errors:
        return _render_home(page, filled_form, status=400)
    visit = get_visit(page.request)
    query = build_search_query(services.database.vault, form, visit)
    if query is None:
        return _recommend(page, services, filled_form)
    # Not by `redirect`, after which a form that was kept is forgotten: a search is not that form.
    url = f"/{page.t.language}/recommendations?{query or 'all=yes'}"
    response = RedirectResponse(url, 303, {"Cache-Control": "no-store"})
    set_visit_cookie(response, visit)
    return response


@router.api_route("/recommendations", methods=READ_METHODS)
def show_results(page: PageOf, services: ServicesOf) -> Response:
    """Show the offers for the search in the address; without one, lead to the form."""
    if not page.request.url.query:
        if find_draft(page.request) is None:
            return page.redirect("")
        return _render_home(page, parse_recommendation_form({}, page.t))
    link = read_search_link(services.database.vault, page.request)
    filled_form = parse_recommendation_form(link.fields, page.t)
    if filled_form.errors:
        return _render_home(page, filled_form, status=400)
    return _recommend(page, services, filled_form, is_whole=link.is_whole)


def _recommend(
    page: PageContext, services: Services, filled_form: RecommendationForm, *, is_whole: bool = True
) -> HTMLResponse:
    """Render the offers for the person who filled in the form; where that fails, the form and why."""
    try:
        words_only = page.spend_search(cost_of_text(filled_form.profile.text))
        # `shown`: the engine records the list, so that what is opened from it can improve the ranking.
        answer = services.engine.recommend(
            filled_form.profile,
            MAX_RECOMMENDATIONS,
            shown=page.request.method != "HEAD",
            known=counts_as_person(services, page.actor),
            words_only=words_only,
        )
    except OimError as error:
        problem = render_error(error, page.t)
        return _render_home(page, filled_form, status=error, problem=problem)
    offers = load_recommended_cards(answer, filled_form.profile, services, page.t)
    # Offers for which the person is only nearly eligible come last, under a heading of their own.
    eligible = [offer for offer in offers if not offer.near_eligible]
    missing = list_missing_fields(answer.missing, page.t)
    visit = get_visit(page.request)
    response = page.render(
        "results.html",
        form=filled_form,
        is_whole=is_whole,
        options=_build_options(filled_form, page.t),
        heading=_render_heading(len(eligible), len(offers) - len(eligible), page.t),
        **_describe_search(page, services, filled_form, answer, visit),
        offers=eligible,
        near_eligible=[offer for offer in offers if offer.near_eligible],
        words_only=answer.words_only,
        missing=missing,
        open_details=any(field in FOLDED_FIELDS for field, _ in missing),
    )
    if VISIT_COOKIE not in page.request.cookies:
        set_visit_cookie(response, visit)
    # Others of the telephone must not find it in what the browser stored.
    response.headers["Cache-Control"] = "no-store"
    return response


def _describe_search(
    page: PageContext, services: Services, form: RecommendationForm, answer: Answer, visit: str
) -> dict[str, Any]:
    """What the results show of the search: its chips, and what offers lead back to it by."""
    vault, request = services.database.vault, page.request

    def find_address(fields: FormFields) -> str | None:
        """The address of the results of another search; None where these have none either."""
        query = change_search_query(vault, request, fields, visit) if request.url.query else None
        return None if query is None else f"/{page.t.language}/recommendations?{query or 'all=yes'}"

    return {
        "list": answer.list_id.hex if answer.list_id else None,
        # What leads here is repeated letter by letter: it opens for this browser alone, and not for long.
        "keep_path": f"/{page.t.language}/me/keep?{query}" if (query := request.url.query) else None,
        "chips": build_chips(form, answer.trades, find_address, page.t),
        "back": seal_search(vault, form.fields, visit),
    }


def _render_home(
    page: PageContext,
    form: RecommendationForm,
    offers: list[CardView] | None = None,
    *,
    status: Status = 200,
    problem: str | None = None,
) -> HTMLResponse:
    """Render the home page. `problem`: why the search failed although the form is right."""
    values = {
        "form": form,
        "options": _build_options(form, page.t),
        "offers": offers or [],
        "problem": problem,
    }
    return page.render("home.html", status, **values)


def _build_options(form: RecommendationForm, t: Translator) -> Options:
    """Build the choices of the search form, without those that its other answers settle."""
    return build_options(t, is_age_known=form.profile.birth_year is not None)


def _render_heading(eligible: int, near_eligible: int, t: Translator) -> str:
    """The heading of the results: how many offers fit; only if none does, how many nearly do."""
    if eligible:
        return t.plural("%(count)s offer for you", "%(count)s offers for you", eligible)
    if near_eligible:
        return t.plural("%(count)s offer almost for you", "%(count)s offers almost for you", near_eligible)
    return t("No offer fits for now")
