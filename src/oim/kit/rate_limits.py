"""Rate limits: how often something may be requested, counted in Valkey for all processes together."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from ipaddress import IPv6Address, ip_address, ip_network

from limits import RateLimitItem, parse
from limits.storage import RedisStorage
from limits.strategies import MovingWindowRateLimiter, SlidingWindowCounterRateLimiter

from oim.kit.cache import Cache
from oim.kit.clock import now
from oim.kit.errors import TooManyError
from oim.kit.i18n import mark

# KEYS: of each limit the instants that were counted, the newest first, as the library stores moving windows.
# ARGV: this instant, then of each limit: rate, window in seconds, reserve. Returns the number of the first
# limit that is used up, or 0 once the request is counted against all.
_HIT_SCRIPT = """
local at = tonumber(ARGV[1])
for i, key in ipairs(KEYS) do
  local rate, window, reserve = ARGV[3 * i - 1], ARGV[3 * i], ARGV[3 * i + 1]
  local counted = redis.call('LINDEX', key, rate - reserve - 1)
  if counted and tonumber(counted) >= at - window then return i end
end
for i, key in ipairs(KEYS) do
  redis.call('LPUSH', key, ARGV[1])
  redis.call('LTRIM', key, 0, ARGV[3 * i - 1] - 1)
  redis.call('EXPIRE', key, ARGV[3 * i])
end
return 0
"""
MAX_MINUTES = 90  # minutes; a longer wait is shown in hours
ASKED_TOO_OFTEN = mark("You have tried too often. Try again in %(time)s.")
SUBSCRIBER_PREFIX_BITS = 64  # of an IPv6 address; a subscriber usually has all addresses of such a prefix
NETWORK_PREFIX_BITS = {4: 24, 6: 48}  # by version: the least that is announced, or given to one site

_parse = cache(parse)  # there are as many rates as rules


@dataclass(frozen=True, slots=True)
class RateLimit:
    """A limit for each subject, such as `5 per hour`."""

    name: str  # of what is counted
    rate: str
    reserve: int = 0  # of the rate: left to others, who count by a rule of the same name without a reserve

    @property
    def item(self) -> RateLimitItem:
        """The rate, parsed."""
        return _parse(self.rate)


@dataclass(frozen=True, slots=True)
class Quota:
    """How much of a limit remains for a subject."""

    limit: int  # requests per window
    remaining: int  # requests allowed now
    reset: int  # seconds until more requests are allowed
    window: int  # seconds


class _SharedClockStorage(RedisStorage):
    """The windows of the library, by the clock that all processes share: its own go by that of each host.

    What a host ahead of the others had counted would count against everybody for as long as it is ahead.
    """

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        timestamp = now().timestamp()
        window = self.lua_moving_window([self.prefixed_key(key)], [timestamp - expiry, limit])
        return (float(window[0]), window[1]) if window else (timestamp, 0)


class RateLimiter:
    """Counts requests over a moving window. A subject has an opaque name: a blind index or an id."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._storage = _SharedClockStorage(cache.url, cache.connection_pool, key_prefix="limit")
        self._limiter = MovingWindowRateLimiter(self._storage)
        # A moving window remembers each request. Points are many, so they are two numbers: those of this
        # window, and those of the one before, which count less the longer it is over.
        self._points_limiter = SlidingWindowCounterRateLimiter(self._storage)

    def hit(self, limits: Iterable[tuple[RateLimit, str]]) -> None:
        """Count one request against each limit and subject, unless one of them is used up.

        Raises TooManyError at the first one that is, and has counted nothing then: a request that one limit
        refuses must not use up the others, which are somebody else's too. One step in Valkey for all: a code
        counts against a dozen limits, and of requests at the same instant none is counted by half. Raises
        UnavailableError if it cannot be counted, so that no request passes uncounted.
        """
        limits, keys, arguments = tuple(limits), [], [now().timestamp()]
        for limit, subject in limits:
            item = limit.item
            keys.append(self._storage.prefixed_key(item.key_for(limit.name, subject)))
            arguments += item.amount, item.get_expiry(), limit.reserve
        if refused := self._cache.run_script(_HIT_SCRIPT, keys, *arguments):
            limit, subject = limits[refused - 1]
            wait = self.read_quota(limit, subject).reset
            raise TooManyError(ASKED_TOO_OFTEN, wait=wait, time=format_wait(wait))

    def spend(self, limit: RateLimit, subject: str, points: int, message: str = ASKED_TOO_OFTEN) -> None:
        """Take points of a limit, for something that costs so many. None are taken where too few are left.

        Raises TooManyError with the message, which names the `time` to wait, and UnavailableError.
        """
        with self._cache.commands():
            if self._points_limiter.hit(limit.item, limit.name, subject, cost=points):
                return
            key = limit.item.key_for(limit.name, subject)
            before, _, current, expires = self._storage.get_sliding_window(key, limit.item.get_expiry())
        wait = _wait_for_points(limit.item, points, before, current, expires)
        raise TooManyError(message, wait=wait, time=format_wait(wait))

    def charge(self, limit: RateLimit, subject: str, points: int) -> None:
        """Take points for what was done already: all that are left, where it cost more.

        Raises UnavailableError.
        """
        # What was left may be somebody else's by now, who is counted as the same subject: then look again.
        while charged := min(points, self.read_points(limit, subject)):
            with self._cache.commands():
                if self._points_limiter.hit(limit.item, limit.name, subject, cost=charged):
                    return

    def read_points(self, limit: RateLimit, subject: str) -> int:
        """Read how many points of a limit are left. Raises UnavailableError."""
        with self._cache.commands():
            return self._points_limiter.get_window_stats(limit.item, limit.name, subject).remaining

    def read_quota(self, limit: RateLimit, subject: str) -> Quota:
        """Read what remains of a limit, without counting. Raises UnavailableError."""
        item = limit.item
        with self._cache.commands():
            reset, remaining = self._limiter.get_window_stats(item, limit.name, subject)
        window = item.get_expiry()
        # `reset` is an instant (Unix time). Where nothing was counted yet it is meaningless.
        wait = math.ceil(reset - now().timestamp()) if remaining < item.amount else window
        return Quota(item.amount, max(remaining, 0), min(max(1, wait), window), window)


def _wait_for_points(
    item: RateLimitItem, points: int, before: int, current: int, current_expires: float
) -> int:
    """Compute the seconds until so many points are left, if none are taken meanwhile.

    `before`, `current`: the points taken in the window before and in this one, which is kept for as long as
    `current_expires`: to its end, and as the one before for another window. That one counts less and less.
    """
    window, most = item.get_expiry(), item.amount - points
    ends = current_expires - window
    if current <= most:
        return max(1, math.ceil(ends - (most - current) * window / max(before, 1)))
    return max(1, math.ceil(ends + window - most * window / current))


def format_wait(seconds: float) -> str:
    """Format a time to wait in units that are written alike in every language: `5 min`, `3 h`."""
    minutes = math.ceil(seconds / 60)
    return f"{minutes} min" if minutes <= MAX_MINUTES else f"{math.ceil(minutes / 60)} h"


def subscriber_prefix(address: str) -> str:
    """Return the part of an IP address that identifies a subscriber; a text that is no address, unchanged.

    A subscriber with IPv6 has countless addresses, which must count as one.
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return address
    # `::ffff:192.0.2.1` is an IPv4 caller as a server for both protocols sees it.
    return str(parsed.ipv4_mapped or ip_network((parsed, SUBSCRIBER_PREFIX_BITS), strict=False))


def network_prefix(address: str) -> str:
    """Return the part of an IP address that identifies a network; a text that is no address, unchanged.

    One who has a server, or reconnects to a mobile network, has many subscribers' addresses of one network.
    """
    try:
        parsed = ip_address(subscriber_prefix(address).partition("/")[0])
    except ValueError:
        return address
    return str(ip_network((parsed, NETWORK_PREFIX_BITS[parsed.version]), strict=False))


def source_prefixes(address: str) -> tuple[str, ...]:
    """List the parts of an IP address to count by: the subscriber's, and of IPv6 the network's as well.

    Whoever rents one network of IPv6 has the prefixes of 65,536 subscribers.
    """
    subscriber = subscriber_prefix(address)
    return (subscriber, network_prefix(address)) if "/" in subscriber else (subscriber,)
