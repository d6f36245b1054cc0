"""What signing in works with."""

from __future__ import annotations

from dataclasses import dataclass

from oim.features.sign_in.sessions import Sessions
from oim.kit.cache import Cache
from oim.kit.rate_limits import RateLimiter


@dataclass(frozen=True, slots=True)
class SignInServices:
    """Codes and tickets, how often what may be tried, and who is signed in."""

    cache: Cache
    rate_limiter: RateLimiter
    sessions: Sessions
