"""What was typed and not sent: having it kept while one signs in, and saying whether it is one's own."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import RedirectResponse

from oim.channels.http.services import ServicesOf
from oim.channels.http.threads import PersonalRoute
from oim.channels.web.authentication import SignedInOf
from oim.channels.web.pages import PageOf
from oim.channels.web.security import PostedForm, build_sign_in_url, safe_next_path
from oim.channels.web.unsent_forms import (
    claim_unsent_form,
    delete_unsent_form,
    keep_for_next,
    set_unsent_cookie,
)
from oim.kit.errors import UnavailableError
from oim.kit.fields import first_value
from oim.kit.i18n import mark

router = APIRouter(route_class=PersonalRoute)


@router.post("/unsent-form/keep")
def keep_form(
    page: PageOf,
    services: ServicesOf,
    form: PostedForm,
    form_page: Annotated[str, Query(alias="page")] = "",
    action: str = "",
) -> Response:
    """Keep what its writer sees on the page of an error, and lead to signing in and back to its page."""
    next_ = safe_next_path(form_page) or f"/{page.t.language}/me"
    token = keep_for_next(page.request, services, form, next_, action)
    if token is None:
        raise UnavailableError(mark("What you wrote cannot be kept at the moment. It is below: try again."))
    url = build_sign_in_url(page.t.language, next_, next_)
    response = RedirectResponse(url, 303, {"Cache-Control": "no-store"})
    set_unsent_cookie(response, token)
    return response


@router.post("/unsent-form")
def answer_question(page: PageOf, services: ServicesOf, actor: SignedInOf, form: PostedForm) -> Response:
    """Show what was typed to whoever says that they typed it, else delete it; then back to its page."""
    next_ = first_value(form, "next")
    if first_value(form, "was_me") != "yes":
        delete_unsent_form(page.request, services, actor)
        return page.redirect_back(next_, "")
    claim_unsent_form(page.request, services, actor)
    # Not `redirect_back`, after which the browser forgets what it is to show now.
    url = safe_next_path(next_) or safe_next_path(next_.partition("?")[0]) or f"/{page.t.language}/"
    return RedirectResponse(url, 303, {"Cache-Control": "no-store"})
