"""One-time codes: sent to a contact, and redeemed once for a ticket, the proof that the contact is theirs.

A code has 7 digits (23 bits), lives 10 minutes and may be tried 5 times. Redeeming is one step in Valkey, so
of many requests that redeem the same code at once only one succeeds.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from oim.features.messages import queue_code
from oim.features.people import Channel, Contact
from oim.features.sign_in import rate_limits
from oim.features.sign_in.types import SignInServices
from oim.kit.cache import Cache
from oim.kit.crypto import Vault
from oim.kit.db import WriteSession
from oim.kit.errors import BadInputError, SignInError
from oim.kit.i18n import mark

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
_REDEEM_SCRIPT = """
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
if redis.call('HINCRBY', KEYS[1], 'left', -1) < 0 then redis.call('DEL', KEYS[1]) return 0 end
if redis.call('HGET', KEYS[1], 'code') ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[2], redis.call('HGET', KEYS[1], 'contact'), 'EX', ARGV[2])
redis.call('DEL', KEYS[1])
return 1
"""


def send_code(
    session: WriteSession, services: SignInServices, contact: Contact, *, language: str, address: str
) -> str:
    """Send a code to a contact, and return the id of the challenge. Raises TooManyError.

    Does the same whether the contact is known or not, so as not to reveal it. `address` is the network
    address that the request came from.
    """
    challenge, code = secrets.token_urlsafe(24), f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
    vault = session.vault
    services.rate_limiter.hit(rate_limits.code_limits(vault, contact, address))
    sealed_contact = vault.seal(f"{contact.channel.value} {contact.value}".encode(), _SEALING_CONTEXT)
    services.cache.run_script(
        _STORE_SCRIPT,
        [_key("code", challenge)],
        # Signed, not the code itself: whoever reads Valkey cannot redeem it.
        _sign_code(vault, challenge, code),
        sealed_contact,
        MAX_TRIES,
        int(CODE_LIFETIME.total_seconds()),
    )
    queue_code(session, contact, language, code, CODE_LIFETIME)
    return challenge


def redeem_challenge(cache: Cache, vault: Vault, challenge: str, code: str) -> str:
    """Redeem a code for a ticket, once.

    Raises the same BadInputError for a wrong, old or used code, and for an unknown challenge.
    """
    ticket, digits = secrets.token_urlsafe(24), "".join(code.split())
    keys = [_key("code", challenge), _key("ticket", ticket)]
    if not cache.run_script(
        _REDEEM_SCRIPT, keys, _sign_code(vault, challenge, digits), int(TICKET_LIFETIME.total_seconds())
    ):
        raise BadInputError(WRONG_CODE, field="code")
    return ticket


def find_challenge_contact(cache: Cache, vault: Vault, challenge: str) -> Contact | None:
    """Find the contact that the code of a challenge was sent to. None if it was redeemed or is too old."""
    with cache.commands() as valkey:
        sealed_contact = valkey.hget(_key("code", challenge), "contact")
    return _unseal_contact(vault, sealed_contact) if sealed_contact else None


def load_ticket_contact(cache: Cache, vault: Vault, ticket: str) -> Contact:
    """Load the contact that a ticket proves. Raises SignInError if the ticket is spent or too old."""
    with cache.commands() as valkey:
        return _unseal_contact(vault, valkey.get(_key("ticket", ticket)))


def spend_ticket(cache: Cache, ticket: str) -> None:
    """Use up a ticket. Raises SignInError if it was used before: of several at once, one succeeds."""
    with cache.commands() as valkey:
        # DEL returns how many keys it deleted, so it both checks and spends in one step.
        if not valkey.delete(_key("ticket", ticket)):
            raise SignInError(EXPIRED_TICKET)


# What sealed contacts are bound to. A challenge's contact becomes the ticket's as it is, inside Valkey, hence
# the same context for both.
_SEALING_CONTEXT = "valkey.ticket:contact"


def _unseal_contact(vault: Vault, sealed_contact: bytes | None) -> Contact:
    """Open a sealed contact. Raises SignInError if there is none."""
    if sealed_contact is None:
        raise SignInError(EXPIRED_TICKET)
    channel, _, value = vault.open(sealed_contact, _SEALING_CONTEXT).decode().partition(" ")
    return Contact(Channel(channel), value)


def _key(kind: str, secret: str) -> str:
    """The key in Valkey of a code or a ticket."""
    return f"{kind}:{secret}"


def _sign_code(vault: Vault, challenge: str, code: str) -> str:
    """Sign a code together with its challenge, so that it is of no use for another one."""
    return vault.sign("code", challenge, code)
