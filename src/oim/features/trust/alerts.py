"""What staff are alerted to about reports, on their pages, in the queue and on the command line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from oim.features.trust.models import ReportRow
from oim.features.trust.types import AlertCode
from oim.features.trust.voices import (
    MAX_CAUTIONED,
    MAX_HIDDEN,
    count_cautioned,
    count_hidden,
    find_raised_since,
    find_serious_since,
)
from oim.kit.clock import now
from oim.kit.db import ReadSession

# Reports in an hour from which somebody may be flooding the queue: one is sent in some minutes, not twenty.
BURST_REPORTS, BURST_WINDOW = 20, timedelta(hours=1)
MAX_COUNTED = 200  # offers; more are as bad


@dataclass(frozen=True, slots=True)
class Alert:
    """Something about reports that staff should look at now, and how many offers or reports there are."""

    code: AlertCode
    count: int


def find_alerts(session: ReadSession) -> list[Alert]:
    """Find what staff should look at now. It names no offer and no reporter."""
    sent = session.scalar(select(func.count()).where(ReportRow.at > now() - BURST_WINDOW)) or 0
    # Of each: how many there are, and from how many on it is an alert.
    counts = {
        AlertCode.SERIOUS: (len(find_serious_since(session, MAX_COUNTED)), 1),
        AlertCode.RAISED: (len(find_raised_since(session, MAX_COUNTED)), 1),
        AlertCode.BURST: (sent, BURST_REPORTS),
        AlertCode.BUDGET_SPENT: (count_hidden(session), MAX_HIDDEN),
        AlertCode.CAUTIONS_SPENT: (count_cautioned(session), MAX_CAUTIONED),
    }
    return [Alert(code, count) for code, (count, least) in counts.items() if count >= least]
