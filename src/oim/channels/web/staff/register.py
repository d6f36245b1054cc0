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
from oim.channels.web.staff.tables import Cell, Column, Table, build_table
from oim.channels.wording import AT_REST, DATA_CLASSES, LEGAL_BASES, render_retention
from oim.features import rights
from oim.kit.db import Listed, Listing
from oim.kit.i18n import mark

router = APIRouter(route_class=PersonalRoute, prefix="/register")
# Some twenty lines, in the order of the law: nothing to sort or to filter.
RECORDS = Table(
    path="staff/register",
    caption=mark("Records of processing"),
    columns=tuple(
        Column(name, label, is_sortable=False)
        for name, label in (
            ("data", mark("Data")),
            ("purpose", mark("What for")),
            ("readers", mark("Who sees it")),
            ("basis", mark("What allows it")),
            ("storage", mark("How it is stored")),
            ("retention", mark("For how long")),
        )
    ),
)


@router.get("")
def show_register(page: PageOf, services: ServicesOf, actor: StaffOf) -> HTMLResponse:
    """Show each class of data: content, purpose, who sees it, legal basis, storage, retention."""
    t = page.t
    with services.database.write() as session:
        records = rights.read_register(session, actor)
    rows = [
        [
            # Three cells: what the data is, what it is for, who may see it.
            *(Cell(t(words)) for words in DATA_CLASSES[record.data]),
            Cell(t(LEGAL_BASES[record.basis])),
            Cell(t(AT_REST[record.at_rest])),
            Cell(render_retention(record.retention, t)),
        ]
        for record in records
    ]
    whole = Listed(rows, len(rows), 1, 1)
    return page.render("staff/register.html", table=build_table(RECORDS, Listing(), whole, rows, page))
