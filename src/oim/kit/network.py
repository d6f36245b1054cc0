"""What an address of the network tells: whose it is, and whether others on the way can read what is sent."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network

from oim.kit.i18n import mark

SUBSCRIBER_PREFIX_BITS = 64  # bits of an IPv6 address that one subscriber holds all the rest of
NOT_PROTECTED_MESSAGE = mark("Nobody can sign in here: this address is not protected (https).")
LOCAL_HOSTS = frozenset({"127.0.0.1", "localhost", "::1", "[::1]"})


def subscriber_prefix(address: str) -> str:
    """What of an address is one subscriber's: who has IPv6 has countless addresses, and counts once."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return address
    return str(found.ipv4_mapped or ip_network((found, SUBSCRIBER_PREFIX_BITS), strict=False))


def is_protected(scheme: str, host: str | None) -> bool:
    """Whether nobody on the way can read along."""
    return scheme == "https" or host in LOCAL_HOSTS
