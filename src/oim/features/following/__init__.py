"""Following offers: saved and dismissed offers, saved searches and alerts about what is new in them.

The progress of applications is in `applications`.
"""

from oim.features.following.alerts import send_due_alerts
from oim.features.following.offers import (
    dismiss,
    find_dismissed_ids,
    find_saved_ids,
    list_dismissed,
    list_saved,
    save,
    undo_dismissal,
    unsave,
)
from oim.features.following.saved_searches import delete_search, list_searches, save_search, set_alerts
from oim.features.following.search import FoundOffers, find_offers, recommend_offers
from oim.features.following.types import DismissalReason, DismissedOffer, SavedOffer, SavedSearch

__all__ = [
    "DismissalReason",
    "DismissedOffer",
    "FoundOffers",
    "SavedOffer",
    "SavedSearch",
    "delete_search",
    "dismiss",
    "find_dismissed_ids",
    "find_offers",
    "find_saved_ids",
    "list_dismissed",
    "list_saved",
    "list_searches",
    "recommend_offers",
    "save",
    "save_search",
    "send_due_alerts",
    "set_alerts",
    "undo_dismissal",
    "unsave",
]
