"""How often what may be tried. Telephones of a whole operator share addresses, so those limits are wide."""

from __future__ import annotations

from collections.abc import Iterator

import phonenumbers

from oim.features.people import Channel, Contact
from oim.kit.crypto import Vault
from oim.kit.rate_limits import RateLimit, subscriber_prefix

CODES_PER_CONTACT = (
    RateLimit("code-contact-hour", "5 per hour"),
    RateLimit("code-contact-day", "10 per day"),
)
CODES_PER_ADDRESS = RateLimit("code-address", "300 per hour")
# One address alone must not use up what everybody has of a range, or of a country.
CODES_PER_ADDRESS_AND_RANGE = RateLimit("code-address-range", "20 per hour")
CODES_PER_ADDRESS_AND_COUNTRY = RateLimit("code-address-country", "10 per hour")
# SMS pumping asks for codes to a whole range of numbers, most often abroad, and is paid for each.
CODES_PER_RANGE = RateLimit("code-range", "60 per hour")
CODES_PER_COUNTRY = RateLimit("code-country", "30 per hour")
# Right ones count too: else one could clear the count by one's own PIN and go on guessing another's.
PIN_TRIES = (RateLimit("pin", "10 per 15 minutes"), RateLimit("pin-day", "30 per day"))
# By who tries, too: else any stranger could shut staff out of their own accounts.
PASSWORD_TRIES = (RateLimit("password", "5 per 15 minutes"), RateLimit("password-day", "30 per day"))
PASSWORD_TRIES_PER_ACCOUNT = RateLimit("password-account", "300 per day")
PASSWORD_TRIES_PER_ADDRESS = RateLimit("password-address", "100 per hour")
HOME_PREFIX = "+237"
RANGE_PREFIX_LENGTH = 8  # characters of a number that a hundred thousand share


def code_limits(vault: Vault, contact: Contact, address: str) -> Iterator[tuple[RateLimit, str]]:
    """Those that a code to a contact counts for, asked from an address of the network."""
    source = subscriber_prefix(address)
    yield CODES_PER_ADDRESS, hash_subject(vault, source)
    if contact.channel is not Channel.EMAIL:
        part = contact.value[:RANGE_PREFIX_LENGTH]
        yield CODES_PER_ADDRESS_AND_RANGE, hash_subject(vault, f"{source} {part}")
        yield CODES_PER_RANGE, hash_subject(vault, part)
        if not contact.value.startswith(HOME_PREFIX):
            country = f"+{phonenumbers.parse(contact.value).country_code}"
            yield CODES_PER_ADDRESS_AND_COUNTRY, hash_subject(vault, f"{source} {country}")
            yield CODES_PER_COUNTRY, hash_subject(vault, country)
    for rule in CODES_PER_CONTACT:
        yield rule, hash_subject(vault, contact.value)


def pin_limits(vault: Vault, contact: Contact) -> Iterator[tuple[RateLimit, str]]:
    """Those that a name and PIN tried on a contact count for."""
    return ((rule, hash_subject(vault, contact.value)) for rule in PIN_TRIES)


def password_limits(vault: Vault, email: str, address: str) -> Iterator[tuple[RateLimit, str]]:
    """Those that a password tried for an account counts for."""
    source, account = subscriber_prefix(address), email.strip().lower()
    yield PASSWORD_TRIES_PER_ADDRESS, hash_subject(vault, source)
    for rule in PASSWORD_TRIES:
        yield rule, hash_subject(vault, f"{source} {account}")
    yield PASSWORD_TRIES_PER_ACCOUNT, hash_subject(vault, account)


def hash_subject(vault: Vault, subject: str) -> str:
    """Who asks, as counters name them: what lies in Valkey tells nobody's number."""
    return vault.blind_index("limit", subject).hex()
