"""What a ranker learns from events: lists as they were shown, and how good what came of each offer was."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from oim.features.events import Event, EventKind, Outcome, RecordedOffer, load_recorded_lists
from oim.features.matching.feature_scores import Features
from oim.features.matching.ranking import WEIGHTS
from oim.kit.db import ReadSession

# Relevance grades for training, from the weakest sign of interest to the strongest; 0: nothing happened.
# A new grade needs an entry in `lambdamart.PARAMETERS["label_gain"]` too.
GAINS = {
    EventKind.OPENED: 1,
    EventKind.SAVED: 2,
    EventKind.REDIRECTED: 3,
    EventKind.APPLIED: 3,
    EventKind.OUTCOME: 4,
}
MAX_LISTS = 20_000  # lists loaded at once: some 200 MB


@dataclass(frozen=True, slots=True)
class ShownOffer:
    """An offer as it was shown in a list, and the best that came of it: 0 for nothing, else see `GAINS`."""

    opportunity: UUID
    position: int  # from 1
    features: Features
    gain: int


@dataclass(frozen=True, slots=True)
class ShownList:
    """One list of offers in the order shown."""

    at: datetime
    offers: tuple[ShownOffer, ...]

    @property
    def has_feedback(self) -> bool:
        """Whether the person did anything with an offer of the list."""
        return any(offer.gain for offer in self.offers)


def load_shown_lists(
    session: ReadSession, *, with_feedback: bool = True, before: datetime | None = None
) -> list[ShownList]:
    """Load the newest `MAX_LISTS` lists, oldest first; by default only those with feedback.

    `before`: only lists shown before this time.
    """
    recorded_lists = load_recorded_lists(session, MAX_LISTS, followed=with_feedback, before=before)
    return [
        ShownList(recorded.at, tuple(_to_shown_offer(offer) for offer in recorded.offers))
        for recorded in recorded_lists
    ]


def _to_shown_offer(offer: RecordedOffer) -> ShownOffer:
    """Grade what came of an offer; features that no longer exist are left out."""
    known = {name: value for name, value in offer.features.items() if name in WEIGHTS}
    return ShownOffer(offer.opportunity, offer.position, known, _best_gain(offer.events))


def _best_gain(events: Iterable[Event]) -> int:
    """The best grade among what came of an offer."""
    return max((GAINS.get(event.kind, 0) for event in events if not _is_bad_end(event)), default=0)


def _is_bad_end(event: Event) -> bool:
    """Whether somebody answered that they do not have what the offer promised."""
    return isinstance(event, Outcome) and event.answer != "got_it"
