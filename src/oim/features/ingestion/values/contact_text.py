"""Contacts in a text: numbers to call or write to, e-mail addresses, and pages to apply on."""

from __future__ import annotations

import re
from collections.abc import Iterator

from oim.features.ingestion.values.phone_numbers import find_numbers, parse_mobile
from oim.features.opportunities import Way, WayKind, is_clear_page

MAX_EMAIL_LENGTH = 254  # characters (RFC 5321)
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[a-z0-9](?:-?[a-z0-9])*\.)+[a-z]{2,24}\b", re.IGNORECASE)
# Nobody reads these; and "logo@2x.png" is a picture.
_UNREAD_EMAIL = re.compile(r"(?:no-?reply|ne-?pas-?repondre|donotreply)|\.(?:png|jpe?g|gif|webp|svg)$")
_URL = re.compile(r"\b(?:https?://|www\.)[^\s<>\"«»“”]+", re.IGNORECASE)
_WHATSAPP_URL = re.compile(r"(?:wa\.me/|whatsapp\.com/send/?\?phone=)(?:\+|%2b)?(\d{8,15})", re.IGNORECASE)
_WHATSAPP = re.compile(r"wh?ats? ?-?app?|\bwtsp\b|wa\.me", re.IGNORECASE)
_CALL = re.compile(r"t[ée]l|appel|\bcall|phone|sms|joindre", re.IGNORECASE)
_WHATSAPP_AFTER = re.compile(
    r"\W{0,3}(?:(?:aussi|also|sur|on|par|via|by)\W{1,3}){0,4}wh?ats? ?-?app?", re.IGNORECASE
)
# Between two numbers of one list: "677 12 34 56 / 699 98 76 54".
_LIST_SEPARATOR = re.compile(r"[\s/,;|&–-]*(?:ou|or|et|and)?[\s/,;]*")
_APPLY_BEFORE = re.compile(
    r"postul|candidat|inscri|dossier|formulaire|d[ée]p[oô]|apply|application|register|registration|\bform\b|"
    r"sign up|submit",
    re.IGNORECASE,
)
NEARBY = 80  # characters before an address or number in which its meaning is looked for


def find_contacts(text: str, country: str | None) -> Iterator[Way]:
    """Yield the ways to answer that a text writes out, but for places to go to."""
    for match in _WHATSAPP_URL.finditer(text):
        number = parse_mobile(match[1], country)
        if number:
            yield Way(WayKind.WHATSAPP, number)
    yield from _find_pages(text)
    # Digits of a web address are no telephone number.
    plain = _URL.sub(lambda match: " " * len(match[0]), text)
    yield from (Way(WayKind.EMAIL, address) for address in find_emails(plain))
    yield from _find_telephones(plain, country)


def find_emails(text: str) -> Iterator[str]:
    """Yield the e-mail addresses of a text that somebody may read, in lower case."""
    for match in _EMAIL.finditer(text):
        address = match[0].lower()
        if len(address) <= MAX_EMAIL_LENGTH and ".." not in address and not _UNREAD_EMAIL.search(address):
            yield address.lstrip(".-+")


def _find_pages(text: str) -> Iterator[Way]:
    """Yield the web addresses of a text before which it speaks of applying."""
    for match in _URL.finditer(text):
        written = match[0].rstrip(".,;:!?'’)*_]")
        url = written if "://" in written else f"https://{written}"
        if _APPLY_BEFORE.search(_line_before(text, match.start())) and is_clear_page(url):
            yield Way(WayKind.LINK, url)


def _find_telephones(text: str, country: str | None) -> Iterator[Way]:
    """Yield each number as one to call, to write to on WhatsApp, or both, as the words around it say."""
    previous_end = 0
    kinds: tuple[WayKind, ...] = (WayKind.TELEPHONE,)
    for number in find_numbers(text, country):
        words = _line_before(text, number.start)[-(number.start - previous_end) :]
        if not previous_end or not _LIST_SEPARATOR.fullmatch(words):
            kinds = _find_kinds(words, _WHATSAPP_AFTER.match(text, number.end) is not None)
        previous_end = number.end
        for kind in kinds:
            if kind is WayKind.TELEPHONE or number.is_mobile:
                yield Way(kind, number.value)


def _find_kinds(words_before: str, is_followed: bool) -> tuple[WayKind, ...]:
    """What a number serves for, by the words before it, and whether WhatsApp is named right after it."""
    if not (is_followed or _WHATSAPP.search(words_before)):
        return (WayKind.TELEPHONE,)
    is_called = is_followed or _CALL.search(_WHATSAPP.sub(" ", words_before))
    return (WayKind.WHATSAPP, WayKind.TELEPHONE) if is_called else (WayKind.WHATSAPP,)


def _line_before(text: str, position: int) -> str:
    """The words of the same line before a position."""
    return text[max(0, position - NEARBY) : position].rpartition("\n")[2]
