"""One-time codes: sent to a contact, redeemed once for a ticket that says the contact is theirs.

A code has 7 digits (23 bits), lives 10 minutes and may be tried 5 times. All of it is one step in Valkey, so
that of many who redeem it at once one does.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from oim.features.messages import write_code
from oim.features.people import Channel, Contact
from oim.features.sign_in import rules
from oim.features.sign_in.doors import Doors
from oim.kit.cache import Cache
from oim.kit.crypto import Vault
from oim.kit.db import WriteSession
from oim.kit.errors import BadInputError, SignInError
from oim.kit.i18n import mark

CODE_DIGITS = 7
CODE_LIVES = timedelta(minutes=10)
TICKET_LIVES = timedelta(minutes=15)
TRIES = 5
WRONG = mark("This code is wrong, or too old. Look at the last message, or ask for another code.")
STALE = mark("This took too long, or was done already. Ask for another code.")

_KEEP = """
redis.call('HSET', KEYS[1], 'code', ARGV[1], 'contact', ARGV[2], 'left', ARGV[3])
redis.call('EXPIRE', KEYS[1], ARGV[4])
"""
_REDEEM = """
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
if redis.call('HINCRBY', KEYS[1], 'left', -1) < 0 then redis.call('DEL', KEYS[1]) return 0 end
if redis.call('HGET', KEYS[1], 'code') ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[2], redis.call('HGET', KEYS[1], 'contact'), 'EX', ARGV[2])
redis.call('DEL', KEYS[1])
return 1
"""


def send_code(session: WriteSession, doors: Doors, contact: Contact, *, language: str, address: str) -> str:
    """Have a code sent to a contact, known or not; the id of the challenge. Raises TooManyError.

    `address`: of the network, where it was asked from.
    """
    challenge, code = secrets.token_urlsafe(24), f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
    vault = session.vault
    doors.limits.hit(rules.codes(vault, contact, address))
    held = vault.seal(f"{contact.channel.value} {contact.value}".encode(), _TICKET)
    lives = int(CODE_LIVES.total_seconds())
    doors.cache.run_script(
        _KEEP, [_key("code", challenge)], _mark(vault, challenge, code), held, TRIES, lives
    )
    write_code(session, contact, language, code, CODE_LIVES)
    return challenge


def redeem(cache: Cache, vault: Vault, challenge: str, code: str) -> str:
    """The ticket for a code, once. Raises BadInputError, whatever is wrong with it."""
    ticket, said = secrets.token_urlsafe(24), "".join(code.split())
    keys = [_key("code", challenge), _key("ticket", ticket)]
    if not cache.run_script(_REDEEM, keys, _mark(vault, challenge, said), int(TICKET_LIVES.total_seconds())):
        raise BadInputError(WRONG, field="code")
    return ticket


def challenged_contact(cache: Cache, vault: Vault, challenge: str) -> Contact | None:
    """Where the code of a challenge was sent; none where it was redeemed, or is too old."""
    with cache.commands() as ask:
        held = ask.hget(_key("code", challenge), "contact")
    return _contact(vault, held) if held else None


def verified_contact(cache: Cache, vault: Vault, ticket: str) -> Contact:
    """The contact that a ticket is for. Raises SignInError."""
    with cache.commands() as ask:
        return _contact(vault, ask.get(_key("ticket", ticket)))


def spend(cache: Cache, ticket: str) -> None:
    """A ticket serves once. Raises SignInError for all but the first who spend it."""
    with cache.commands() as ask:
        if not ask.delete(_key("ticket", ticket)):
            raise SignInError(STALE)


_TICKET = "valkey.ticket:contact"


def _contact(vault: Vault, held: bytes | None) -> Contact:
    if held is None:
        raise SignInError(STALE)
    channel, _, value = vault.open(held, _TICKET).decode().partition(" ")
    return Contact(Channel(channel), value)


def _key(kind: str, secret: str) -> str:
    return f"{kind}:{secret}"


def _mark(vault: Vault, challenge: str, code: str) -> str:
    return vault.sign("code", challenge, code)
