"""What parts of OIM may do beyond what they need, which depends on the database and on this system."""

from __future__ import annotations

from sqlalchemy import text

from oim.apps.cli.terminal import t
from oim.features import cv
from oim.kit.db import ReadSession


def list_excesses(session: ReadSession) -> list[str]:
    """List the rights of the application in the database, and of the readers of CVs, that nothing needs."""
    may_change_trail = bool(session.scalar(text("SELECT has_table_privilege('audit', 'DELETE')")))
    isolation = cv.find_isolation()
    excesses = (
        (may_change_trail, t("the application may change the audit trail (set OIM_DATABASE_OWNER_URL)")),
        (not isolation["files"], t("this system does not hide our files from the reading of CVs")),
        (not isolation["network"], t("this system does not keep the reading of CVs from the network")),
        (not isolation["processes"], t("this system does not keep the reading of CVs from other processes")),
    )
    return [sentence for applies, sentence in excesses if applies]
