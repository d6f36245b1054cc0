"""How often an agent is written to when somebody applies: at once, or once a day."""

from __future__ import annotations

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from oim.channels.http.services import ServicesOf
from oim.channels.http.threads import PersonalRoute
from oim.channels.web.authentication import StaffOf
from oim.channels.web.form import Form, fill_form, with_error
from oim.channels.web.pages import PageContext, PageOf
from oim.channels.web.security import PostedForm
from oim.channels.web.statuses import Status
from oim.channels.wording import NOTICES
from oim.features import staff
from oim.kit.errors import BadInputError
from oim.kit.fields import first_value

router = APIRouter(route_class=PersonalRoute, prefix="/notices")


@router.get("")
def ask_notices(page: PageOf, services: ServicesOf, actor: StaffOf) -> HTMLResponse:
    """Show what the agent has chosen, and what else there is."""
    with services.database.read() as session:
        chosen = staff.find_notices(session, actor)
    return _render(page, fill_form({"notices": chosen.value}))


@router.post("")
def choose_notices(page: PageOf, services: ServicesOf, actor: StaffOf, form: PostedForm) -> Response:
    """Store the choice, and the language of this page as that of the e-mails."""
    try:
        with services.database.write() as session:
            staff.choose_notices(session, actor, first_value(form, "notices"), page.t.language)
    except BadInputError as error:
        return _render(page, with_error(form, error, page.t), error)
    return page.redirect("staff/notices", done="notices-saved")


def _render(page: PageContext, form: Form, status: Status = 200) -> HTMLResponse:
    """Render the form."""
    choices = [(choice.value, page.t(words)) for choice, words in NOTICES.items()]
    return page.render("staff/notices.html", status, form=form, choices=choices)
