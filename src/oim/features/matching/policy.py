"""What decides between candidates now: the scorer in force, the ledger of crowds; who hears of lists."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from oim.features.matching.congestion import Ledger, asker
from oim.features.matching.ranking import Ranked, Scorer, weighted
from oim.features.matching.types import Profile


@dataclass(frozen=True, slots=True)
class Policy:
    """By default: the documented weights, no regard to crowds, nobody told."""

    scorer: Scorer = weighted
    ledger: Ledger | None = None
    shown: Callable[[Sequence[Ranked]], UUID | None] = lambda _: None  # the id of the list shown
    counts: bool = True  # whether the ledger hears of it: not of lists that nobody sees
    asker: Callable[[Profile], int] = asker


PLAIN = Policy()
