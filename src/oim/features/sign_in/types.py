"""Values and services that signing in works with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from oim.features.access import Actor
from oim.features.consents import Purpose
from oim.features.sign_in.sessions import Sessions
from oim.kit.cache import Cache
from oim.kit.db import WriteSession
from oim.kit.i18n import Language
from oim.kit.rate_limits import RateLimiter

T = TypeVar("T")
# How a caller has a result made in the transaction that it belongs to: `run(session, create)` calls `create`
# and returns what it returned, or what an earlier call with the same idempotency key did.
RunOnce = Callable[[WriteSession, Callable[[], T]], T]


def run_directly(_: WriteSession, create: Callable[[], T]) -> T:
    """Make a result whatever was called before: the `RunOnce` of callers without idempotency keys."""
    return create()


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request comes from: the network address, and the token that the device presents, if it has one.

    A token counts only once `devices.find_known_device` knows it.
    """

    address: str
    device: str = ""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who has signed in, the token of their session, and that of their device, to present next time.

    `stay`: they stay signed in for 30 days.
    """

    actor: Actor
    token: str
    device: str
    stay: bool = False


@dataclass(frozen=True, slots=True)
class SignInServices:
    """The services of signing in: the cache for codes and tickets, the rate limiter and the sessions."""

    cache: Cache
    rate_limiter: RateLimiter
    sessions: Sessions


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """What a new person states: name, PIN, language and consents, and the channel they come through.

    `stay`: they ask to stay signed in on this device. `only_if_first`: nobody is to be created where somebody
    joined by the same contact since its code was asked for: it may have been they, on another page.
    """

    name: str
    pin: str
    language: Language
    channel: str
    consents: Mapping[Purpose, bool]
    stay: bool = False
    only_if_first: bool = False


@dataclass(frozen=True, slots=True)
class PersonCredentials:
    """What a person signs in with. The ticket proves their contact, the device may be known there.

    `stay`: they ask to stay signed in on this device.
    """

    ticket: str
    name: str
    pin: str
    device: str = ""
    stay: bool = False


@dataclass(frozen=True, slots=True)
class StaffCredentials:
    """What a member of staff signs in with; `code` is that of their authenticator now."""

    email: str
    password: str
    code: str


@dataclass(frozen=True, slots=True)
class ContactProof:
    """The ticket that proves a new contact. `pin` is the person's, already proved: see `AccountChange`."""

    ticket: str
    pin: str
    device: str = ""  # that it is added on


@dataclass(frozen=True, slots=True)
class PinChange:
    """A new PIN, and the old one, to be proved."""

    old: str
    new: str
    device: str = ""  # that it is changed on


@dataclass(frozen=True, slots=True)
class AccountChange:
    """A change of name and language: None keeps the present one. `pin` is the person's, already proved.

    The PIN is needed to check that name and PIN are not in use together on one of their contacts.
    """

    name: str | None
    language: Language | None
    pin: str
    device: str = ""  # that it is made on
