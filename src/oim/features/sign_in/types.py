"""Values and services that signing in works with."""

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
    """The services of signing in: the cache for codes and tickets, the rate limiter and the sessions."""

    cache: Cache
    rate_limiter: RateLimiter
    sessions: Sessions


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """What a new person states: name, PIN, language and consents, and the channel they come through."""

    name: str
    pin: str
    language: Language
    channel: str
    consents: Mapping[Purpose, bool]


@dataclass(frozen=True, slots=True)
class AccountChange:
    """A change of name and language: None keeps the present one. `pin` is the person's, already proved.

    The PIN is needed to check that name and PIN are not in use together on one of their contacts.
    """

    name: str | None
    language: Language | None
    pin: str
