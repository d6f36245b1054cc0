"""The counts of the monthly statistics in words."""

from __future__ import annotations

from oim.features.applications import OUTCOME_DAYS, OutcomeAnswer
from oim.features.statistics import MIN_CELL_COUNT, Cell
from oim.kit.i18n import Translator, format_number, mark

ACT_LABELS = {"applied": mark("Applied here"), "redirected": mark("Went to the partner’s site")}
OUTCOME_LABELS = {
    OutcomeAnswer.GOT_IT: mark("Got it, and still have it"),
    OutcomeAnswer.GOT_IT_LEFT: mark("Got it, but no longer have it"),
    OutcomeAnswer.WAITING: mark("Still wait for an answer"),
    OutcomeAnswer.NO: mark("Did not get it"),
    OutcomeAnswer.OTHER_LIVELIHOOD: mark("Found another way to earn a living"),
}
# What a cell with answers about the outcome counts: `outcome_30` for those asked for 30 days after applying.
_OUTCOME_DAYS = {f"outcome_{days}": days for days in OUTCOME_DAYS}


def render_count_label(cell: Cell, t: Translator) -> str:
    """Render what a cell counts: an act, or an answer about the outcome so many days later."""
    if cell.what in _OUTCOME_DAYS:
        answer = t(OUTCOME_LABELS[OutcomeAnswer(cell.answer)])
        return t("After %(days)s days: %(answer)s", days=_OUTCOME_DAYS[cell.what], answer=answer)
    return t(ACT_LABELS[cell.what])


def render_count(cell: Cell, t: Translator) -> str:
    """Render how many people a cell counts; None stands for too few to be published."""
    if cell.count is None:
        return t("fewer than %(least)s", least=MIN_CELL_COUNT)
    return format_number(cell.count, t.language)
