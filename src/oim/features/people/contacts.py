"""Contacts: telephone numbers (E.164), e-mail addresses (lower case), and the blind index to find them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

import phonenumbers
from phonenumbers import PhoneNumberType

from oim.features.people.number_text import MIN_DIGITS, count_digits, find_numbers
from oim.kit.crypto import Vault
from oim.kit.errors import BadInputError
from oim.kit.fields import check_one_line
from oim.kit.i18n import mark

MAX_EMAIL_LENGTH = 254  # characters of an e-mail address (RFC 5321)
# Characters of a text that is looked at: patterns below take time with the square of what they look at.
MAX_CONTACT_TEXT = 320
# One @; before it, anything but spaces and the punctuation that mail programs treat specially; after it,
# labels that neither begin nor end with a hyphen: `awa.ngono@mail-1.example.org`. Matched on lower case.
_EMAIL = re.compile(r"[^@\s\"(),:;<>\[\\\]]+@([a-z0-9](-?[a-z0-9])*\.)+[a-z]{2,24}")
# "E-mail : ", "mailto:", "Awa Ngono <": what people copy along with an address.
_EMAIL_PREFIX = re.compile(
    r"(?:(?:adresse )?(?:e-?mail|mail|courriel)|mailto|adresse)\s*:\s*|[^@<>]*<(?=[^<>]+>$)"
)
_LETTER = re.compile(r"[^\W\d_]")  # of any script
_SEVERAL = mark(
    "There is more than one contact here. Give one alone: a telephone number or an e-mail address."
)
_TOO_LONG = mark("This text is too long: %(most)s characters at most.")

_GOOGLE_HOSTS = ("gmail.com", "googlemail.com")  # both names lead to the same mailboxes
# Types of numbers that a message reaches at an ordinary price. Most others cost dear, and part of that goes
# to their owner (premium, shared cost, personal, international), or receive nothing (pagers, voicemail, free
# numbers, company numbers). A number of an internet line is often rented for a moment, to be paid for codes.
_REACHABLE_TYPES = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})
_NO_COUNTRY = "001"  # the region of satellite telephones and of international services


class Channel(StrEnum):
    """How messages reach a contact."""

    SMS = "sms"
    WHATSAPP = "whatsapp"
    EMAIL = "email"


@dataclass(frozen=True, slots=True)
class Contact:
    """A telephone number (E.164) or an e-mail address, and the channel to it."""

    channel: Channel
    value: str

    @property
    def hint(self) -> str:
        """A shortened form that only its owner recognises: `+237 … 56`, `a…@example.org`."""
        if self.channel is Channel.EMAIL:
            name, _, host = self.value.partition("@")
            return f"{name[0]}…@{host}"
        return f"{self.value[:4]} … {self.value[-2:]}"


def parse_contact(text: str, channel: Channel | None = None) -> Contact:
    """Parse a contact as people write it. Raises BadInputError.

    With `channel` None it is guessed: an e-mail address by its `@`, else a number reached by SMS. Of several
    contacts none is taken: a code would go to a telephone that nobody chose.
    """
    text = text.strip()
    if not text:
        raise BadInputError(mark("Give a telephone number or an e-mail address."), field="contact")
    if len(text) > MAX_CONTACT_TEXT:
        raise BadInputError(_TOO_LONG, field="contact", most=MAX_CONTACT_TEXT)
    if channel is Channel.EMAIL or (channel is None and "@" in text):
        contact = Contact(Channel.EMAIL, _parse_email(text))
    else:
        contact = Contact(channel or Channel.SMS, _parse_number(text, channel or Channel.SMS))
    # Afterwards: of two contacts on two lines it is said that they are two.
    check_one_line(text, "contact")
    return contact


def _parse_email(text: str) -> str:
    """Parse an e-mail address to lower case. Raises BadInputError."""
    address = _EMAIL_PREFIX.sub("", text.lower(), count=1).strip(" >.,;")
    if len(address) <= MAX_EMAIL_LENGTH and _EMAIL.fullmatch(address):
        return address
    addresses = sum(_EMAIL.fullmatch(part) is not None for part in re.split(r"[\s,;/|]+", address))
    if addresses > 1 or (addresses and find_numbers(text)):
        raise BadInputError(_SEVERAL, field="contact")
    raise BadInputError(
        mark("This is not an e-mail address. Write it as in name@example.org."), field="contact"
    )


def _parse_number(text: str, channel: Channel) -> str:
    """Parse a telephone number to E.164, such as `+237677123456`. Raises BadInputError.

    Refuses valid numbers too: those that a message on this channel does not reach, or only at a high price.
    """
    numbers = find_numbers(text)
    if len(numbers) > 1:
        raise BadInputError(_SEVERAL, field="contact")
    if not numbers:
        raise _invalid_number(text)
    _check_reachable(numbers[0], channel)
    return phonenumbers.format_number(numbers[0], phonenumbers.PhoneNumberFormat.E164)


def _invalid_number(text: str) -> BadInputError:
    """Make the error for a text without a valid number: about a number only where one was meant."""
    if count_digits(text) >= MIN_DIGITS or not _LETTER.search(text):
        return BadInputError(
            mark("This is not a telephone number. Write its 9 digits, as in 6 77 12 34 56."), field="contact"
        )
    return BadInputError(
        mark(
            "This is neither a telephone number nor an e-mail address. Write the 9 digits of the number, "
            "as in 6 77 12 34 56, or the address as in name@example.org."
        ),
        field="contact",
    )


def fold_contact(contact: Contact) -> Contact:
    """Return what is the same for all addresses of one mailbox; a number is its own.

    Its owner can write anything behind a `+`. Where few providers read it so, two people become one: that is
    for counting people, never for finding somebody. Dots mean nothing to Google, and much to others.
    """
    if contact.channel is not Channel.EMAIL:
        return contact
    name, _, host = contact.value.partition("@")
    # What begins with the sign has no other name.
    name = name.partition("+")[0] or name
    if host in _GOOGLE_HOSTS:
        name, host = name.replace(".", ""), _GOOGLE_HOSTS[0]
    return Contact(Channel.EMAIL, f"{name}@{host}")


def _check_reachable(number: phonenumbers.PhoneNumber, channel: Channel) -> None:
    """Check that messages reach a valid number, at an ordinary price. Raises BadInputError."""
    number_type = phonenumbers.number_type(number)
    if number_type == PhoneNumberType.FIXED_LINE:
        if channel is Channel.WHATSAPP:  # which shops have on their fixed lines
            return
        raise BadInputError(
            mark("This is a fixed line, and no SMS reaches it. Give a mobile number or an e-mail address."),
            field="contact",
        )
    has_country = phonenumbers.region_code_for_number(number) != _NO_COUNTRY
    if number_type not in _REACHABLE_TYPES or not has_country:
        raise BadInputError(
            mark(
                "OIM sends nothing to numbers of this kind, as it would cost too much or not arrive. "
                "Give a mobile number or an e-mail address."
            ),
            field="contact",
        )


def contact_blind_index(vault: Vault, contact: Contact) -> bytes:
    """Compute the blind index of a contact: 32 bytes, equal for equal contacts.

    A number has the same index by SMS and by WhatsApp, since whoever has one has the other.
    """
    kind = "mail" if contact.channel is Channel.EMAIL else "tel"
    return vault.blind_index(kind, contact.value)
