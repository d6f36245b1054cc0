"""The purposes, and the version of the words in which they are asked for."""

from __future__ import annotations

from enum import StrEnum

VERSION = "2026-11"  # of the words in `channels.wording.consents`; a house test holds them to it


class Purpose(StrEnum):
    """What personal data may be used for, each agreed to on its own."""

    MATCHING = "matching"  # their profile chooses offers for them
    MESSAGES = "messages"  # they are written to about offers and applications
    SHARING = "sharing"  # a partner they apply to receives what they choose to send
    STATISTICS = "statistics"  # they are counted, nameless
