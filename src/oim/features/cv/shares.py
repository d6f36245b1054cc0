"""Fair shares of reading: one CV at a time of a person, and so many seconds of each person and address.

Reading takes a second for a file with text and half a minute for a scan, and only some are read at once. What
counts is the time that was spent: nobody keeps others waiting by files that take long. See decision 32.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from uuid import UUID, uuid4

from oim.features.cv.readers.limits import LONGEST_TURN, SECONDS_LEFT, SECONDS_OF_ADDRESS, SECONDS_OF_PERSON
from oim.kit.cache import Cache
from oim.kit.errors import ConflictError, TooManyError, UnavailableError
from oim.kit.i18n import mark
from oim.kit.rate_limits import RateLimit, RateLimiter

Charge = Callable[[float], None]  # takes the seconds that a file was read for

PERSON_SECONDS = RateLimit("cv-seconds", SECONDS_OF_PERSON)
ADDRESS_SECONDS = RateLimit("cv-seconds-address", SECONDS_OF_ADDRESS)
OWN_SECONDS = RateLimit("cv-seconds-own", SECONDS_LEFT)
IS_READING = mark("Your CV is being read already. Wait until that is done, then send another one.")
SECONDS_SPENT = mark(
    "Reading your files, or those of others on the same connection, has already taken much time. Try "
    "again in %(time)s. A PDF with text or a DOCX is read faster than a photo."
)
# Only the turn that began it ends it: another one may have begun since.
_END_TURN = "if redis.call('get', KEYS[1]) == ARGV[1] then redis.call('del', KEYS[1]) end"


@contextmanager
def take_turn(cache: Cache, limiter: RateLimiter, person: UUID, source: str) -> Iterator[Charge]:
    """Let one CV of a person be read in the block; yield what charges the seconds that it took.

    `source`: opaque name of the network address. Raises ConflictError while another CV of the person is read,
    TooManyError where the person has no seconds left, or neither the address has any nor the person of their
    own, UnavailableError.
    """
    key, turn = f"cv-turn:{person}", str(uuid4())
    with cache.commands() as commands:
        is_free = commands.set(key, turn, nx=True, ex=LONGEST_TURN)
    if not is_free:
        raise ConflictError(IS_READING)
    try:
        limiter.spend(PERSON_SECONDS, str(person), 1, SECONDS_SPENT)
        shares = (PERSON_SECONDS, str(person)), _begin_share(limiter, person, source)

        def charge(seconds: float) -> None:
            for limit, subject in shares:
                # The first second is taken already. A reading that cannot be charged was done all the same.
                with suppress(UnavailableError):
                    limiter.charge(limit, subject, math.ceil(seconds) - 1)

        yield charge
    finally:
        with suppress(UnavailableError):
            cache.run_script(_END_TURN, [key], turn)


def _begin_share(limiter: RateLimiter, person: UUID, source: str) -> tuple[RateLimit, str]:
    """Take the first second of the address, or where others have spent all of it what is the person's own.

    Raises TooManyError, UnavailableError.
    """
    try:
        limiter.spend(ADDRESS_SECONDS, source, 1)
    except TooManyError:
        limiter.spend(OWN_SECONDS, str(person), 1, SECONDS_SPENT)
        return OWN_SECONDS, str(person)
    return ADDRESS_SECONDS, source
