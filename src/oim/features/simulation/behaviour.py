"""What people do with a list, and who is placed. It is stated here, and the engine knows nothing of it.

A position k is looked at with probability 1/log2(1+k). Of what is looked at and open to them, people apply
with probability u², where u is how much the offer truly suits them: 0.45 nearness of the trade, 0.25 same
region (0.05 elsewhere), 0.15 the kind they wish, 0.15 a taste that no profile tells. They stop at three
applications. Places are then given in an order drawn by lot: each person takes the best of their applications
with a place left.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from oim.features import occupations
from oim.features.matching.types import Card
from oim.features.simulation.population import Person

TRADE, PLACE, KIND, TASTE = 0.45, 0.25, 0.15, 0.15
ELSEWHERE = 0.2  # of PLACE
APPLICATIONS = 3
Matrix = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int64]
Lots = npt.NDArray[np.float64]


def looked_at(length: int) -> npt.NDArray[np.float64]:
    """The probability that each position of a list is looked at."""
    return np.asarray(1 / np.log2(np.arange(2, length + 2)))


def suits(people: Sequence[Person], cards: Sequence[Card], dice: np.random.Generator) -> Matrix:
    """How much each offer truly suits each person: array of shape (people, offers), from 0 to 1."""
    codes = sorted({person.trade for person in people})
    near = np.array([[_nearness(code, card) for card in cards] for code in codes], np.float32)
    regions = sorted({person.profile.region or "" for person in people})
    local = np.array(
        [[1.0 if card.region in (None, region) else ELSEWHERE for card in cards] for region in regions]
    )
    kinds = [person.profile.kinds for person in people]
    wishes = list(dict.fromkeys(kinds))
    wished = np.array([[not wish or card.kind in wish for card in cards] for wish in wishes], np.float32)
    rows = (
        TRADE * near[[codes.index(person.trade) for person in people]]
        + PLACE * local[[regions.index(person.profile.region or "") for person in people]]
        + KIND * wished[[wishes.index(kind) for kind in kinds]]
    )
    return np.asarray(rows + TASTE * dice.random(rows.shape, np.float32), np.float32)


def _nearness(code: str, card: Card) -> float:
    return max((occupations.similarity(code, other) for other in card.occupations), default=0.0)


def applications(lists: Numbers, suit: Matrix, open_: npt.NDArray[np.bool_], lots: Lots) -> list[list[int]]:
    """The offers each person applies to, of their list (-1: no offer at that position).

    `lots`, from 0 to 1, of the shape of the lists: the same people have the same luck with any list.
    """
    shown = np.maximum(lists, 0)
    people = np.arange(len(lists))[:, None]
    likely = looked_at(lists.shape[1]) * suit[people, shown] ** 2 * open_[people, shown] * (lists >= 0)
    applied = lots < likely
    return [row[took][:APPLICATIONS].tolist() for row, took in zip(lists, applied, strict=True)]


def placed(applied: Sequence[Sequence[int]], suit: Matrix, places: Sequence[int], seed: int) -> Numbers:
    """The offer that gave each person a place, -1 for none."""
    left = list(places)
    found = np.full(len(applied), -1, np.int64)
    for person in np.random.default_rng(seed).permutation(len(applied)):
        free = [offer for offer in applied[person] if left[offer] > 0]
        if free:
            found[person] = max(free, key=lambda offer: suit[person, offer])
            left[found[person]] -= 1
    return found
