"""Ways to answer an offer: what kinds there are, and in which order people can use them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class WayKind(StrEnum):
    """How an offer can be answered, those first that most people can use at once and at no cost."""

    HERE = "here"  # the publisher receives applications on OIM
    LINK = "link"  # a page of the publisher
    WHATSAPP = "whatsapp"
    TELEPHONE = "telephone"
    EMAIL = "email"
    AGENCY = "agency"  # go to the nearest branch of the publisher
    ADDRESS = "address"  # go to a place


# Ways that cost a journey.
JOURNEYS = frozenset({WayKind.AGENCY, WayKind.ADDRESS})


@dataclass(frozen=True, slots=True)
class Way:
    """One way to answer an offer.

    `value` is a web address, a number in E.164, an e-mail address, or words that say where to go; it is empty
    for `HERE`. `direct`: whether the page of a link takes applications itself; None: its source does not say.
    """

    kind: WayKind
    value: str = ""
    hours: str = ""  # when somebody is there, in the source's words
    direct: bool | None = None


_ORDER = {kind: place for place, kind in enumerate(WayKind)}


def sort_ways(ways: tuple[Way, ...]) -> tuple[Way, ...]:
    """Order ways by what people can use, last a page that takes no application itself: it only tells more."""
    return tuple(sorted(ways, key=lambda way: (way.direct is False, _ORDER[way.kind])))
