"""The ways to answer an offer, from the columns that name a contact, from its page, and from its text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from oim.features.ingestion.values.contact_text import find_contacts, find_emails
from oim.features.ingestion.values.numbers import parse_flag
from oim.features.ingestion.values.phone_numbers import find_numbers
from oim.features.ingestion.values.text import clean, parse_url, strip_markup
from oim.features.ingestion.values.visit_text import find_visits, make_visit
from oim.features.opportunities import JOURNEYS, Way, WayKind, is_clear_page, sort_ways

MAX_WAYS = 8  # of one offer: more would be a list of numbers, not a way to answer


def read_ways(fields: Mapping[str, Any], description: str, country: str | None) -> tuple[Way, ...]:
    """Read the ways to answer an offer, by our own field names, those first that most people can use."""
    ways = [*_read_columns(fields, country), *find_contacts(description, country)]
    # Where a column says where to go, a sentence of the text would only say it again.
    if not any(way.kind in JOURNEYS for way in ways):
        ways += find_visits(description)
    # The first of several with one value counts: a column says more surely than the text what it holds.
    unique = {(way.kind, way.value.casefold()): way for way in reversed(ways)}
    return sort_ways(tuple(reversed(unique.values())))[:MAX_WAYS]


def _read_columns(fields: Mapping[str, Any], country: str | None) -> Iterator[Way]:
    """Yield the ways of the columns that name a contact."""
    direct = parse_flag(fields.get("apply_direct"))
    for name, is_direct in (("apply_url", None), ("url", direct)):
        url = parse_url(fields.get(name))
        if url and is_clear_page(url):
            yield Way(WayKind.LINK, url, direct=is_direct)
    yield from _read_numbers(fields, country)
    yield from (Way(WayKind.EMAIL, address) for address in find_emails(_text(fields, "apply_email")))
    # A column that holds whatever its author had: a number, an e-mail address, a page.
    contact = _text(fields, "apply_contact")
    yield from find_contacts(f"application {contact}" if contact else "", country)
    hours = clean(fields.get("apply_hours")) or ""
    for name, is_agency in (("apply_address", False), ("apply_agency", True)):
        words = clean(fields.get(name))
        if words:
            yield make_visit(words, is_agency, hours)


def _read_numbers(fields: Mapping[str, Any], country: str | None) -> Iterator[Way]:
    """Yield the numbers of their columns; one in a column of WhatsApp numbers serves for nothing else."""
    for number in find_numbers(_text(fields, "apply_whatsapp"), country):
        if number.is_mobile:
            yield Way(WayKind.WHATSAPP, number.value)
    phones = _text(fields, "apply_phone")
    # "677 12 34 56 (WhatsApp)": the words in the column count as in a text.
    yield from (way for way in find_contacts(phones, country) if way.kind is not WayKind.LINK)


def _text(fields: Mapping[str, Any], name: str) -> str:
    return strip_markup(fields.get(name))
