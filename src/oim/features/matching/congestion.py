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

from oim.features.matching.composition import Penalty
from oim.features.matching.profile import Profile
from oim.features.matching.ranking import RankedOffer

MAX_PENALTY = (
    0.15  # of a score, taken off the most crowded offer: farther apart, the better offer stays first
)
TIE_SPREAD = 0.01  # offers nearer than this are equals: whose is first differs from person to person
APPLICATION_RATE = 0.15  # of those who look at a recommended offer, a guess until events tell
HALF_LIFE_SECONDS = 14 * 86400.0  # seconds: how long a showing counts
REPEAT_WINDOW = (
    600.0  # seconds within which the same profile is the same person: later it may be somebody else
)
MAX_ASKERS = 20_000  # who asked lately: asking twice is no crowd


def examination_probability(position: int) -> float:
    """How likely the offer at a position, from 1, is looked at (Joachims and others, WSDM 2017)."""
    return 1.0 / position


def hash_profile(profile: Profile) -> int:
    """A number for who asks, the same for the same profile."""
    return int.from_bytes(hashlib.blake2b(repr(profile).encode(), digest_size=8).digest(), "big")


class CongestionLedger:
    """Expected applications of each offer with stated places, halved every fortnight; safe among threads."""

    def __init__(
        self,
        expected_applications: Mapping[UUID, float] | None = None,
        clock: Callable[[], float] = monotonic,
        people_per_asker: float = 1.0,
    ) -> None:
        """`expected`: applications to expect from what was shown before.

        `stands_for`: how many people each asker stands for, where only a part of them is told here.
        """
        self._clock = clock
        self._people_per_asker = people_per_asker
        self._lock = threading.Lock()
        self._expected = {id_: (amount, clock()) for id_, amount in (expected_applications or {}).items()}
        self._askers: OrderedDict[int, tuple[float, dict[UUID, float]]] = OrderedDict()

    def expected_applications(self, id_: UUID) -> float:
        """Applications to expect of an offer from what was shown of it."""
        amount, at = self._expected.get(id_, (0.0, 0.0))
        return float(amount * 0.5 ** ((self._clock() - at) / HALF_LIFE_SECONDS)) if amount else 0.0

    def make_penalty(self, asker_id: int) -> Penalty:
        """What is taken off each candidate's score for one asker, who is no crowd to themselves."""
        own = self._recent_contribution(asker_id)

        def penalty(ranked: RankedOffer) -> float:
            places = ranked.hit.card.places
            if not places:
                return 0.0
            crowd = max(0.0, self.expected_applications(ranked.hit.id) - own.get(ranked.hit.id, 0.0)) / places
            return MAX_PENALTY * crowd / (1 + crowd) + TIE_SPREAD * _tie_break(asker_id, ranked.hit.id)

        return penalty

    def _recent_contribution(self, asker_id: int) -> Mapping[UUID, float]:
        """What an asker who asked a moment ago added."""
        at, added = self._askers.get(asker_id, (0.0, {}))
        return added if self._clock() - at < REPEAT_WINDOW else {}

    def record_shown(self, asker_id: int, candidates: Sequence[RankedOffer]) -> None:
        """These were shown to an asker, in this order. The same asker soon after adds nothing."""
        with self._lock:
            if self._recent_contribution(asker_id):
                return
            added = {
                one.hit.id: APPLICATION_RATE * examination_probability(position) * self._people_per_asker
                for position, one in enumerate(candidates, start=1)
                if one.hit.card.places
            }
            self._askers[asker_id] = (self._clock(), added)
            self._askers.move_to_end(asker_id)
            if len(self._askers) > MAX_ASKERS:
                self._askers.popitem(last=False)
            for id_, amount in added.items():
                self._expected[id_] = (self.expected_applications(id_) + amount, self._clock())


def _tie_break(asker_id: int, id_: UUID) -> float:
    """From 0 to 1, fixed for a person and an offer, without pattern over people or offers."""
    mixed = ((asker_id ^ id_.int) * 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF
    return (mixed >> 40) / (1 << 24)
