"""Who reports: let in by how often they did, and named by something that tells nobody who they are."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from uuid import UUID

from oim.features.access import Actor, Role
from oim.kit.crypto import Vault
from oim.kit.limits import Limits, Rule

SIGNED_IN, STRANGERS = Rule("report", "20 per day"), Rule("report-address", "10 per hour")
SUBSCRIBER = 64  # bits of an IPv6 address that one subscriber holds all the rest of


@dataclass(frozen=True, slots=True)
class Reporter:
    """The same `blind` for the same reporter; `person` where they are signed in as one."""

    blind: bytes
    person: UUID | None


def reporter(limits: Limits, vault: Vault, actor: Actor, address: str) -> Reporter:
    """Who wants to report, from an address of the network. Raises TooManyError, UnavailableError."""
    rule, who = (SIGNED_IN, str(actor.id)) if actor.id else (STRANGERS, _subscriber(address))
    blind = vault.blind("reporter", who)
    limits.hit([(rule, blind.hex())])
    return Reporter(blind, actor.id if actor.role is Role.PERSON else None)


def _subscriber(address: str) -> str:
    """What of an address is one subscriber's: who has IPv6 has countless addresses, and counts once."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return address
    return str(found.ipv4_mapped or ip_network((found, SUBSCRIBER), strict=False))
