"""Trust in offers: known sources and verified organisations, screening for fraud, reports, review by staff.

Offers themselves are in `opportunities`; the text of warnings is in the channels. The reasons for the design
are in `docs/decisions/0009-trust.md` and `0028-strangers-are-not-people.md`.
"""

from oim.features.trust.alerts import Alert, find_alerts
from oim.features.trust.reporters import Reporter, identify_reporter
from oim.features.trust.reports import (
    MAX_REPORT_LENGTH,
    Report,
    erase_report_words,
    list_reports,
    purge_reports,
    report_offer,
)
from oim.features.trust.review import (
    MAX_NOTE_LENGTH,
    Review,
    ReviewItem,
    count_review_queue,
    list_review_queue,
    load_review_item,
    load_review_queue,
    purge_review_notes,
    release,
    withdraw,
)
from oim.features.trust.screening import HOLD_THRESHOLD, Screening, screen
from oim.features.trust.service import (
    find_organisations,
    list_organisation_page,
    list_source_page,
    load_sources,
    mark_source,
    screen_stored,
    verify_organisation,
)
from oim.features.trust.types import SERIOUS_REASONS, AlertCode, Decision, FlagCode, ReportReason

__all__ = [
    "HOLD_THRESHOLD",
    "MAX_NOTE_LENGTH",
    "MAX_REPORT_LENGTH",
    "SERIOUS_REASONS",
    "Alert",
    "AlertCode",
    "Decision",
    "FlagCode",
    "Report",
    "ReportReason",
    "Reporter",
    "Review",
    "ReviewItem",
    "Screening",
    "count_review_queue",
    "erase_report_words",
    "find_alerts",
    "find_organisations",
    "identify_reporter",
    "list_organisation_page",
    "list_reports",
    "list_review_queue",
    "list_source_page",
    "load_review_item",
    "load_review_queue",
    "load_sources",
    "mark_source",
    "purge_reports",
    "purge_review_notes",
    "release",
    "report_offer",
    "screen",
    "screen_stored",
    "verify_organisation",
    "withdraw",
]
