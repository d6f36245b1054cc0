"""Sessions of people and staff, stored in Valkey under a hash of their token.

They are short, since telephones are shared.
"""

from __future__ import annotations

import json
import secrets
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from oim.features.access import Actor, Role
from oim.kit.cache import Cache

IDLE_TIMEOUT = timedelta(minutes=30)  # without a request
ABSOLUTE_TIMEOUT = timedelta(hours=12)  # after signing in, whatever happens
PREPARATION_LIFETIME = timedelta(minutes=15)  # of a session that was prepared and not opened, as of a ticket

# Microseconds by the clock of Valkey, which all processes share. The scripts write them with `%.0f`, since
# Lua by itself rounds a number of 16 digits (`%.14g`).
_CLOCK_SCRIPT = "local t = redis.call('TIME') local now = t[1] * 1000000 + t[2]\n"
# KEYS: the session, open or prepared. ARGV: the actor as JSON, the actor's id, lifetime in seconds, and of a
# prepared session the key to spend, which may be empty.
_STORE_SCRIPT = (
    _CLOCK_SCRIPT
    + """
redis.call('HSET', KEYS[1], 'who', ARGV[1], 'owner', ARGV[2], 'at', string.format('%.0f', now))
if ARGV[4] then redis.call('HSET', KEYS[1], 'spends', ARGV[4]) end
redis.call('EXPIRE', KEYS[1], ARGV[3])
"""
)
# KEYS: the session. ARGV: idle and absolute timeout in seconds. `ended:<actor id>` is the instant until which
# every session of an actor was ended; a session opened in the same microsecond ends too (hence <=).
_FIND_SCRIPT = (
    _CLOCK_SCRIPT
    + """
local held = redis.call('HMGET', KEYS[1], 'who', 'owner', 'at')
if not held[1] then return nil end
local ended = redis.call('GET', 'ended:' .. held[2])
if now - held[3] > ARGV[2] * 1000000 or (ended and tonumber(held[3]) <= tonumber(ended)) then
  redis.call('DEL', KEYS[1])
  return nil
end
redis.call('EXPIRE', KEYS[1], ARGV[1])
return held[1]
"""
)
# KEYS: the session, the prepared session. ARGV: idle timeout in seconds. The session keeps the instant at
# which it was prepared, so that whatever ended an actor's sessions since then ends this one too.
_ACTIVATE_SCRIPT = """
if redis.call('EXISTS', KEYS[1]) == 1 then return 1 end
local spends = redis.call('HGET', KEYS[2], 'spends')
if not spends then return 0 end
redis.call('HDEL', KEYS[2], 'spends')
if spends ~= '' and redis.call('DEL', spends) == 0 then redis.call('DEL', KEYS[2]) return 0 end
redis.call('RENAME', KEYS[2], KEYS[1])
redis.call('EXPIRE', KEYS[1], ARGV[1])
return 1
"""
# Ending all sessions of an actor notes an instant instead of deleting them, so no list of them is needed. The
# note lives as long as any session that it could concern.
_END_ALL_SCRIPT = _CLOCK_SCRIPT + "redis.call('SET', KEYS[1], string.format('%.0f', now), 'EX', ARGV[1])"


class Sessions:
    """The sessions of everybody who is signed in.

    A session ends after half an hour without a request, and 12 hours after it began anyway.
    """

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    def open(self, actor: Actor) -> str:
        """Open a session for a person or a member of staff. Returns its token."""
        token = secrets.token_urlsafe(32)
        self._cache.run_script(_STORE_SCRIPT, [_key(token)], *_describe(actor), _seconds(IDLE_TIMEOUT))
        return token

    def prepare(self, actor: Actor, spends: str = "") -> str:
        """Prepare a session: its token signs nobody in until `activate`, and is forgotten after a while.

        So the token can be stored by the transaction that signs somebody in, and be opened after its commit.
        `spends` is a key in Valkey, such as that of a ticket, which is used up as the session opens.
        """
        token = secrets.token_urlsafe(32)
        values = *_describe(actor), _seconds(PREPARATION_LIFETIME), spends
        self._cache.run_script(_STORE_SCRIPT, [_prepared_key(token)], *values)
        return token

    def activate(self, token: str) -> bool:
        """Open a prepared session, once. Returns whether it is open: False if its key was spent already.

        Call it after the commit of what signed the actor in. Calling it again changes nothing, so a process
        that was killed between the two is made up for by a repetition; a session that ended stays so.
        """
        keys = [_key(token), _prepared_key(token)]
        return bool(self._cache.run_script(_ACTIVATE_SCRIPT, keys, _seconds(IDLE_TIMEOUT)))

    def find(self, token: str) -> Actor | None:
        """Find the actor of a session, and restart its idle time. None if it has ended or never was."""
        if not token:
            return None
        actor_json = self._cache.run_script(
            _FIND_SCRIPT, [_key(token)], _seconds(IDLE_TIMEOUT), _seconds(ABSOLUTE_TIMEOUT)
        )
        if actor_json is None:
            return None
        role, id_, organisation = json.loads(actor_json)
        return Actor(Role(role), UUID(id_), UUID(organisation) if organisation else None)

    def end(self, token: str) -> None:
        """End one session. An unknown token is no error."""
        with self._cache.commands() as valkey:
            valkey.delete(_key(token))

    def end_all(self, actor_id: UUID) -> None:
        """End every session of an actor, on all devices."""
        self._cache.run_script(_END_ALL_SCRIPT, [f"ended:{actor_id}"], _seconds(ABSOLUTE_TIMEOUT))


def _key(token: str) -> str:
    """The key of a session: a hash of its token, so that whoever reads Valkey cannot use the session."""
    return f"session:{sha256(token.encode()).hexdigest()}"


def _prepared_key(token: str) -> str:
    """The key of a session that is not open yet."""
    return f"prepared:{sha256(token.encode()).hexdigest()}"


def _describe(actor: Actor) -> tuple[str, str]:
    """An actor as a session holds them: as JSON, and their id alone."""
    if actor.id is None:
        raise ValueError("a session is somebody's")
    organisation = str(actor.organisation) if actor.organisation else None
    return json.dumps([actor.role.value, str(actor.id), organisation]), str(actor.id)


def _seconds(duration: timedelta) -> int:
    """A duration in whole seconds, as Valkey takes it."""
    return int(duration.total_seconds())
