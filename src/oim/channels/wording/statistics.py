"""What is counted, in the words of a report."""

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
_OUTCOME_DAYS = {f"outcome_{days}": days for days in OUTCOME_DAYS}


def render_count_label(cell: Cell, t: Translator) -> str:
    """What people did, or what became of it so many days later."""
    if cell.what in _OUTCOME_DAYS:
        said = t(OUTCOME_LABELS[OutcomeAnswer(cell.answer)])
        return t("After %(days)s days: %(answer)s", days=_OUTCOME_DAYS[cell.what], answer=said)
    return t(ACT_LABELS[cell.what])


def render_count(cell: Cell, t: Translator) -> str:
    """How many people, where they are enough not to be recognised."""
    if cell.count is None:
        return t("fewer than %(least)s", least=MIN_CELL_COUNT)
    return format_number(cell.count, t.language)
