"""Ways to answer an offer in words: the button of each, what is behind it, and the link that opens it."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

import phonenumbers

from oim.features.opportunities import JOURNEYS, Way, WayKind
from oim.kit.i18n import Translator, mark

# The texts of the button, and of the heading above what the button leads to.
WAYS = {
    WayKind.HERE: mark("Apply here"),
    WayKind.LINK: mark("Answer on the publisher’s site"),
    WayKind.WHATSAPP: mark("Write on WhatsApp"),
    WayKind.TELEPHONE: mark("Call the publisher"),
    WayKind.EMAIL: mark("Write an e-mail"),
    WayKind.AGENCY: mark("Go to the nearest office"),
    WayKind.ADDRESS: mark("See where to go"),
}
NO_WAY = mark("The offer does not say how to answer. Ask for it at the publisher’s office.")
_NUMBER = re.compile(r"\+\d{6,15}")


def render_way_value(way: Way) -> str:
    """A way as people read and copy it: a number in groups, the host of a page, an address."""
    if way.kind in (WayKind.WHATSAPP, WayKind.TELEPHONE) and _NUMBER.fullmatch(way.value):
        number = phonenumbers.parse(way.value)
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return urlsplit(way.value).netloc if way.kind is WayKind.LINK else way.value


def build_way_uri(way: Way) -> str | None:
    """The address that opens a telephone's own program for a way; None where there is none that is safe."""
    if way.kind is WayKind.EMAIL:
        # `?` would add recipients and texts, of which the person sees nothing before they send.
        return f"mailto:{quote(way.value, safe='@')}"
    if not _NUMBER.fullmatch(way.value):
        return None
    if way.kind is WayKind.WHATSAPP:
        return f"https://wa.me/{way.value.removeprefix('+')}"
    return f"tel:{way.value}" if way.kind is WayKind.TELEPHONE else None


def render_journey(ways: tuple[Way, ...], t: Translator) -> str | None:
    """Say that answering costs a journey, where every way does; None where one does not."""
    if not ways or any(way.kind not in JOURNEYS for way in ways):
        return None
    return t("To answer you must go there: count the price of the journey.")
