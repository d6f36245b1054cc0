"""The answer to whether what was typed when a session had timed out is the visitor's own."""

from __future__ import annotations

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from oim.channels.http.services import ServicesOf
from oim.channels.http.threads import PersonalRoute
from oim.channels.web.authentication import SignedInOf
from oim.channels.web.pages import PageOf
from oim.channels.web.security import PostedForm, safe_next_path
from oim.channels.web.unsent_forms import claim_unsent_form, delete_unsent_form
from oim.kit.fields import first_value

router = APIRouter(route_class=PersonalRoute)


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
