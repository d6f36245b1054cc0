"""Congestion: the applications to expect for an offer from the people it was shown to, against its places.

A recommender that sends everybody to the same offer does harm, so an offer that is nearly as good and less
crowded comes first. Only offers that state their number of places are counted. An asker has a number
only, the hash of their profile; no profile is stored.
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

# Taken off the score (0 to 1) of the most crowded offer: one that is better by more than this stays first.
MAX_PENALTY = 0.15
# Scores nearer than this are equal: which offer comes first then differs from person to person.
TIE_SPREAD = 0.01
# Share of those who look at a recommended offer and then apply: a guess until there are enough events.
APPLICATION_RATE = 0.15
# The most that strangers may be of what is learned: of the congestion of an offer, and of a ranker's lists.
# A stranger may be a program: a tenth cannot outvote people, and still lets something new be noticed.
STRANGER_SHARE = 0.1
HALF_LIFE_SECONDS = 14 * 86400.0  # after two weeks, having shown an offer counts half
# Seconds within which the same profile is taken for the same person: later it may be somebody else.
REPEAT_WINDOW = 600.0
MAX_ASKERS = 20_000  # the most recent askers remembered, so that asking twice counts once


def examination_probability(position: int) -> float:
    """Probability that the offer at a position, counted from 1, is looked at (Joachims et al., WSDM 2017)."""
    return 1.0 / position


def hash_profile(profile: Profile) -> int:
    """The number of an asker, 64 bits: the same for the same profile."""
    return int.from_bytes(hashlib.blake2b(repr(profile).encode(), digest_size=8).digest(), "big")


class _Tally:
    """Expected applications of offers, from the lists of one sort of askers."""

    def __init__(self, expected_applications: Mapping[UUID, float], clock: Callable[[], float]) -> None:
        self._clock = clock
        # Each amount with the time it was written: it decays when it is read, so no job has to run.
        self._expected = {id_: (amount, clock()) for id_, amount in expected_applications.items()}
        # By asker, oldest first: when they were last shown a list, and what it added to each offer.
        self._askers: OrderedDict[int, tuple[float, dict[UUID, float]]] = OrderedDict()

    def expected(self, id_: UUID) -> float:
        """Applications to expect of an offer, as of now."""
        amount, at = self._expected.get(id_, (0.0, 0.0))
        return float(amount * 0.5 ** ((self._clock() - at) / HALF_LIFE_SECONDS)) if amount else 0.0

    def recent_contribution(self, asker_id: int) -> Mapping[UUID, float]:
        """What the last list of an asker added to each offer; empty once `REPEAT_WINDOW` has passed."""
        shown_at, added = self._askers.get(asker_id, (0.0, {}))
        return added if self._clock() - shown_at < REPEAT_WINDOW else {}

    def add(self, asker_id: int, added: dict[UUID, float]) -> None:
        """Add what a list shown to an asker adds to each offer."""
        self._askers[asker_id] = (self._clock(), added)
        self._askers.move_to_end(asker_id)
        if len(self._askers) > MAX_ASKERS:
            self._askers.popitem(last=False)
        for id_, amount in added.items():
            self._expected[id_] = (self.expected(id_) + amount, self._clock())


class CongestionLedger:
    """Expected applications of each offer that states its places; they halve every two weeks.

    Lists of strangers are tallied apart: whoever asks a thousand times must crowd no offer for others.
    Thread-safe. It lives in memory: `expected_applications` restores it after a restart.
    """

    def __init__(
        self,
        expected_applications: Mapping[UUID, float] | None = None,
        clock: Callable[[], float] = monotonic,
        people_per_asker: float = 1.0,
    ) -> None:
        """`expected_applications`: by offer, from the lists of people before. `clock`: in seconds.

        `people_per_asker`: how many people each asker stands for, where the ledger records only a sample.
        """
        self._people_per_asker = people_per_asker
        self._lock = threading.Lock()
        self._people, self._strangers = _Tally(expected_applications or {}, clock), _Tally({}, clock)

    def expected_applications(self, id_: UUID) -> float:
        """Applications to expect of an offer, from the lists it was shown in, as of now."""
        return _limit_strangers(self._people.expected(id_), self._strangers.expected(id_))

    def make_penalty(self, asker_id: int, *, known: bool = True) -> Penalty:
        """The penalty function of one asker: what to take off each candidate's score.

        What the asker's own last list added is left out: asking again must not push their best offers down.
        """
        nothing: Mapping[UUID, float] = {}
        own = self._tally(known=known).recent_contribution(asker_id)
        of_people, of_strangers = (own, nothing) if known else (nothing, own)

        def penalty(ranked: RankedOffer) -> float:
            places, id_ = ranked.hit.card.places, ranked.hit.id
            if not places:
                return 0.0
            # Applications per place. crowd / (1 + crowd) rises from 0 towards 1: at one a place it is a half.
            people = max(0.0, self._people.expected(id_) - of_people.get(id_, 0.0))
            strangers = max(0.0, self._strangers.expected(id_) - of_strangers.get(id_, 0.0))
            crowd = _limit_strangers(people, strangers) / places
            return MAX_PENALTY * crowd / (1 + crowd) + TIE_SPREAD * _tie_break(asker_id, id_)

        return penalty

    def record_shown(self, asker_id: int, candidates: Sequence[RankedOffer], *, known: bool = True) -> None:
        """Count a list shown to an asker, in this order. The same asker adds nothing soon after."""
        tally = self._tally(known=known)
        # One lock from the check to the write: two requests of one asker at once would both be counted.
        with self._lock:
            if tally.recent_contribution(asker_id):
                return
            added = {
                offer.hit.id: APPLICATION_RATE * examination_probability(position) * self._people_per_asker
                for position, offer in enumerate(candidates, start=1)
                if offer.hit.card.places
            }
            tally.add(asker_id, added)

    def _tally(self, *, known: bool) -> _Tally:
        return self._people if known else self._strangers


def _limit_strangers(people: float, strangers: float) -> float:
    """People and strangers together, of which strangers are `STRANGER_SHARE` at most."""
    return people + min(strangers, people * STRANGER_SHARE / (1 - STRANGER_SHARE))


def _tie_break(asker_id: int, id_: UUID) -> float:
    """A number from 0 to 1, fixed for a person and an offer, without pattern over people or offers."""
    # Fibonacci hashing (Knuth): times 2^64 / golden ratio, modulo 2^64; its upper 24 bits are well mixed.
    mixed = ((asker_id ^ id_.int) * 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF
    return (mixed >> 40) / (1 << 24)
