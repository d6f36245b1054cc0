"""Budgets of paid codes: how many go to numbers of one country, and of all others than ours, from everybody.

What fraudsters could cost has a ceiling, whatever addresses and numbers they have. Devices that are not known
leave a fifth of each budget to those that are. Staff are warned before that much is used up, and when it is,
by a line of the log at `error` and by the banner of their pages (`find_budget_faults`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum

import phonenumbers

from oim.features.people import Channel, Contact
from oim.kit.cache import Cache
from oim.kit.clock import now
from oim.kit.errors import UnavailableError
from oim.kit.faults import Fault
from oim.kit.rate_limits import Quota, RateLimit, RateLimiter
from oim.kit.telemetry import logger

CODE_BUDGET = "codes"  # first word of the part that a fault names: `codes +33`
HOME = "+237"  # Cameroon
ABROAD = "abroad"  # all countries but Cameroon together
# Constants, not settings: a budget goes with the contract of a gateway, which no deployment has yet.
# At home, ten thousand people who sign in on a day, each by one code and every second by two.
HOME_BUDGETS = (
    RateLimit("code-country-hour", "3000 per hour", reserve=600),
    RateLimit("code-country-day", "15000 per day", reserve=3000),
)
# Elsewhere live those who prepare to return, from one country a few hundred on a busy day; fraud goes there.
COUNTRY_BUDGETS = (
    RateLimit("code-country-hour", "100 per hour", reserve=20),
    RateLimit("code-country-day", "400 per day", reserve=80),
)
# Else a fraudster would go from one of two hundred countries to the next.
ABROAD_BUDGETS = (
    RateLimit("code-abroad-hour", "400 per hour", reserve=80),
    RateLimit("code-abroad-day", "1600 per day", reserve=320),
)
_ALARMS_KEY = "alarms:codes"  # sorted set of `+33 near`, by the instant at which each is over


class BudgetLevel(StrEnum):
    """How far a budget is used up."""

    NEAR = "near"  # unknown devices still get codes
    REACHED = "reached"  # only known devices do


def code_budgets(contact: Contact, *, is_known_device: bool) -> Iterator[tuple[RateLimit, str]]:
    """List the budgets that a code to a contact counts for: none by e-mail, which nobody is paid for."""
    for limit, destination in _list_budgets(contact):
        yield (replace(limit, reserve=0) if is_known_device else limit), destination


def watch_budgets(limiter: RateLimiter, cache: Cache, contact: Contact) -> None:
    """Warn staff, once in a window, if a budget that a contact counts for is nearly used up or reached.

    Where Valkey fails the next code warns them: this one is counted already, and is sent or refused.
    """
    try:
        for limit, destination in _list_budgets(contact):
            _watch_budget(limiter, cache, limit, destination)
    except UnavailableError as error:
        logger(__name__).warning("budgets of codes were not looked at", error=str(error))


def _watch_budget(limiter: RateLimiter, cache: Cache, limit: RateLimit, destination: str) -> None:
    """Warn staff, once in a window, if a budget is nearly used up or reached. Raises UnavailableError."""
    quota = limiter.read_quota(limit, destination)
    level = _find_level(limit, quota)
    if level and _store_alarm(cache, f"{destination} {level.value}", quota.window):
        logger(__name__).error(
            "paid codes use up their budget",
            destination=destination,
            state=level.value,
            budget=limit.rate,
        )


def find_budget_faults(cache: Cache) -> tuple[Fault, ...]:
    """Find the budgets that are nearly used up or reached; none where the cache does not answer."""
    try:
        with cache.commands() as valkey:
            alarms = valkey.zrangebyscore(_ALARMS_KEY, now().timestamp(), "+inf")
    except UnavailableError:
        return ()
    faults = {}
    for alarm in sorted(alarms):  # `near` before `reached`, which replaces it
        destination, _, level = alarm.decode().partition(" ")
        faults[destination] = Fault(f"{CODE_BUDGET} {destination}", level)
    return tuple(faults.values())


def _list_budgets(contact: Contact) -> Iterator[tuple[RateLimit, str]]:
    """List the budgets of a contact with the destination that each is for."""
    if contact.channel is Channel.EMAIL:
        return
    # Parsed, as country codes differ in length: `+216` is Tunisia, `+212` Morocco, `+33` France.
    country = f"+{phonenumbers.parse(contact.value).country_code}"
    for limit in HOME_BUDGETS if country == HOME else COUNTRY_BUDGETS:
        yield limit, country
    if country != HOME:
        for limit in ABROAD_BUDGETS:
            yield limit, ABROAD


def _find_level(limit: RateLimit, quota: Quota) -> BudgetLevel | None:
    """How far a budget is used up: reached, when its reserve alone remains; near, when twice as much does."""
    if quota.remaining <= limit.reserve:
        return BudgetLevel.REACHED
    return BudgetLevel.NEAR if quota.remaining <= 2 * limit.reserve else None


def _store_alarm(cache: Cache, alarm: str, seconds: int) -> bool:
    """Store an alarm for some time; return whether there was none."""
    at = now().timestamp()
    with cache.commands() as valkey:
        valkey.zremrangebyscore(_ALARMS_KEY, "-inf", at)
        return bool(valkey.zadd(_ALARMS_KEY, {alarm: at + seconds}, nx=True))
