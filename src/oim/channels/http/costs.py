"""What requests cost: points, of which one person or network address may spend so many, by either door.

Limits that count requests take a search for one word and one for a whole letter as the same. Points are by
the work: nobody takes all of it, and who asks much is refused before anything is done. See decision 32.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from fastapi import Request

from oim.channels.http.requests import client_address
from oim.channels.http.services import Services
from oim.channels.http.threads import is_crowded
from oim.features.access import Actor, Role
from oim.features.sign_in import hash_subject
from oim.kit.errors import TooManyError, UnavailableError
from oim.kit.i18n import mark
from oim.kit.rate_limits import ASKED_TOO_OFTEN, RateLimit, source_prefixes

# A whole neighbourhood may share an address: that of a cyber café, or of a mobile operator. So it has many
# times what somebody needs, and whoever is signed in is counted apart from it.
# The second is of a whole network of IPv6, which is rented as one.
ADDRESS_LIMITS = (
    RateLimit("cost-address", "20000 per 10 minutes"),
    RateLimit("cost-network", "60000 per 10 minutes"),
)
# What strangers have when one of them has spent all that: answers by words alone, which cost a fifth.
WORDS_LIMITS = (
    RateLimit("cost-address-words", "20000 per 10 minutes"),
    RateLimit("cost-network-words", "60000 per 10 minutes"),
)
WORDS_FRACTION = 5
PERSON_LIMIT = RateLimit("cost", "6000 per 10 minutes")
# Lists in which one person counts as such to learning and crowding: more than somebody reads in a day. With
# more, one account of a mailbox made for it would be most of what "people" were shown.
LISTS_OF_PERSON = RateLimit("lists-of-person", "20 per day")
LETTERS_PER_POINT = 6
MIN_TEXT_COST = 10  # of words to be understood and looked for by their meaning, however few
LISTING_COST = 2  # of a list of offers without words, which the database alone answers
EVENT_COST = 1
UPLOAD_COST = 200
ADDRESS_SPENT = mark(
    "Too many requests came from your internet connection, which others may use too. Try again in "
    "%(time)s, or sign in."
)


def cost_of_text(text: str) -> int:
    """Compute what it costs to find offers by a text, by its length."""
    return max(MIN_TEXT_COST, len(text) // LETTERS_PER_POINT)


def cost_of_search(words: str) -> int:
    """Compute what a search costs, which may have no words."""
    return cost_of_text(words) if words.strip() else LISTING_COST


def spend_points(services: Services, actor: Actor | None, address: str, points: int) -> None:
    """Take points of the person or member of staff who asks, else of the address. Raises TooManyError.

    Without Valkey nothing is counted: offers must not depend on it, and what must never pass uncounted has
    limits of its own.
    """
    if actor is not None and actor.id is not None:
        _spend(services, (PERSON_LIMIT,), (str(actor.id),), points, ASKED_TOO_OFTEN)
    else:
        _spend(services, ADDRESS_LIMITS, source_prefixes(address), points, ADDRESS_SPENT)


def spend_search_points(services: Services, actor: Actor | None, request: Request, points: int) -> bool:
    """Take points for finding offers; return whether they are to be found by words alone.

    One telephone must not shut out all strangers behind the address of its operator: where that has spent its
    points, they are answered at a fraction of the work, and so is whose turn came late. Raises TooManyError.
    """
    address = client_address(request)
    try:
        spend_points(services, actor, address, points)
    except TooManyError:
        if actor is not None and actor.id is not None:
            raise
        points_by_words = math.ceil(points / WORDS_FRACTION)
        _spend(services, WORDS_LIMITS, source_prefixes(address), points_by_words, ADDRESS_SPENT)
        return True
    return is_crowded(request)


def _spend(
    services: Services, limits: Sequence[RateLimit], subjects: Sequence[str], points: int, message: str
) -> None:
    """Take points of each subject by its limit, the narrowest first. Raises TooManyError."""
    try:
        for limit, subject in zip(limits, subjects, strict=False):
            # Neither ids nor addresses lie in Valkey in the clear.
            subject_hash = hash_subject(services.database.vault, subject)
            services.sign_in.rate_limiter.spend(limit, subject_hash, points, message)
    except UnavailableError:
        return


def counts_as_person(services: Services, actor: Actor | None) -> bool:
    """Whether a list shown now counts as one of a person, of which each has some a day. Staff are none."""
    if actor is None or actor.role is not Role.PERSON:
        return False
    try:
        subject_hash = hash_subject(services.database.vault, str(actor.id))
        services.sign_in.rate_limiter.spend(LISTS_OF_PERSON, subject_hash, 1)
    except (TooManyError, UnavailableError):
        return False
    return True
