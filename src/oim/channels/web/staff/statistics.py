"""The monthly statistics, for analysts and administrators: counts of people, without names."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from oim.channels.http.services import ServicesOf
from oim.channels.http.threads import PersonalRoute
from oim.channels.web.authentication import StaffOf
from oim.channels.web.options import build_options
from oim.channels.web.pages import PageOf
from oim.channels.web.staff.tables import Cell, Column, Filter, Table, build_table, parse_listing
from oim.channels.wording import KINDS, place_name, render_count, render_count_label
from oim.features import statistics
from oim.features.opportunities import Kind
from oim.features.statistics import Cell as Count
from oim.kit.i18n import Translator, format_month, mark

router = APIRouter(route_class=PersonalRoute, prefix="/statistics")


COUNTS = Table(
    path="staff/statistics",
    caption=mark("Statistics"),
    columns=(
        Column("month", mark("Month")),
        Column("what", mark("What happened")),
        Column("kind", mark("Kind of offer")),
        Column("region", mark("Region")),
        Column("people", mark("People")),
    ),
    filters=(
        Filter("kind", mark("Kind of offer"), lambda t: [(kind.value, t(KINDS[kind])) for kind in Kind]),
        Filter("region", mark("Region"), lambda t: build_options(t).regions),
    ),
    order="-month",
)


@router.get("")
def show_statistics(page: PageOf, services: ServicesOf, actor: StaffOf) -> HTMLResponse:
    """Show the counts of the months that are over, the latest month first."""
    listing = parse_listing(COUNTS, page)
    with services.database.write() as session:
        listed = statistics.list_cells(session, actor, listing)
    rows = [_build_row(cell, page.t) for cell in listed.items]
    table = build_table(COUNTS, listing, listed, rows, page)
    return page.render("staff/statistics.html", table=table, least=statistics.MIN_CELL_COUNT)


def _build_row(cell: Count, t: Translator) -> list[Cell]:
    """Build a line of the table: when, what was counted, the kind of offer, the region, how many people."""
    return [
        Cell(format_month(cell.month, t.language)),
        Cell(render_count_label(cell, t)),
        Cell(t(KINDS[Kind(cell.kind)])),
        Cell(place_name(cell.region, t) or t("Place not stated")),
        Cell(render_count(cell, t)),
    ]
