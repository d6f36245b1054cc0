"""What is counted, in the words of a report."""

from __future__ import annotations

from oim.features.applications import DAYS, Answer
from oim.features.statistics import LEAST, Cell
from oim.kit.i18n import Translator, format_number, mark

ACT_LABELS = {"applied": mark("Applied here"), "redirected": mark("Went to the partner’s site")}
OUTCOME_LABELS = {
    Answer.GOT_IT: mark("Got it, and still have it"),
    Answer.GOT_IT_LEFT: mark("Got it, but no longer have it"),
    Answer.WAITING: mark("Still wait for an answer"),
    Answer.NO: mark("Did not get it"),
    Answer.OTHER_LIVELIHOOD: mark("Found another way to earn a living"),
}
_OUTCOME_DAYS = {f"outcome_{days}": days for days in DAYS}


def render_count_label(cell: Cell, t: Translator) -> str:
    """What people did, or what became of it so many days later."""
    if cell.what in _OUTCOME_DAYS:
        said = t(OUTCOME_LABELS[Answer(cell.answer)])
        return t("After %(days)s days: %(answer)s", days=_OUTCOME_DAYS[cell.what], answer=said)
    return t(ACT_LABELS[cell.what])


def render_count(cell: Cell, t: Translator) -> str:
    """How many people, where they are enough not to be recognised."""
    if cell.count is None:
        return t("fewer than %(least)s", least=LEAST)
    return format_number(cell.count, t.language)
