"""How crowded an offer is: the applications to expect from those it was shown to, against its places.

A recommender that sends everybody to the same door does harm, so what is nearly as good and less crowded
comes first. Only offers that state their places are counted; no profile is kept, only a hash of it.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from time import monotonic
from uuid import UUID

from oim.features.matching.composition import Charge
from oim.features.matching.ranking import Ranked
from oim.features.matching.types import Profile

MOST = 0.15  # of a score, taken off the most crowded offer: farther apart, the better offer stays first
SPREAD = 0.01  # offers nearer than this are equals: whose is first differs from person to person
APPLIES = 0.15  # of those who look at a recommended offer, a guess until events tell
HALF_LIFE = 14 * 86400.0  # seconds: how long a showing counts
SOON = 600.0  # seconds within which the same profile is the same person: later it may be somebody else
REMEMBERED = 20_000  # who asked lately: asking twice is no crowd


def examined(position: int) -> float:
    """How likely the offer at a position, from 1, is looked at (Joachims and others, WSDM 2017)."""
    return 1.0 / position


def asker(profile: Profile) -> int:
    """A number for who asks, the same for the same profile."""
    return int.from_bytes(hashlib.blake2b(repr(profile).encode(), digest_size=8).digest(), "big")


class Ledger:
    """Expected applications of each offer with stated places, halved every fortnight; safe among threads."""

    def __init__(
        self,
        expected: Mapping[UUID, float] | None = None,
        clock: Callable[[], float] = monotonic,
        stands_for: float = 1.0,
    ) -> None:
        """`expected`: applications to expect from what was shown before.

        `stands_for`: how many people each asker stands for, where only a part of them is told here.
        """
        self._clock = clock
        self._stands_for = stands_for
        self._lock = threading.Lock()
        self._held = {id_: (amount, clock()) for id_, amount in (expected or {}).items()}
        self._askers: OrderedDict[int, tuple[float, dict[UUID, float]]] = OrderedDict()

    def expected(self, id_: UUID) -> float:
        """Applications to expect of an offer from what was shown of it."""
        amount, at = self._held.get(id_, (0.0, 0.0))
        return float(amount * 0.5 ** ((self._clock() - at) / HALF_LIFE)) if amount else 0.0

    def charge(self, who: int) -> Charge:
        """What is taken off each candidate's score for one asker, who is no crowd to themselves."""
        own = self._own(who)

        def of(ranked: Ranked) -> float:
            places = ranked.hit.card.places
            if not places:
                return 0.0
            crowd = max(0.0, self.expected(ranked.hit.id) - own.get(ranked.hit.id, 0.0)) / places
            return MOST * crowd / (1 + crowd) + SPREAD * _luck(who, ranked.hit.id)

        return of

    def _own(self, who: int) -> Mapping[UUID, float]:
        """What an asker who asked a moment ago added."""
        at, added = self._askers.get(who, (0.0, {}))
        return added if self._clock() - at < SOON else {}

    def note(self, who: int, chosen: Sequence[Ranked]) -> None:
        """These were shown to an asker, in this order. The same asker soon after adds nothing."""
        with self._lock:
            if self._own(who):
                return
            added = {
                one.hit.id: APPLIES * examined(position) * self._stands_for
                for position, one in enumerate(chosen, start=1)
                if one.hit.card.places
            }
            self._askers[who] = (self._clock(), added)
            self._askers.move_to_end(who)
            if len(self._askers) > REMEMBERED:
                self._askers.popitem(last=False)
            for id_, amount in added.items():
                self._held[id_] = (self.expected(id_) + amount, self._clock())


def _luck(who: int, id_: UUID) -> float:
    """From 0 to 1, fixed for a person and an offer, without pattern over people or offers."""
    mixed = ((who ^ id_.int) * 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF
    return (mixed >> 40) / (1 << 24)
