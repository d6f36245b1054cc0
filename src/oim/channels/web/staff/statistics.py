"""The monthly statistics, for analysts and administrators: counts of people, without names."""

from __future__ import annotations

from itertools import groupby

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from oim.channels.http.services import ServicesOf
from oim.channels.http.threads import PersonalRoute
from oim.channels.web.authentication import StaffOf
from oim.channels.web.pages import PageOf
from oim.channels.wording import KINDS, place_name, render_count, render_count_label
from oim.features import statistics
from oim.features.opportunities import Kind
from oim.features.statistics import Cell
from oim.kit.i18n import Translator, format_month

router = APIRouter(route_class=PersonalRoute, prefix="/statistics")


@router.get("")
def show_statistics(page: PageOf, services: ServicesOf, actor: StaffOf) -> HTMLResponse:
    """Show the counts of the months that are over, the latest month first."""
    with services.database.write() as session:
        cells = statistics.load_table(session, actor)
    t = page.t
    # `groupby` joins neighbours only: `load_table` returns the cells sorted by month, oldest first.
    months = [
        (format_month(month, t.language), [_build_line(cell, t) for cell in month_cells])
        for month, month_cells in groupby(cells, lambda cell: cell.month)
    ]
    return page.render("staff/statistics.html", months=months[::-1], least=statistics.MIN_CELL_COUNT)


def _build_line(cell: Cell, t: Translator) -> tuple[str, str, str, str]:
    """Build a line of the table: what was counted, the kind of offer, the region, how many people."""
    region = place_name(cell.region, t) or t("Place not stated")
    return render_count_label(cell, t), t(KINDS[Kind(cell.kind)]), region, render_count(cell, t)
