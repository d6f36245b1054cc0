"""Sessions of people and staff, stored in Valkey under a hash of their token.

They are short, since telephones are shared; on a telephone of their own a person may ask for a long one. What
is left of a session that timed out signs nobody in: it tells only whose it was, so that what they were typing
is given back to them and to nobody else.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

from oim.features.access import Actor, Role
from oim.kit.cache import Cache

IDLE_TIMEOUT = timedelta(minutes=30)  # without a request
ABSOLUTE_TIMEOUT = timedelta(hours=12)  # after signing in, whatever happens
STAY_TIMEOUT = timedelta(days=30)  # of both kinds, where a person asked to stay signed in
OWNER_LIFETIME = timedelta(hours=2)  # for which it is known whose session timed out
PREPARATION_LIFETIME = timedelta(minutes=15)  # of a session that was prepared and not opened, as of a ticket

# Microseconds by the clock of Valkey, which all processes share. The scripts write them with `%.0f`, since
# Lua by itself rounds a number of 16 digits (`%.14g`).
_CLOCK_SCRIPT = "local t = redis.call('TIME') local now = t[1] * 1000000 + t[2]\n"
# KEYS: the session, open or prepared; the long sessions of the actor. ARGV: the actor as JSON, their id,
# idle and absolute timeout and the key's lifetime in seconds, the key that a long session will have or "",
# and of a prepared session the key to spend, which may be empty.
_STORE_SCRIPT = (
    _CLOCK_SCRIPT
    + """
local at = string.format('%.0f', now)
redis.call('HSET', KEYS[1], 'who', ARGV[1], 'owner', ARGV[2], 'at', at, 'seen', at,
  'idle', ARGV[3], 'absolute', ARGV[4])
if ARGV[7] then redis.call('HSET', KEYS[1], 'spends', ARGV[7]) end
redis.call('EXPIRE', KEYS[1], ARGV[5])
if ARGV[6] ~= '' then
  redis.call('SADD', KEYS[2], ARGV[6])
  redis.call('EXPIRE', KEYS[2], ARGV[4])
end
"""
)
# KEYS: the session. ARGV: idle and absolute timeout of a session that notes none, and for how long it is
# known whose it was, in seconds. `ended:<actor id>` is the instant until which every session of an actor was
# ended; a session opened in the same microsecond ends too (hence <=).
_FIND_SCRIPT = (
    _CLOCK_SCRIPT
    + """
local held = redis.call('HMGET', KEYS[1], 'who', 'owner', 'at', 'seen', 'idle', 'absolute')
if not held[1] then return nil end
local ended = redis.call('GET', 'ended:' .. held[2])
if ended and tonumber(held[3]) <= tonumber(ended) then
  redis.call('DEL', KEYS[1])
  return nil
end
local idle, absolute = held[5] or ARGV[1], held[6] or ARGV[2]
if now - held[3] > absolute * 1000000 or now - (held[4] or now) > idle * 1000000 then return nil end
redis.call('HSET', KEYS[1], 'seen', string.format('%.0f', now))
redis.call('EXPIRE', KEYS[1], idle + ARGV[3])
return held[1]
"""
)
# KEYS: the session. ARGV: as above. A long session that ended stays in Valkey for longer than it is known
# whose it was.
_FIND_OWNER_SCRIPT = (
    _CLOCK_SCRIPT
    + """
local held = redis.call('HMGET', KEYS[1], 'owner', 'at', 'seen', 'idle', 'absolute')
if not held[1] then return nil end
local ended = redis.call('GET', 'ended:' .. held[1])
if ended and tonumber(held[2]) <= tonumber(ended) then return nil end
local idle_end = (held[3] or held[2]) + (held[4] or ARGV[1]) * 1000000
local absolute_end = held[2] + (held[5] or ARGV[2]) * 1000000
if now - math.min(idle_end, absolute_end) > ARGV[3] * 1000000 then return nil end
return held[1]
"""
)
# KEYS: the session, the prepared session. ARGV: for how long it is known whose it was, in seconds. The
# session keeps the instant at which it was prepared, so that whatever ended an actor's sessions since then
# ends this one too.
_ACTIVATE_SCRIPT = (
    _CLOCK_SCRIPT
    + """
if redis.call('EXISTS', KEYS[1]) == 1 then return 1 end
local spends = redis.call('HGET', KEYS[2], 'spends')
if not spends then return 0 end
redis.call('HDEL', KEYS[2], 'spends')
if spends ~= '' and redis.call('DEL', spends) == 0 then redis.call('DEL', KEYS[2]) return 0 end
redis.call('RENAME', KEYS[2], KEYS[1])
redis.call('HSET', KEYS[1], 'seen', string.format('%.0f', now))
redis.call('EXPIRE', KEYS[1], redis.call('HGET', KEYS[1], 'idle') + ARGV[1])
return 1
"""
)
# Ending all sessions of an actor notes an instant instead of deleting them, so no list of them is needed. The
# note lives as long as any session that it could concern.
_END_ALL_SCRIPT = (
    _CLOCK_SCRIPT
    + "redis.call('SET', KEYS[1], string.format('%.0f', now), 'EX', ARGV[1])\nredis.call('DEL', KEYS[2])"
)


@dataclass(frozen=True, slots=True)
class LongSession:
    """A telephone on which a person stays signed in. `id` names it in a form; it signs nobody in."""

    id: str
    since: datetime
    last_used: datetime
    is_current: bool


class Sessions:
    """The sessions of everybody who is signed in.

    A session ends after half an hour without a request, and 12 hours after it began anyway; one of a person
    who asked to stay signed in, 30 days after it began.
    """

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    def open(self, actor: Actor, *, stay: bool = False) -> str:
        """Open a session for a person or a member of staff. Returns its token."""
        token = secrets.token_urlsafe(32)
        self._store(_key(token), token, actor, stay, _lifetime(stay))
        return token

    def prepare(self, actor: Actor, spends: str = "", *, stay: bool = False) -> str:
        """Prepare a session: its token signs nobody in until `activate`, and is forgotten after a while.

        So the token can be stored by the transaction that signs somebody in, and be opened after its commit.
        `spends` is a key in Valkey, such as that of a ticket, which is used up as the session opens.
        """
        token = secrets.token_urlsafe(32)
        self._store(_prepared_key(token), token, actor, stay, PREPARATION_LIFETIME, spends)
        return token

    def _store(
        self, key: str, token: str, actor: Actor, stay: bool, lifetime: timedelta, *spends: str
    ) -> None:
        actor_json, owner = _describe(actor)
        idle, absolute = (STAY_TIMEOUT, STAY_TIMEOUT) if stay else (IDLE_TIMEOUT, ABSOLUTE_TIMEOUT)
        seconds = _seconds(idle), _seconds(absolute), _seconds(lifetime)
        long_key = _key(token) if stay else ""
        self._cache.run_script(
            _STORE_SCRIPT, [key, _long_key(owner)], actor_json, owner, *seconds, long_key, *spends
        )

    def activate(self, token: str) -> bool:
        """Open a prepared session, once. Returns whether it is open: False if its key was spent already.

        Call it after the commit of what signed the actor in. Calling it again changes nothing, so a process
        that was killed between the two is made up for by a repetition; a session that ended stays so.
        """
        keys = [_key(token), _prepared_key(token)]
        return bool(self._cache.run_script(_ACTIVATE_SCRIPT, keys, _seconds(OWNER_LIFETIME)))

    def find(self, token: str) -> Actor | None:
        """Find the actor of a session, and restart its idle time. None if it has ended or never was."""
        if not token:
            return None
        timeouts = _seconds(IDLE_TIMEOUT), _seconds(ABSOLUTE_TIMEOUT), _seconds(OWNER_LIFETIME)
        actor_json = self._cache.run_script(_FIND_SCRIPT, [_key(token)], *timeouts)
        if actor_json is None:
            return None
        role, id_, organisation = json.loads(actor_json)
        return Actor(Role(role), UUID(id_), UUID(organisation) if organisation else None)

    def find_owner(self, token: str) -> UUID | None:
        """Find whose session this is or was until it timed out; None once they ended it, or long ago."""
        timeouts = _seconds(IDLE_TIMEOUT), _seconds(ABSOLUTE_TIMEOUT), _seconds(OWNER_LIFETIME)
        owner = self._cache.run_script(_FIND_OWNER_SCRIPT, [_key(token)], *timeouts)
        return UUID(owner.decode()) if owner else None

    def list_long(self, actor_id: UUID, token: str) -> list[LongSession]:
        """List the telephones on which a person stays signed in, the last used first. `token`: theirs now."""
        sessions = []
        with self._cache.commands() as valkey:
            ended = int(valkey.get(f"ended:{actor_id}") or 0)
            for key in valkey.smembers(_long_key(str(actor_id))):
                at, used = (int(value or 0) for value in valkey.hmget(key, "at", "seen"))
                if at > ended:
                    id_ = key.decode().removeprefix("session:")
                    since, last_used = (datetime.fromtimestamp(instant / 1e6, UTC) for instant in (at, used))
                    sessions.append(LongSession(id_, since, last_used, key.decode() == _key(token)))
        return sorted(sessions, key=lambda session: session.last_used, reverse=True)

    def end_long(self, actor_id: UUID, id_: str) -> None:
        """End the session of a telephone on which a person stays signed in; another's or none is no error."""
        with self._cache.commands() as valkey:
            if valkey.srem(_long_key(str(actor_id)), f"session:{id_}"):
                valkey.delete(f"session:{id_}")

    def end(self, token: str) -> None:
        """End one session. An unknown token is no error."""
        with self._cache.commands() as valkey:
            valkey.delete(_key(token))

    def end_all(self, actor_id: UUID) -> None:
        """End every session of an actor, on all devices."""
        self._cache.run_script(
            _END_ALL_SCRIPT, [f"ended:{actor_id}", _long_key(str(actor_id))], _seconds(STAY_TIMEOUT)
        )


def _key(token: str) -> str:
    """The key of a session: a hash of its token, so that whoever reads Valkey cannot use the session."""
    return f"session:{sha256(token.encode()).hexdigest()}"


def _prepared_key(token: str) -> str:
    """The key of a session that is not open yet."""
    return f"prepared:{sha256(token.encode()).hexdigest()}"


def _long_key(owner: str) -> str:
    """The key of the set of a person's long sessions."""
    return f"long-sessions:{owner}"


def _lifetime(stay: bool) -> timedelta:
    """For how long Valkey keeps a session that nobody uses."""
    return (STAY_TIMEOUT if stay else IDLE_TIMEOUT) + OWNER_LIFETIME


def _describe(actor: Actor) -> tuple[str, str]:
    """An actor as a session holds them: as JSON, and their id alone."""
    if actor.id is None:
        raise ValueError("a session is somebody's")
    organisation = str(actor.organisation) if actor.organisation else None
    return json.dumps([actor.role.value, str(actor.id), organisation]), str(actor.id)


def _seconds(duration: timedelta) -> int:
    """A duration in whole seconds, as Valkey takes it."""
    return int(duration.total_seconds())
