"""What messages are about."""

from __future__ import annotations

from enum import StrEnum


class MessageKind(StrEnum):
    """What a message says. Each is worded by the channels from its values."""

    CODE = "code"  # code, minutes: sent at once, at any hour
    ALERT = "alert"  # count: new offers of a saved search
    STAGE = "stage"  # title: an application moved
    OUTCOME = "outcome"  # title: what became of it?
    INACTIVE = "inactive"  # day: on which they will be forgotten
