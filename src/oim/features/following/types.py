"""Values of saved and dismissed offers and of saved searches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from oim.features.opportunities import Opportunity, Search


class DismissalReason(StrEnum):
    """Why a person dismissed an offer."""

    TOO_FAR = "too_far"
    PAY_TOO_LOW = "pay_too_low"
    NOT_MY_TRADE = "not_my_trade"
    NOT_NOW = "not_now"
    ALREADY_DONE = "already_done"
    SUSPICIOUS = "suspicious"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class SavedOffer:
    """An offer that a person saved, when, and whether it is still open."""

    offer: Opportunity
    at: datetime
    open: bool


@dataclass(frozen=True, slots=True)
class DismissedOffer:
    """An offer that a person dismissed, why and when."""

    offer: Opportunity
    reason: DismissalReason
    at: datetime


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A search that a person saved.

    `alerts`: whether they are notified of new offers. `looked_at`: until when offers have been dealt with, by
    an alert or because they were there when alerts began.
    """

    id: UUID
    search: Search
    alerts: bool
    created_at: datetime
    looked_at: datetime
