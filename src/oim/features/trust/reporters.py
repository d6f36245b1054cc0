"""Who reports: one reporter behind many requests, and one voice behind many reporters.

A reporter may correct their own report. A voice is what counts against an offer: an address of the network or
a mailbox is had by the thousand, so all of one network, and all names of one mailbox, are one voice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from oim.features import people
from oim.features.access import Actor, Role
from oim.kit.clock import now
from oim.kit.db import Database
from oim.kit.rate_limits import RateLimit, RateLimiter, network_prefix, subscriber_prefix

# A contact proven this long ago speaks for a person. An offer is open for weeks: who wants one hidden would
# have had to prepare accounts before it was published.
PROOF_AGE = timedelta(days=30)
# Of one signed-in reporter, and of one address of the network that nobody signed in from.
SIGNED_IN_LIMIT, STRANGER_LIMIT = (
    RateLimit("report", "20 per day"),
    RateLimit("report-address", "10 per hour"),
)
# Of all signed-in reporters behind one address, and of all strangers of one network: generous, since a mobile
# operator or an office shares one.
SIGNED_IN_ADDRESS_LIMIT, STRANGER_NETWORK_LIMIT = (
    RateLimit("report-people-address", "100 per day"),
    RateLimit("report-network", "60 per hour"),
)


@dataclass(frozen=True, slots=True)
class Reporter:
    """The author of a report. The blind indexes are always the same for one reporter, without revealing them.

    `voice` is the same for reporters who count as one. `is_proven`: their contact is as old as `PROOF_AGE`.
    `person` is their id when they are signed in as a person; None for strangers and staff.
    """

    blind_index: bytes
    voice: bytes
    is_proven: bool = False
    person: UUID | None = None


def identify_reporter(database: Database, limits: RateLimiter, actor: Actor, address: str) -> Reporter:
    """The reporter behind a request, counted against the rate limits. Raises TooManyError, UnavailableError.

    Called before the session that stores the report, so that none is open while Valkey counts.
    """
    reporter = _identify(database, actor, address)
    index, blind_index = reporter.blind_index.hex(), database.vault.blind_index
    if actor.id:
        # The limit of the address stops one visitor who signs in with account after account.
        address_index = blind_index("reporter", subscriber_prefix(address)).hex()
        limits.hit([(SIGNED_IN_LIMIT, index), (SIGNED_IN_ADDRESS_LIMIT, address_index)])
    else:
        limits.hit([(STRANGER_LIMIT, index), (STRANGER_NETWORK_LIMIT, reporter.voice.hex())])
    return reporter


def _identify(database: Database, actor: Actor, address: str) -> Reporter:
    """A person by the owner of their first contact: ten accounts on one telephone are one reporter.

    Staff by their id, and a stranger by their address of the network.
    """
    blind_index = database.vault.blind_index
    if actor.id is None:
        subscriber, network = subscriber_prefix(address), network_prefix(address)
        return Reporter(blind_index("reporter", subscriber), blind_index("reporter", network))
    proof = None
    if actor.role is Role.PERSON:
        with database.read() as session:
            proof = people.find_first_proof(session, actor.id)
    index = blind_index("reporter", proof.owner.hex() if proof else str(actor.id))
    is_proven = proof is not None and proof.at <= now() - PROOF_AGE
    return Reporter(index, index, is_proven, actor.id if actor.role is Role.PERSON else None)
