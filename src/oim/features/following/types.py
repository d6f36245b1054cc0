"""Plain values of what people keep of offers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from oim.features.opportunities import Opportunity, Search


class DismissalReason(StrEnum):
    """Why an offer is not for somebody."""

    TOO_FAR = "too_far"
    PAY_TOO_LOW = "pay_too_low"
    NOT_MY_TRADE = "not_my_trade"
    NOT_NOW = "not_now"
    ALREADY_DONE = "already_done"
    SUSPICIOUS = "suspicious"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class SavedOffer:
    """An offer that was saved, and whether it is still open."""

    offer: Opportunity
    at: datetime
    open: bool


@dataclass(frozen=True, slots=True)
class DismissedOffer:
    """An offer that was put aside."""

    offer: Opportunity
    reason: DismissalReason
    at: datetime


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A search that was saved. `looked_at`: offers first seen until then were told of, or were there."""

    id: UUID
    wanted: Search
    alerts: bool
    created_at: datetime
    looked_at: datetime
