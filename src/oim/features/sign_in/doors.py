"""What signing in works with."""

from __future__ import annotations

from dataclasses import dataclass

from oim.features.sign_in.sessions import Sessions
from oim.kit.cache import Cache
from oim.kit.rate_limits import RateLimiter


@dataclass(frozen=True, slots=True)
class Doors:
    """Codes and tickets, how often what may be tried, and who is signed in."""

    cache: Cache
    limits: RateLimiter
    sessions: Sessions
