"""What a ranker learns from events: lists as they were shown, and how good what came of each offer was."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from oim.features.events import (
    Event,
    EventKind,
    Outcome,
    RecordedList,
    RecordedOffer,
    load_recorded_lists,
)
from oim.features.matching.congestion import STRANGER_SHARE
from oim.features.matching.feature_scores import Features
from oim.features.matching.ranking import WEIGHTS
from oim.kit.db import ReadSession

# Relevance grades for training, from the weakest sign of interest to the strongest; 0: nothing happened.
# A new grade needs an entry in `lambdamart.PARAMETERS["label_gain"]` too.
GAINS = {
    EventKind.OPENED: 1,
    EventKind.SAVED: 2,
    EventKind.REDIRECTED: 3,
    EventKind.WAY_OPENED: 3,
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
    """Load the newest `MAX_LISTS` lists of people, oldest first; by default only those with feedback.

    `before`: only lists shown before this time.
    """
    recorded = load_recorded_lists(session, MAX_LISTS, known=True, followed=with_feedback, before=before)
    return [_to_shown_list(list_) for list_ in recorded]


def add_strangers(
    session: ReadSession, people: Sequence[ShownList], *, with_feedback: bool = True, before: datetime
) -> list[ShownList]:
    """Add the newest lists of strangers, as far as `STRANGER_SHARE` allows; the oldest first.

    `people`: lists of people, loaded by the same conditions.
    """
    share = STRANGER_SHARE / (1 - STRANGER_SHARE)
    newest = load_recorded_lists(
        session, int(share * len(people)), known=False, followed=with_feedback, before=before
    )
    # Counted in offers too: the longer a list, the more it weighs.
    budget = int(share * sum(len(shown_list.offers) for shown_list in people))
    strangers: list[ShownList] = []
    for recorded in reversed(newest):
        budget -= len(recorded.offers)
        if budget < 0:
            break
        strangers.append(_to_shown_list(recorded))
    return sorted([*people, *strangers], key=lambda shown_list: shown_list.at)


def _to_shown_list(recorded: RecordedList) -> ShownList:
    """Grade what came of the offers of a list."""
    return ShownList(recorded.at, tuple(_to_shown_offer(offer) for offer in recorded.offers))


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
