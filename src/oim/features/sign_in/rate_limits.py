"""Rate limits of signing in: how often codes may be requested, and PINs and passwords tried.

All telephones of a mobile operator may share a few network addresses, so limits per address are wide.
"""

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
# One network address alone must not use up the quota that everybody shares for a range or a country.
CODES_PER_ADDRESS_AND_RANGE = RateLimit("code-address-range", "20 per hour")
CODES_PER_ADDRESS_AND_COUNTRY = RateLimit("code-address-country", "10 per hour")
# Against SMS pumping: fraudsters request codes to a whole range of numbers, most often abroad, and are paid
# a share of what each message costs.
CODES_PER_RANGE = RateLimit("code-range", "60 per hour")
CODES_PER_COUNTRY = RateLimit("code-country", "30 per hour")
# Per contact. Right PINs count too: if they reset the count, somebody could enter their own PIN now and then
# and go on guessing another person's on the same telephone.
PIN_TRIES = (RateLimit("pin", "10 per 15 minutes"), RateLimit("pin-day", "30 per day"))
# Per network address and account together: a limit by account alone would let any stranger shut staff out of
# their own accounts.
PASSWORD_TRIES = (RateLimit("password", "5 per 15 minutes"), RateLimit("password-day", "30 per day"))
# Wide, against guesses from many addresses at once.
PASSWORD_TRIES_PER_ACCOUNT = RateLimit("password-account", "300 per day")
PASSWORD_TRIES_PER_ADDRESS = RateLimit("password-address", "100 per hour")
HOME_PREFIX = "+237"  # Cameroon
RANGE_PREFIX_LENGTH = 8  # first characters of a number, `+2376771`: a range of 100,000 numbers


def code_limits(vault: Vault, contact: Contact, address: str) -> Iterator[tuple[RateLimit, str]]:
    """List the limits that a code counts for, by the contact it is sent to and the network address asking."""
    source = subscriber_prefix(address)
    yield CODES_PER_ADDRESS, hash_subject(vault, source)
    if contact.channel is not Channel.EMAIL:
        number_range = contact.value[:RANGE_PREFIX_LENGTH]
        # The address's own limit first: a request that it refuses does not count for the whole range.
        yield CODES_PER_ADDRESS_AND_RANGE, hash_subject(vault, f"{source} {number_range}")
        yield CODES_PER_RANGE, hash_subject(vault, number_range)
        if not contact.value.startswith(HOME_PREFIX):
            # Parsed, as country codes differ in length: `+216` is Tunisia, `+212` Morocco, `+33` France.
            country = f"+{phonenumbers.parse(contact.value).country_code}"
            yield CODES_PER_ADDRESS_AND_COUNTRY, hash_subject(vault, f"{source} {country}")
            yield CODES_PER_COUNTRY, hash_subject(vault, country)
    for limit in CODES_PER_CONTACT:
        yield limit, hash_subject(vault, contact.value)


def pin_limits(vault: Vault, contact: Contact) -> Iterator[tuple[RateLimit, str]]:
    """List the limits that a name and PIN tried on a contact count for."""
    return ((limit, hash_subject(vault, contact.value)) for limit in PIN_TRIES)


def password_limits(vault: Vault, email: str, address: str) -> Iterator[tuple[RateLimit, str]]:
    """List the limits that a password tried for an account counts for, by who tries and for which account."""
    source, account = subscriber_prefix(address), email.strip().lower()
    yield PASSWORD_TRIES_PER_ADDRESS, hash_subject(vault, source)
    for limit in PASSWORD_TRIES:
        yield limit, hash_subject(vault, f"{source} {account}")
    yield PASSWORD_TRIES_PER_ACCOUNT, hash_subject(vault, account)


def hash_subject(vault: Vault, subject: str) -> str:
    """Hash a number, e-mail or network address to name a counter, so that none of them lies in Valkey."""
    return vault.blind_index("limit", subject).hex()
