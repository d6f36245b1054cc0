"""What signing in works with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from oim.features.consents import Purpose
from oim.features.sign_in.sessions import Sessions
from oim.kit.cache import Cache
from oim.kit.i18n import Language
from oim.kit.rate_limits import RateLimiter


@dataclass(frozen=True, slots=True)
class SignInServices:
    """Codes and tickets, how often what may be tried, and who is signed in."""

    cache: Cache
    rate_limiter: RateLimiter
    sessions: Sessions


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """What a newcomer says: who they are, what they agree to, in which language, through which channel."""

    name: str
    pin: str
    language: Language
    channel: str
    consents: Mapping[Purpose, bool]


@dataclass(frozen=True, slots=True)
class AccountChange:
    """How somebody wants to be called and written to, None as before; the PIN is theirs, and was proved."""

    name: str | None
    language: Language | None
    pin: str
