"""Rate limits of signing in: how often codes may be requested, and PINs and passwords tried.

Nobody may shut another out: what a stranger does to somebody's contact or account counts for the stranger
first, then for all unknown devices together. A device that has signed in there before counts for itself. All
telephones of a mobile operator may share a few network addresses, so limits per address are wide.

An address with IPv6 is a subscriber's /64. Whoever rents a server may have a /48, 65,536 of them, so all of
a /48 have limits together: little more than a subscriber's, and less than what would use up everybody's.
With IPv4 each address costs, and a /24 may be all customers of an operator: only its share of all codes is
limited.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from oim.features.people import Channel, Contact
from oim.features.sign_in.budgets import HOME, code_budgets
from oim.features.sign_in.types import Origin
from oim.kit.crypto import Vault
from oim.kit.rate_limits import RateLimit, network_prefix, subscriber_prefix

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
# Against SMS pumping: fraudsters request codes to a whole range of numbers, most often abroad, and are paid a
# share of what each message costs. One address has a small part of what all have for a range and abroad.
CODES_PER_ADDRESS_AND_RANGE = RateLimit("code-address-range", "20 per hour")
CODES_PER_ADDRESS_ABROAD = (
    RateLimit("code-address-abroad-hour", "10 per hour"),
    RateLimit("code-address-abroad-day", "30 per day"),
)
CODES_PER_RANGE = RateLimit("code-range", "300 per hour")


@dataclass(frozen=True, slots=True)
class NetworkLimits:
    """What the unknown devices of an address have, and those of one network together; empty: no limit."""

    codes_per_address: RateLimit
    codes: tuple[RateLimit, ...]
    codes_per_contact: tuple[RateLimit, ...] = ()
    codes_per_range: tuple[RateLimit, ...] = ()
    codes_abroad: tuple[RateLimit, ...] = ()
    passwords: tuple[RateLimit, ...] = ()
    passwords_per_account: tuple[RateLimit, ...] = ()


# Of the budget of codes at home (`budgets.HOME_BUDGETS`) a third.
IPV4_NETWORK_LIMITS = NetworkLimits(
    codes_per_address=RateLimit("code-address", "300 per hour"),  # which may be thousands of an operator's
    codes=(RateLimit("code-network-hour", "1000 per hour"), RateLimit("code-network-day", "5000 per day")),
)
# Of that budget a tenth. More for a contact than one address has: else one telephone would use up what all
# others of its operator have for it.
IPV6_NETWORK_LIMITS = NetworkLimits(
    codes_per_address=RateLimit("code-subscriber", "100 per hour"),  # a /64 is one subscriber's
    codes=(RateLimit("code-network-hour", "300 per hour"), RateLimit("code-network-day", "1500 per day")),
    codes_per_contact=(
        RateLimit("code-network-contact-hour", "8 per hour"),
        RateLimit("code-network-contact-day", "16 per day"),
    ),
    codes_per_range=(RateLimit("code-network-range", "60 per hour"),),
    codes_abroad=(
        RateLimit("code-network-abroad-hour", "20 per hour"),
        RateLimit("code-network-abroad-day", "60 per day"),
    ),
    passwords=(RateLimit("password-network", "200 per hour"),),
    passwords_per_account=(
        RateLimit("password-network-account", "10 per 15 minutes"),
        RateLimit("password-network-account-day", "40 per day"),
    ),
)
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
RANGE_PREFIX_LENGTH = 8  # first characters of a number, `+2376771`: a range of 100,000 numbers


def code_limits(vault: Vault, contact: Contact, origin: Origin) -> Iterator[tuple[RateLimit, str]]:
    """List the limits that a code counts for, the narrowest first. `origin` names a device only if known."""
    if origin.device:
        yield from _name_each(vault, CODES_PER_DEVICE, f"{origin.device} {contact.value}")
        yield CODES_PER_CONTACT_BY_DEVICES, hash_subject(vault, contact.value)
    else:
        yield from _unknown_code_limits(vault, contact, origin.address)
    yield from code_budgets(contact, is_known_device=bool(origin.device))


def _unknown_code_limits(vault: Vault, contact: Contact, address: str) -> Iterator[tuple[RateLimit, str]]:
    """List the limits of a code that an unknown device asks for, from a network address."""
    source, network, of_network = _locate(address)
    number, number_range = contact.value, contact.value[:RANGE_PREFIX_LENGTH]
    yield from _name_each(vault, CODES_PER_ADDRESS_AND_CONTACT, f"{source} {number}")
    yield from _name_each(vault, of_network.codes_per_contact, f"{network} {number}")
    is_number = contact.channel is not Channel.EMAIL
    if is_number:
        yield CODES_PER_ADDRESS_AND_RANGE, hash_subject(vault, f"{source} {number_range}")
        yield from _name_each(vault, of_network.codes_per_range, f"{network} {number_range}")
    if is_number and not number.startswith(HOME):
        yield from _name_each(vault, CODES_PER_ADDRESS_ABROAD, source)
        yield from _name_each(vault, of_network.codes_abroad, network)
    yield of_network.codes_per_address, hash_subject(vault, source)
    yield from _name_each(vault, CODES_PER_CONTACT, number)
    yield from _name_each(vault, of_network.codes, network)
    if is_number:
        yield CODES_PER_RANGE, hash_subject(vault, number_range)


def _locate(address: str) -> tuple[str, str, NetworkLimits]:
    """Return the subscriber and the network of an address, and the limits of that network."""
    network = network_prefix(address)
    return subscriber_prefix(address), network, IPV6_NETWORK_LIMITS if ":" in network else IPV4_NETWORK_LIMITS


def _name_each(vault: Vault, limits: tuple[RateLimit, ...], subject: str) -> Iterator[tuple[RateLimit, str]]:
    """Pair limits with the subject that all of them are counted for."""
    hashed = hash_subject(vault, subject)
    return ((limit, hashed) for limit in limits)


def pin_limits(vault: Vault, contact: Contact, known_device: str = "") -> Iterator[tuple[RateLimit, str]]:
    """List the limits that a name and PIN tried on a contact count for, the narrowest first."""
    if known_device:
        yield from _name_each(vault, PIN_TRIES_PER_DEVICE, f"{known_device} {contact.value}")
        yield PIN_TRIES_BY_DEVICES, hash_subject(vault, contact.value)
    else:
        yield from _name_each(vault, PIN_TRIES, contact.value)


def password_limits(vault: Vault, account: str, origin: Origin) -> Iterator[tuple[RateLimit, str]]:
    """List the limits that a password tried for an account counts for, the narrowest first.

    `origin` names a device only if it is known.
    """
    if origin.device:
        yield from _name_each(vault, PASSWORD_TRIES_PER_DEVICE, f"{origin.device} {account}")
        return
    source, network, of_network = _locate(origin.address)
    yield from _name_each(vault, PASSWORD_TRIES, f"{source} {account}")
    yield from _name_each(vault, of_network.passwords_per_account, f"{network} {account}")
    yield PASSWORD_TRIES_PER_ADDRESS, hash_subject(vault, source)
    yield from _name_each(vault, of_network.passwords, network)
    yield PASSWORD_TRIES_PER_ACCOUNT, hash_subject(vault, account)


def hash_subject(vault: Vault, subject: str) -> str:
    """Hash a number, e-mail or network address to name a counter, so that none of them lies in Valkey."""
    return vault.blind_index("limit", subject).hex()
