"""What of OIM does not work at present, in words for staff and operators."""

from __future__ import annotations

from oim.features.sign_in import ABROAD, CODE_BUDGET, BudgetLevel
from oim.kit.clock import CAMEROON
from oim.kit.disk import DiskLevel
from oim.kit.faults import DISK, Fault
from oim.kit.i18n import Translator, mark

# By part. Forks of the workers and of the site, which have names of their own, share `OTHER_PART`.
PARTS: dict[str, str] = {
    "postgres": mark("Since %(time)s the database has not been running; OIM starts it again."),
    "valkey": mark("Since %(time)s the message store has not been running; OIM starts it again."),
    "engine": mark("Since %(time)s the matching engine has not been running; OIM starts it again."),
    "site": mark("Since %(time)s the site has not been running; OIM starts it again."),
    "worker": mark(
        "Since %(time)s the workers have not been running, so codes and messages wait; OIM starts them again."
    ),
}
OTHER_PART = mark("Since %(time)s a part of OIM (%(part)s) has not been running; OIM starts it again.")
DISK_LEVELS: dict[str, str] = {
    DiskLevel.LOW: mark("The disk is nearly full: some space must be freed."),
    DiskLevel.FULL: mark("The disk is full: new offers and recommendations wait until some space is freed."),
}

BUDGET_LEVELS: dict[str, str] = {
    BudgetLevel.NEAR: mark(
        "Codes by SMS and WhatsApp (%(where)s) are near their ceiling: perhaps somebody has them sent to be "
        "paid for them."
    ),
    BudgetLevel.REACHED: mark(
        "Codes by SMS and WhatsApp (%(where)s) have reached their ceiling: for now only those get one who "
        "signed in before on the same device. Others can give an e-mail address."
    ),
}
# By the beginning of what `apps.backoff.describe_status` writes.
CAUSES: dict[str, str] = {
    "not ready": mark("not ready%(detail)s"),
    "exit status ": mark("exit status %(detail)s"),
    "killed by ": mark("killed by %(detail)s"),
}
ALL_ABROAD = mark("all countries abroad")


def render_fault(fault: Fault, t: Translator) -> str:
    """Render one fault as a sentence, with the time in Cameroon since which there is one."""
    if fault.part == DISK:
        return t(DISK_LEVELS[fault.cause])
    part, _, destination = fault.part.partition(" ")
    if part == CODE_BUDGET:
        return t(BUDGET_LEVELS[fault.cause], where=t(ALL_ABROAD) if destination == ABROAD else destination)
    time = f"{fault.since.astimezone(CAMEROON):%H:%M}" if fault.since else "?"
    return t(PARTS.get(fault.part, OTHER_PART), time=time, part=fault.part)


def render_cause(fault: Fault, t: Translator) -> str:
    """Render how a part ended, for operators; empty for a disk or a budget, whose sentence says it all."""
    for beginning, words in CAUSES.items():
        if fault.cause.startswith(beginning):
            return t(words, detail=fault.cause.removeprefix(beginning))
    return ""
