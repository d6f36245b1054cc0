"""Who reports: let in by how often they did, and named by something that tells nobody who they are."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from oim.features import people
from oim.features.access import Actor, Role
from oim.kit.db import ReadSession
from oim.kit.network import subscriber_prefix
from oim.kit.rate_limits import RateLimit, RateLimiter

SIGNED_IN_LIMIT, STRANGER_LIMIT = (
    RateLimit("report", "20 per day"),
    RateLimit("report-address", "10 per hour"),
)
SIGNED_IN_ADDRESS_LIMIT = RateLimit("report-people-address", "100 per day")


@dataclass(frozen=True, slots=True)
class Reporter:
    """The same `blind` for the same reporter; `person` where they are signed in as one."""

    blind_index: bytes
    person: UUID | None


def identify_reporter(session: ReadSession, limits: RateLimiter, actor: Actor, address: str) -> Reporter:
    """Who wants to report, from an address of the network. Raises TooManyError, UnavailableError.

    People are told apart by their first contact: whoever joins ten times on one telephone is one reporter.
    """
    blind, source = session.vault.blind_index, subscriber_prefix(address)
    person = actor.id if actor.role is Role.PERSON else None
    contact = people.find_first_contact_index(session, person) if person else None
    who = blind("reporter", contact.hex() if contact else str(actor.id or source))
    if actor.id:
        limits.hit([(SIGNED_IN_LIMIT, who.hex()), (SIGNED_IN_ADDRESS_LIMIT, blind("reporter", source).hex())])
    else:
        limits.hit([(STRANGER_LIMIT, who.hex())])
    return Reporter(who, person)
