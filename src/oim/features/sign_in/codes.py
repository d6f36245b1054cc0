"""One-time codes: sent to a contact, and redeemed once for a ticket, the proof that the contact is theirs.

A code has 7 digits (23 bits), lives 10 minutes and may be tried 5 times. Redeeming is one step in Valkey, so
of many requests that redeem the same code at once only one succeeds.

A ticket is spent twice over: in the database by the transaction that it serves for (`claim_ticket`), so that
there is never a second account by it, and after the commit in Valkey, where it opens one session. A process
killed before the commit has spent nothing; killed after it, the same act can be repeated with the ticket.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from uuid import UUID

from oim.features.messages import queue_code
from oim.features.people import Channel, Contact
from oim.features.sign_in import rate_limits
from oim.features.sign_in.budgets import watch_budgets
from oim.features.sign_in.devices import find_known_device
from oim.features.sign_in.types import Origin, RunOnce, SignInServices, run_directly
from oim.kit.cache import Cache
from oim.kit.clock import now
from oim.kit.crypto import Vault
from oim.kit.db import Database, IdempotentCall, WriteSession, run_once
from oim.kit.errors import BadInputError, ConflictError, SignInError, UnavailableError
from oim.kit.i18n import mark
from oim.kit.telemetry import logger

CODE_DIGITS = 7
CODE_LIFETIME = timedelta(minutes=10)
TICKET_LIFETIME = timedelta(minutes=15)
MAX_TRIES = 5  # of one code, wrong ones and right ones
WRONG_CODE = mark("This code is wrong, or too old. Look at the last message, or ask for another code.")
EXPIRED_TICKET = mark("This took too long, or was done already. Ask for another code.")

# KEYS: the challenge. ARGV: signed code, sealed contact, number of tries, lifetime in seconds.
_STORE_SCRIPT = """
redis.call('HSET', KEYS[1], 'code', ARGV[1], 'contact', ARGV[2], 'left', ARGV[3])
redis.call('EXPIRE', KEYS[1], ARGV[4])
"""
# KEYS: the challenge, the new ticket. ARGV: signed code, lifetime of the ticket in seconds. A try is counted
# before the code is compared, and the code is gone with its last try: so no more than MAX_TRIES are compared.
# A code that gave this very ticket already gives it again: a random ticket is never there before.
_REDEEM_SCRIPT = """
if redis.call('EXISTS', KEYS[1]) == 0 then return redis.call('EXISTS', KEYS[2]) end
if redis.call('HINCRBY', KEYS[1], 'left', -1) < 0 then redis.call('DEL', KEYS[1]) return 0 end
if redis.call('HGET', KEYS[1], 'code') ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[2], redis.call('HGET', KEYS[1], 'contact'), 'EX', ARGV[2])
redis.call('DEL', KEYS[1])
return 1
"""


def send_code(
    database: Database,
    services: SignInServices,
    contact: Contact,
    *,
    language: str,
    origin: Origin,
    run: RunOnce[str] = run_directly,
) -> str:
    """Send a code to a contact, and return the id of the challenge. Raises TooManyError.

    Does the same whether the contact is known or not, so as not to reveal it.
    """
    challenge, code = secrets.token_urlsafe(24), f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
    vault = database.vault
    _count_code(vault, services, contact, origin)
    content = f"{contact.channel.value} {contact.value} {now().timestamp()}"
    sealed_contact = vault.seal(content.encode(), _SEALING_CONTEXT)
    services.cache.run_script(
        _STORE_SCRIPT,
        [_key("code", challenge)],
        # Signed, not the code itself: whoever reads Valkey cannot redeem it.
        _sign_code(vault, challenge, code),
        sealed_contact,
        MAX_TRIES,
        int(CODE_LIFETIME.total_seconds()),
    )

    def queue() -> str:
        queue_code(session, contact, language, code, CODE_LIFETIME)
        return challenge

    # After the challenge is stored: no code is sent that could not be redeemed. A challenge whose code is not
    # sent after all tells nobody anything, and expires.
    with database.write() as session:
        return run(session, queue)


def _count_code(vault: Vault, services: SignInServices, contact: Contact, origin: Origin) -> None:
    """Count a code against the limits and budgets of its contact and origin. Raises TooManyError."""
    device = find_known_device(services.cache, vault, origin.device, contact.value)
    try:
        services.rate_limiter.hit(rate_limits.code_limits(vault, contact, Origin(origin.address, device)))
    finally:  # refused ones too: a budget may be used up
        watch_budgets(services.rate_limiter, services.cache, contact)


def redeem_challenge(cache: Cache, vault: Vault, challenge: str, code: str, ticket: str | None = None) -> str:
    """Redeem a code for a ticket, once: a random one, or `ticket`, a secret text that the caller has chosen.

    Redeemed again for the same chosen ticket, a code gives it again until it is spent. Raises the same
    BadInputError for a wrong, old or used code, and for an unknown challenge.
    """
    ticket, digits = ticket or secrets.token_urlsafe(24), "".join(code.split())
    keys = [_key("code", challenge), ticket_key(ticket)]
    if not cache.run_script(
        _REDEEM_SCRIPT, keys, _sign_code(vault, challenge, digits), int(TICKET_LIFETIME.total_seconds())
    ):
        raise BadInputError(WRONG_CODE, field="code")
    return ticket


def find_challenge_contact(cache: Cache, vault: Vault, challenge: str) -> Contact | None:
    """Find the contact that the code of a challenge was sent to. None if it was redeemed or is too old."""
    with cache.commands() as valkey:
        sealed_contact = valkey.hget(_key("code", challenge), "contact")
    return _unseal_contact(vault, sealed_contact)[0] if sealed_contact else None


def load_ticket_contact(cache: Cache, vault: Vault, ticket: str) -> Contact:
    """Load the contact that a ticket proves. Raises SignInError if the ticket is spent or too old."""
    return load_ticket(cache, vault, ticket)[0]


def load_ticket(cache: Cache, vault: Vault, ticket: str) -> tuple[Contact, datetime]:
    """Load the contact that a ticket proves, and when its code was asked for. Raises SignInError as above."""
    with cache.commands() as valkey:
        return _unseal_contact(vault, valkey.get(ticket_key(ticket)))


def claim_ticket(session: WriteSession, ticket: str, person: UUID) -> bool:
    """Claim a ticket for a person, if and when the transaction commits. Returns whether it was theirs before.

    Raises SignInError if it was claimed for somebody else: of several transactions at once, one succeeds.
    """
    try:
        # The rows of idempotent calls are just that: one for each key, bound to one content.
        return run_once(session, IdempotentCall(None, "ticket", ticket, person.bytes), bytes).is_replay
    except ConflictError:
        raise SignInError(EXPIRED_TICKET) from None


def spend_ticket(cache: Cache, ticket: str) -> None:
    """Use up a ticket that was claimed, after the commit; one that is spent already is no error.

    Nor is it one where Valkey fails: what the ticket was for is done, nobody else can claim it, and it ends.
    """
    try:
        with cache.commands() as valkey:
            valkey.delete(ticket_key(ticket))
    except UnavailableError as error:
        logger(__name__).warning("a ticket was not deleted", error=str(error))


def ticket_key(ticket: str) -> str:
    """The key of a ticket in Valkey."""
    return _key("ticket", ticket)


# What sealed contacts are bound to. A challenge's contact becomes the ticket's as it is, inside Valkey, hence
# the same context for both.
_SEALING_CONTEXT = "valkey.ticket:contact"


def _unseal_contact(vault: Vault, sealed_contact: bytes | None) -> tuple[Contact, datetime]:
    """Open a sealed contact, with when its code was asked for. Raises SignInError if there is none."""
    if sealed_contact is None:
        raise SignInError(EXPIRED_TICKET)
    channel, value, *asked_at = vault.open(sealed_contact, _SEALING_CONTEXT).decode().split(" ")
    # An earlier version did not say when: those tickets end within the half hour.
    at = datetime.fromtimestamp(float(asked_at[0]), UTC) if asked_at else now()
    return Contact(Channel(channel), value), at


def _key(kind: str, secret: str) -> str:
    """The key in Valkey of a code or a ticket."""
    return f"{kind}:{secret}"


def _sign_code(vault: Vault, challenge: str, code: str) -> str:
    """Sign a code together with its challenge, so that it is of no use for another one."""
    return vault.sign("code", challenge, code)
