"""How often something may be asked for, counted in Valkey for all processes together."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network

from limits import RateLimitItem, parse
from limits.errors import StorageError
from limits.storage import RedisStorage
from limits.strategies import MovingWindowRateLimiter

from oim.kit.cache import CACHE_UNAVAILABLE, Cache
from oim.kit.errors import TooManyError, UnavailableError
from oim.kit.i18n import mark

MAX_MINUTES = 90  # minutes, more of which are told in hours
SUBSCRIBER_PREFIX_BITS = 64  # bits of an IPv6 address that one subscriber holds all the rest of


@dataclass(frozen=True, slots=True)
class RateLimit:
    """At most so often for one who asks: `5 per hour`."""

    name: str
    rate: str

    @property
    def item(self) -> RateLimitItem:
        return parse(self.rate)


@dataclass(frozen=True, slots=True)
class Quota:
    """What is left of a rule: so many more within so many seconds."""

    limit: int
    remaining: int
    reset: int
    window: int


class RateLimiter:
    """Rules over a moving window. Who asks is named by something opaque: a blind index, an id."""

    def __init__(self, cache: Cache) -> None:
        self._storage = RedisStorage(cache.url, wrap_exceptions=True, key_prefix="limit")
        self._limiter = MovingWindowRateLimiter(self._storage)

    def hit(self, limits: Iterable[tuple[RateLimit, str]]) -> None:
        """Count one more by each rule. Raises TooManyError at the first that has none left.

        Raises UnavailableError too: without its count nothing is let through.
        """
        for rule, who in limits:
            try:
                if self._limiter.hit(rule.item, rule.name, who):
                    continue
                wait = self.read_quota(rule, who).reset
            except StorageError as error:
                raise UnavailableError(CACHE_UNAVAILABLE) from error
            raise TooManyError(
                mark("This was asked too often. Try again in %(time)s."), wait=wait, time=_format_wait(wait)
            )

    def read_quota(self, rule: RateLimit, subject: str) -> Quota:
        """What is left, without counting. Raises limits.errors.StorageError."""
        item = rule.item
        reset, remaining = self._limiter.get_window_stats(item, rule.name, subject)
        window = item.get_expiry()
        wait = math.ceil(reset - time.time()) if remaining < item.amount else window
        return Quota(item.amount, max(remaining, 0), max(1, wait), window)


def _format_wait(seconds: float) -> str:
    """A time to wait, in units that are written alike in every language."""
    minutes = math.ceil(seconds / 60)
    return f"{minutes} min" if minutes <= MAX_MINUTES else f"{math.ceil(minutes / 60)} h"


def subscriber_prefix(address: str) -> str:
    """What of an address is one subscriber's: who has IPv6 has countless addresses, and counts once."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return address
    return str(found.ipv4_mapped or ip_network((found, SUBSCRIBER_PREFIX_BITS), strict=False))
