"""How far an offer can be trusted: who it comes from, what in it warns, what people report, who reviews it.

What an offer is belongs to `opportunities`; how a warning is worded, to the channels.
"""

from oim.features.trust.forgetting import forget_notes, forget_reports, forget_words
from oim.features.trust.reporters import Reporter, reporter
from oim.features.trust.reports import LONGEST_WORDS, Report, report, reports_of
from oim.features.trust.review import LONGEST_NOTE, Held, Review, look, queue, release, withdraw
from oim.features.trust.screening import HELD_FROM, Screening, screen
from oim.features.trust.service import (
    mark_source,
    organisations,
    screen_stored,
    sources,
    verify_organisation,
)
from oim.features.trust.types import Decision, FlagCode, ReportReason

__all__ = [
    "HELD_FROM",
    "LONGEST_NOTE",
    "LONGEST_WORDS",
    "Decision",
    "FlagCode",
    "Held",
    "Report",
    "ReportReason",
    "Reporter",
    "Review",
    "Screening",
    "forget_notes",
    "forget_reports",
    "forget_words",
    "look",
    "mark_source",
    "organisations",
    "queue",
    "release",
    "report",
    "reporter",
    "reports_of",
    "screen",
    "screen_stored",
    "sources",
    "verify_organisation",
    "withdraw",
]
