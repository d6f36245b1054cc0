"""What a person follows: offers saved or put aside, searches saved, with word of what is new in them.

What became of an application is `applications`' matter.
"""

from oim.features.following.alerts import alert_due
from oim.features.following.looking import choose, look
from oim.features.following.offers import (
    dismiss,
    dismissed,
    dismissed_ids,
    save,
    saved,
    saved_ids,
    undo_dismissal,
    unsave,
)
from oim.features.following.searches import drop_search, keep_search, searches, set_alerts
from oim.features.following.types import DismissalReason, Dismissed, KeptSearch, Saved

__all__ = [
    "DismissalReason",
    "Dismissed",
    "KeptSearch",
    "Saved",
    "alert_due",
    "choose",
    "dismiss",
    "dismissed",
    "dismissed_ids",
    "drop_search",
    "keep_search",
    "look",
    "save",
    "saved",
    "saved_ids",
    "searches",
    "set_alerts",
    "undo_dismissal",
    "unsave",
]
