"""What decides between candidates now: the scorer in force, the ledger of crowds; who hears of lists."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from oim.features.matching.congestion import CongestionLedger, hash_profile
from oim.features.matching.ranking import RankedOffer, Scorer, score_by_weights
from oim.features.matching.types import Profile


@dataclass(frozen=True, slots=True)
class Policy:
    """By default: the documented weights, no regard to crowds, nobody told."""

    scorer: Scorer = score_by_weights
    ledger: CongestionLedger | None = None
    record_shown: Callable[[Sequence[RankedOffer]], UUID | None] = lambda _: None  # the id of the list shown
    updates_ledger: bool = True  # whether the ledger hears of it: not of lists that nobody sees
    identify_asker: Callable[[Profile], int] = hash_profile


DEFAULT_POLICY = Policy()
