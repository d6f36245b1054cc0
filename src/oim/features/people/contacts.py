"""Contacts: telephone numbers in E.164, e-mail addresses in lower case; the blind index that finds them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

import phonenumbers

from oim.kit.crypto import Vault
from oim.kit.errors import BadInputError
from oim.kit.i18n import mark

DEFAULT_REGION = "CM"  # numbers written without a country are of here
MAX_EMAIL_LENGTH = 254  # characters of an e-mail address (RFC 5321)
_EMAIL = re.compile(r"[^@\s\"(),:;<>\[\\\]]+@([a-z0-9](-?[a-z0-9])*\.)+[a-z]{2,24}")
_LETTER_OR_AT = re.compile(r"[^\W\d_]|@")


class Channel(StrEnum):
    """How a contact is reached."""

    SMS = "sms"
    WHATSAPP = "whatsapp"
    EMAIL = "email"


@dataclass(frozen=True, slots=True)
class Contact:
    """A number (E.164) or an address, and how it is reached."""

    channel: Channel
    value: str

    @property
    def hint(self) -> str:
        """What tells its owner which one it is, and others too little: `+237 … 56`, `a…@example.org`."""
        if self.channel is Channel.EMAIL:
            name, _, host = self.value.partition("@")
            return f"{name[0]}…@{host}"
        return f"{self.value[:4]} … {self.value[-2:]}"


def parse_contact(text: str, channel: Channel | None = None) -> Contact:
    """A contact as people write it; by `channel` None, a number is reached by SMS. Raises BadInputError."""
    said = text.strip()
    if not said:
        raise BadInputError(mark("Give a telephone number or an e-mail address."), field="contact")
    if channel is Channel.EMAIL or (channel is None and _LETTER_OR_AT.search(said)):
        return Contact(Channel.EMAIL, _parse_email(said))
    return Contact(channel or Channel.SMS, _parse_number(said))


def _parse_email(text: str) -> str:
    address = text.lower()
    if len(address) > MAX_EMAIL_LENGTH or not _EMAIL.fullmatch(address):
        raise BadInputError(
            mark("This is not an e-mail address. Write it as in name@example.org."), field="contact"
        )
    return address


def _parse_number(text: str) -> str:
    wrong = BadInputError(
        mark("This is not a telephone number. Write its 9 digits, as in 6 77 12 34 56."), field="contact"
    )
    try:
        number = phonenumbers.parse(text, DEFAULT_REGION)
    except phonenumbers.NumberParseException:
        raise wrong from None
    if not phonenumbers.is_valid_number(number):
        raise wrong
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def contact_blind_index(vault: Vault, contact: Contact) -> bytes:
    """The same for a number whether it is reached by SMS or WhatsApp: who holds one holds the other."""
    kind = "mail" if contact.channel is Channel.EMAIL else "tel"
    return vault.blind_index(kind, contact.value)
