"""Sessions: in Valkey, under a hash of their token. They are short, since telephones are shared."""

from __future__ import annotations

import json
import secrets
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from oim.features.access import Actor, Role
from oim.kit.cache import Cache

IDLE_TIMEOUT = timedelta(minutes=30)
ABSOLUTE_TIMEOUT = timedelta(hours=12)

_CLOCK_SCRIPT = "local t = redis.call('TIME') local now = t[1] * 1000000 + t[2]\n"
_OPEN_SCRIPT = (
    _CLOCK_SCRIPT
    + """
redis.call('HSET', KEYS[1], 'who', ARGV[1], 'owner', ARGV[2], 'at', string.format('%.0f', now))
redis.call('EXPIRE', KEYS[1], ARGV[3])
"""
)
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
_END_ALL_SCRIPT = _CLOCK_SCRIPT + "redis.call('SET', KEYS[1], string.format('%.0f', now), 'EX', ARGV[1])"


class Sessions:
    """Who is signed in. A session ends after half an hour of silence, and after half a day anyway."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    def open(self, actor: Actor) -> str:
        """A new session; its token."""
        if actor.id is None:
            raise ValueError("a session is somebody's")
        token = secrets.token_urlsafe(32)
        organisation = str(actor.organisation) if actor.organisation else None
        who = json.dumps([actor.role.value, str(actor.id), organisation])
        self._cache.run_script(_OPEN_SCRIPT, [_key(token)], who, str(actor.id), _seconds(IDLE_TIMEOUT))
        return token

    def find(self, token: str) -> Actor | None:
        """Whose session it is, where it goes on."""
        if not token:
            return None
        held = self._cache.run_script(
            _FIND_SCRIPT, [_key(token)], _seconds(IDLE_TIMEOUT), _seconds(ABSOLUTE_TIMEOUT)
        )
        if held is None:
            return None
        role, id_, organisation = json.loads(held)
        return Actor(Role(role), UUID(id_), UUID(organisation) if organisation else None)

    def end(self, token: str) -> None:
        """End one session; one that is not there is no error."""
        with self._cache.commands() as ask:
            ask.delete(_key(token))

    def end_all(self, actor_id: UUID) -> None:
        """End every session of somebody, on whatever telephone."""
        self._cache.run_script(_END_ALL_SCRIPT, [f"ended:{actor_id}"], _seconds(ABSOLUTE_TIMEOUT))


def _key(token: str) -> str:
    return f"session:{sha256(token.encode()).hexdigest()}"


def _seconds(duration: timedelta) -> int:
    return int(duration.total_seconds())
