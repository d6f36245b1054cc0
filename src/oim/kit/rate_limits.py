"""Rate limits: how often something may be requested, counted in Valkey for all processes together."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network

from limits import RateLimitItem, parse
from limits.storage import RedisStorage
from limits.strategies import MovingWindowRateLimiter, SlidingWindowCounterRateLimiter

from oim.kit.cache import Cache
from oim.kit.errors import TooManyError
from oim.kit.i18n import mark

MAX_MINUTES = 90  # minutes; a longer wait is shown in hours
ASKED_TOO_OFTEN = mark("This was asked too often. Try again in %(time)s.")
SUBSCRIBER_PREFIX_BITS = 64  # of an IPv6 address; a subscriber usually has all addresses of such a prefix


@dataclass(frozen=True, slots=True)
class RateLimit:
    """A limit for each subject, such as `5 per hour`."""

    name: str  # of what is counted
    rate: str

    @property
    def item(self) -> RateLimitItem:
        """The rate, parsed."""
        return parse(self.rate)


@dataclass(frozen=True, slots=True)
class Quota:
    """How much of a limit remains for a subject."""

    limit: int  # requests per window
    remaining: int  # requests allowed now
    reset: int  # seconds until more requests are allowed
    window: int  # seconds


class RateLimiter:
    """Counts requests over a moving window. A subject has an opaque name: a blind index or an id."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._storage = RedisStorage(cache.url, cache.connection_pool, key_prefix="limit")
        self._limiter = MovingWindowRateLimiter(self._storage)
        # A moving window remembers each request. Points are many, so they are two numbers: those of this
        # window, and those of the one before, which count less the longer it is over.
        self._points_limiter = SlidingWindowCounterRateLimiter(self._storage)

    def hit(self, limits: Iterable[tuple[RateLimit, str]]) -> None:
        """Count one request against each limit and subject, in order.

        Raises TooManyError at the first limit that is used up. Raises UnavailableError if the count cannot be
        read, so that no request passes uncounted.
        """
        for limit, subject in limits:
            with self._cache.commands():
                is_accepted = self._limiter.hit(limit.item, limit.name, subject)
            if is_accepted:
                continue
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
        if charged := min(points, self.read_points(limit, subject)):
            with self._cache.commands():
                self._points_limiter.hit(limit.item, limit.name, subject, cost=charged)

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
        wait = math.ceil(reset - time.time()) if remaining < item.amount else window
        return Quota(item.amount, max(remaining, 0), max(1, wait), window)


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
