"""The records of processing that the law asks for (Law 2024/017 of Cameroon).

The nightly retention task deletes by the same table, so the page shows what is really done.
"""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from oim.channels.http.services import ServicesOf
from oim.channels.http.threads import PersonalRoute
from oim.channels.web.authentication import StaffOf
from oim.channels.web.pages import PageOf
from oim.channels.wording import AT_REST, DATA_CLASSES, LEGAL_BASES, render_retention
from oim.features import rights

router = APIRouter(route_class=PersonalRoute, prefix="/register")


@router.get("")
def show_register(page: PageOf, services: ServicesOf, actor: StaffOf) -> HTMLResponse:
    """Show each class of data: content, purpose, who sees it, legal basis, storage, retention."""
    t = page.t
    with services.database.write() as session:
        records = rights.read_register(session, actor)
    return page.render(
        "staff/register.html",
        records=[
            (
                # Three values: what the data is, what it is for, who may see it.
                *(t(words) for words in DATA_CLASSES[record.data]),
                t(LEGAL_BASES[record.basis]),
                t(AT_REST[record.at_rest]),
                render_retention(record.retention, t),
            )
            for record in records
        ],
    )
