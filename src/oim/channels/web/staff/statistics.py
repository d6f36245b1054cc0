"""What is counted without names, month by month, for analysts and administrators."""

from __future__ import annotations

from itertools import groupby

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from oim.channels.http.services import ServicesOf
from oim.channels.web.authentication import StaffOf
from oim.channels.web.pages import PageOf
from oim.channels.wording import KINDS, place_name, render_count, render_count_label
from oim.features import statistics
from oim.features.opportunities import Kind
from oim.features.statistics import Cell
from oim.kit.i18n import Translator, format_month

router = APIRouter(prefix="/statistics")


@router.get("")
def show_statistics(page: PageOf, services: ServicesOf, actor: StaffOf) -> HTMLResponse:
    """The months that are over, the last one first."""
    with services.database.write() as session:
        cells = statistics.load_table(session, actor)
    t = page.t
    months = [
        (format_month(month, t.language), [_build_line(cell, t) for cell in of])
        for month, of in groupby(cells, lambda cell: cell.month)
    ]
    return page.render("staff/statistics.html", months=months[::-1], least=statistics.MIN_CELL_COUNT)


def _build_line(cell: Cell, t: Translator) -> tuple[str, str, str, str]:
    """What was counted, of which offers, where, how many people."""
    where = place_name(cell.region, t) or t("Place not stated")
    return render_count_label(cell, t), t(KINDS[Kind(cell.kind)]), where, render_count(cell, t)
