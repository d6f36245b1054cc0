"""Rate limits of signing in: how often codes may be requested, and PINs and passwords tried.

Nobody may shut another out: what a stranger does to somebody's contact or account counts for the stranger
first, then for all unknown devices together. A device that has signed in there before counts for itself. All
telephones of a mobile operator may share a few network addresses, so limits per address are wide.
"""

from __future__ import annotations

from collections.abc import Iterator

from oim.features.people import Channel, Contact
from oim.features.sign_in.budgets import code_budgets
from oim.features.sign_in.types import Origin
from oim.kit.crypto import Vault
from oim.kit.rate_limits import RateLimit, subscriber_prefix

# Codes to a contact that a device asks for which signed in by it before; and all such devices together, since
# whoever holds the contact can make any number of devices known.
CODES_PER_DEVICE = (
    RateLimit("code-device-hour", "5 per hour"),
    RateLimit("code-device-day", "10 per day"),
)
CODES_PER_CONTACT_BY_DEVICES = RateLimit("code-devices", "20 per day")
# Codes that unknown devices ask for: from one address to a contact, from all of them to a contact.
CODES_PER_ADDRESS_AND_CONTACT = (
    RateLimit("code-address-contact-hour", "5 per hour"),
    RateLimit("code-address-contact-day", "10 per day"),
)
CODES_PER_CONTACT = (
    RateLimit("code-contact-hour", "10 per hour"),
    RateLimit("code-contact-day", "20 per day"),
)
CODES_PER_ADDRESS = RateLimit("code-address", "300 per hour")
# Against SMS pumping: fraudsters request codes to a whole range of numbers, most often abroad, and are paid a
# share of what each message costs. One address has a small part of what all have for a range and abroad.
CODES_PER_ADDRESS_AND_RANGE = RateLimit("code-address-range", "20 per hour")
CODES_PER_ADDRESS_ABROAD = (
    RateLimit("code-address-abroad-hour", "10 per hour"),
    RateLimit("code-address-abroad-day", "30 per day"),
)
CODES_PER_RANGE = RateLimit("code-range", "300 per hour")
# Right PINs count too: if they reset the count, somebody could enter their own PIN now and then and go on
# guessing another person's on the same telephone.
PIN_TRIES_PER_DEVICE = (
    RateLimit("pin-device", "10 per 15 minutes"),
    RateLimit("pin-device-day", "20 per day"),
)
PIN_TRIES_BY_DEVICES = RateLimit("pin-devices", "30 per day")  # on a contact, by all devices known there
PIN_TRIES = (RateLimit("pin", "10 per 15 minutes"), RateLimit("pin-day", "20 per day"))
# A device is known to an account only after password and code were right, so no ceiling for all of them.
PASSWORD_TRIES_PER_DEVICE = (
    RateLimit("password-device", "5 per 15 minutes"),
    RateLimit("password-device-day", "30 per day"),
)
# By unknown devices: from one address for an account, from one address, for an account from all of them.
PASSWORD_TRIES = (RateLimit("password", "5 per 15 minutes"), RateLimit("password-day", "15 per day"))
PASSWORD_TRIES_PER_ADDRESS = RateLimit("password-address", "100 per hour")
PASSWORD_TRIES_PER_ACCOUNT = RateLimit("password-account", "300 per day")
HOME_PREFIX = "+237"  # Cameroon
RANGE_PREFIX_LENGTH = 8  # first characters of a number, `+2376771`: a range of 100,000 numbers


def code_limits(vault: Vault, contact: Contact, origin: Origin) -> Iterator[tuple[RateLimit, str]]:
    """List the limits that a code counts for, the narrowest first. `origin` names a device only if known."""
    if origin.device:
        for limit in CODES_PER_DEVICE:
            yield limit, hash_subject(vault, f"{origin.device} {contact.value}")
        yield CODES_PER_CONTACT_BY_DEVICES, hash_subject(vault, contact.value)
    else:
        yield from _unknown_code_limits(vault, contact, subscriber_prefix(origin.address))
    yield from code_budgets(contact, is_known_device=bool(origin.device))


def _unknown_code_limits(vault: Vault, contact: Contact, source: str) -> Iterator[tuple[RateLimit, str]]:
    """List the limits of a code that an unknown device asks for, from a network address."""
    for limit in CODES_PER_ADDRESS_AND_CONTACT:
        yield limit, hash_subject(vault, f"{source} {contact.value}")
    is_number = contact.channel is not Channel.EMAIL
    number_range = contact.value[:RANGE_PREFIX_LENGTH]
    if is_number:
        yield CODES_PER_ADDRESS_AND_RANGE, hash_subject(vault, f"{source} {number_range}")
    if is_number and not contact.value.startswith(HOME_PREFIX):
        for limit in CODES_PER_ADDRESS_ABROAD:
            yield limit, hash_subject(vault, source)
    yield CODES_PER_ADDRESS, hash_subject(vault, source)
    for limit in CODES_PER_CONTACT:
        yield limit, hash_subject(vault, contact.value)
    if is_number:
        yield CODES_PER_RANGE, hash_subject(vault, number_range)


def pin_limits(vault: Vault, contact: Contact, known_device: str = "") -> Iterator[tuple[RateLimit, str]]:
    """List the limits that a name and PIN tried on a contact count for, the narrowest first."""
    if known_device:
        for limit in PIN_TRIES_PER_DEVICE:
            yield limit, hash_subject(vault, f"{known_device} {contact.value}")
        yield PIN_TRIES_BY_DEVICES, hash_subject(vault, contact.value)
    else:
        for limit in PIN_TRIES:
            yield limit, hash_subject(vault, contact.value)


def password_limits(vault: Vault, account: str, origin: Origin) -> Iterator[tuple[RateLimit, str]]:
    """List the limits that a password tried for an account counts for, the narrowest first.

    `origin` names a device only if it is known.
    """
    if origin.device:
        for limit in PASSWORD_TRIES_PER_DEVICE:
            yield limit, hash_subject(vault, f"{origin.device} {account}")
        return
    source = subscriber_prefix(origin.address)
    for limit in PASSWORD_TRIES:
        yield limit, hash_subject(vault, f"{source} {account}")
    yield PASSWORD_TRIES_PER_ADDRESS, hash_subject(vault, source)
    yield PASSWORD_TRIES_PER_ACCOUNT, hash_subject(vault, account)


def hash_subject(vault: Vault, subject: str) -> str:
    """Hash a number, e-mail or network address to name a counter, so that none of them lies in Valkey."""
    return vault.blind_index("limit", subject).hex()
