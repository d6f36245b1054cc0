"""Why an offer is not for somebody, as they say it."""

from __future__ import annotations

from oim.features.following import DismissalReason
from oim.kit.i18n import mark

DISMISSAL_REASONS: dict[DismissalReason, str] = {
    DismissalReason.TOO_FAR: mark("It is too far"),
    DismissalReason.PAY_TOO_LOW: mark("It pays too little"),
    DismissalReason.NOT_MY_TRADE: mark("It is not my trade"),
    DismissalReason.NOT_NOW: mark("Not now"),
    DismissalReason.ALREADY_DONE: mark("I have done this already"),
    DismissalReason.SUSPICIOUS: mark("It looks like a fraud"),
    DismissalReason.OTHER: mark("Another reason"),
}
