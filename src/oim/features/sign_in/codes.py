"""One-time codes: sent to a contact, redeemed once for a ticket that says the contact is theirs.

A code has 7 digits (23 bits), lives 10 minutes and may be tried 5 times. All of it is one step in Valkey, so
that of many who redeem it at once one does.
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
MAX_TRIES = 5
WRONG_CODE = mark("This code is wrong, or too old. Look at the last message, or ask for another code.")
EXPIRED_TICKET = mark("This took too long, or was done already. Ask for another code.")

_STORE_SCRIPT = """
redis.call('HSET', KEYS[1], 'code', ARGV[1], 'contact', ARGV[2], 'left', ARGV[3])
redis.call('EXPIRE', KEYS[1], ARGV[4])
"""
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
    """Have a code sent to a contact, known or not; the id of the challenge. Raises TooManyError.

    `address`: of the network, where it was asked from.
    """
    challenge, code = secrets.token_urlsafe(24), f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
    vault = session.vault
    services.rate_limiter.hit(rate_limits.code_limits(vault, contact, address))
    held = vault.seal(f"{contact.channel.value} {contact.value}".encode(), _SEALING_CONTEXT)
    lives = int(CODE_LIFETIME.total_seconds())
    services.cache.run_script(
        _STORE_SCRIPT, [_key("code", challenge)], _sign_code(vault, challenge, code), held, MAX_TRIES, lives
    )
    queue_code(session, contact, language, code, CODE_LIFETIME)
    return challenge


def redeem_challenge(cache: Cache, vault: Vault, challenge: str, code: str) -> str:
    """The ticket for a code, once. Raises BadInputError, whatever is wrong with it."""
    ticket, said = secrets.token_urlsafe(24), "".join(code.split())
    keys = [_key("code", challenge), _key("ticket", ticket)]
    if not cache.run_script(
        _REDEEM_SCRIPT, keys, _sign_code(vault, challenge, said), int(TICKET_LIFETIME.total_seconds())
    ):
        raise BadInputError(WRONG_CODE, field="code")
    return ticket


def find_challenge_contact(cache: Cache, vault: Vault, challenge: str) -> Contact | None:
    """Where the code of a challenge was sent; none where it was redeemed, or is too old."""
    with cache.commands() as ask:
        held = ask.hget(_key("code", challenge), "contact")
    return _unseal_contact(vault, held) if held else None


def load_ticket_contact(cache: Cache, vault: Vault, ticket: str) -> Contact:
    """The contact that a ticket is for. Raises SignInError."""
    with cache.commands() as ask:
        return _unseal_contact(vault, ask.get(_key("ticket", ticket)))


def spend_ticket(cache: Cache, ticket: str) -> None:
    """A ticket serves once. Raises SignInError for all but the first who spend it."""
    with cache.commands() as ask:
        if not ask.delete(_key("ticket", ticket)):
            raise SignInError(EXPIRED_TICKET)


_SEALING_CONTEXT = "valkey.ticket:contact"


def _unseal_contact(vault: Vault, sealed_contact: bytes | None) -> Contact:
    if sealed_contact is None:
        raise SignInError(EXPIRED_TICKET)
    channel, _, value = vault.open(sealed_contact, _SEALING_CONTEXT).decode().partition(" ")
    return Contact(Channel(channel), value)


def _key(kind: str, secret: str) -> str:
    return f"{kind}:{secret}"


def _sign_code(vault: Vault, challenge: str, code: str) -> str:
    return vault.sign("code", challenge, code)
