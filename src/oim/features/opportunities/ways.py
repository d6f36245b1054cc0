"""Ways to answer an offer: what kinds there are, in which order people can use them, which pages serve."""

from __future__ import annotations

import re
import unicodedata
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


# Chats with nobody's name, and services that shorten addresses: they say nothing of where they lead.
_UNCLEAR_HOSTS = (
    *(
        "t.me",
        "telegram.[a-z]+",
        "whatsapp.com",
        "wa.me",
        "m.me",
        "discord.gg",
        "discord.com",
        "signal.group",
    ),
    *("signal.me", "viber.com", "line.me", "bit.ly", "bitly.com", "tinyurl.com", "tiny.cc", "t.co", "goo.gl"),
    *("ow.ly", "is.gd", "v.gd", "cutt.ly", "rb.gy", "rebrand.ly", "shorturl.at", "buff.ly", "s.id", "t.ly"),
    *("adf.ly", "lnkd.in", "urlz.fr", "dub.sh", "n9.cl", "u.to", "qr.ae"),
)
# A sign of a label in a host: none that ends it, that stands for a dot, or that browsers drop.
_SIGN = r"[^\s/?#:@%.\\\[\]\u3002\u00ad\u034f\u180b-\u180d\u200b-\u200d\u2060\ufe00-\ufe0f\ufeff]"
# Two labels at least, the last one a word, and nobody's name before them. Python and PostgreSQL read it
# alike, over text in the form NFKC, without regard to capitals.
_UNCLEAR = "|".join(_UNCLEAR_HOSTS).replace(".", r"\.")
CLEAR_PAGE = (
    rf"^https?://(?!(?:{_SIGN}+\.)*(?:{_UNCLEAR})\.?(?:[:/?#]|\Z))"
    rf"(?:{_SIGN}+\.)+(?!\d){_SIGN}{_SIGN}+\.?(?::\d+)?(?:[/?#]|\Z)"
)
_CLEAR_PAGE = re.compile(CLEAR_PAGE, re.IGNORECASE)


def is_clear_page(url: str) -> bool:
    """Whether a web address says where it leads: only such a page is a way to answer, and is opened."""
    return _CLEAR_PAGE.match(unicodedata.normalize("NFKC", url)) is not None


_ORDER = {kind: place for place, kind in enumerate(WayKind)}


def sort_ways(ways: tuple[Way, ...]) -> tuple[Way, ...]:
    """Order ways by what people can use, last a page that takes no application itself: it only tells more."""
    return tuple(sorted(ways, key=lambda way: (way.direct is False, _ORDER[way.kind])))
