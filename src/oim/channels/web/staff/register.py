"""The records of processing, as the law asks for them; the retention task goes by the same table."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from oim.channels.http.services import ServicesOf
from oim.channels.web.authentication import StaffOf
from oim.channels.web.pages import PageOf
from oim.channels.wording import AT_REST, DATA_CLASSES, LEGAL_BASES, render_retention
from oim.features import rights

router = APIRouter(prefix="/register")


@router.get("")
def show_register(page: PageOf, services: ServicesOf, actor: StaffOf) -> HTMLResponse:
    """Each class of data: what, what for, who sees it, how it lies, how long it is kept."""
    t = page.t
    with services.database.write() as session:
        records = rights.read_register(session, actor)
    return page.render(
        "staff/register.html",
        records=[
            (
                *(t(words) for words in DATA_CLASSES[one.data]),
                t(LEGAL_BASES[one.basis]),
                t(AT_REST[one.at_rest]),
                render_retention(one.retention, t),
            )
            for one in records
        ],
    )
