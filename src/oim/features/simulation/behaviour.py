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
from oim.features.matching import Card
from oim.features.simulation.population import SimulatedPerson

TRADE_WEIGHT, PLACE_WEIGHT, KIND_WEIGHT, TASTE_WEIGHT = 0.45, 0.25, 0.15, 0.15
OTHER_REGION_FACTOR = 0.2  # of PLACE
MAX_APPLICATIONS = 3
Matrix = npt.NDArray[np.float32]
OfferNumbers = npt.NDArray[np.int64]
RandomDraws = npt.NDArray[np.float64]


def examination_probabilities(length: int) -> npt.NDArray[np.float64]:
    """The probability that each position of a list is looked at."""
    return np.asarray(1 / np.log2(np.arange(2, length + 2)))


def compute_utilities(
    people: Sequence[SimulatedPerson], cards: Sequence[Card], rng: np.random.Generator
) -> Matrix:
    """How much each offer truly suits each person: array of shape (people, offers), from 0 to 1."""
    codes = sorted({person.trade for person in people})
    near = np.array([[_trade_similarity(code, card) for card in cards] for code in codes], np.float32)
    regions = sorted({person.profile.region or "" for person in people})
    local = np.array(
        [
            [1.0 if card.region in (None, region) else OTHER_REGION_FACTOR for card in cards]
            for region in regions
        ]
    )
    kinds = [person.profile.kinds for person in people]
    wishes = list(dict.fromkeys(kinds))
    wished = np.array([[not wish or card.kind in wish for card in cards] for wish in wishes], np.float32)
    rows = (
        TRADE_WEIGHT * near[[codes.index(person.trade) for person in people]]
        + PLACE_WEIGHT * local[[regions.index(person.profile.region or "") for person in people]]
        + KIND_WEIGHT * wished[[wishes.index(kind) for kind in kinds]]
    )
    return np.asarray(rows + TASTE_WEIGHT * rng.random(rows.shape, np.float32), np.float32)


def _trade_similarity(code: str, card: Card) -> float:
    return max((occupations.similarity(code, other) for other in card.occupations), default=0.0)


def simulate_applications(
    lists: OfferNumbers, utilities: Matrix, eligibility: npt.NDArray[np.bool_], draws: RandomDraws
) -> list[list[int]]:
    """The offers each person applies to, of their list (-1: no offer at that position).

    `lots`, from 0 to 1, of the shape of the lists: the same people have the same luck with any list.
    """
    shown = np.maximum(lists, 0)
    people = np.arange(len(lists))[:, None]
    likely = (
        examination_probabilities(lists.shape[1])
        * utilities[people, shown] ** 2
        * eligibility[people, shown]
        * (lists >= 0)
    )
    applied = draws < likely
    return [row[took][:MAX_APPLICATIONS].tolist() for row, took in zip(lists, applied, strict=True)]


def assign_places(
    applications: Sequence[Sequence[int]], utilities: Matrix, places: Sequence[int], seed: int
) -> OfferNumbers:
    """The offer that gave each person a place, -1 for none."""
    left = list(places)
    found = np.full(len(applications), -1, np.int64)
    for person in np.random.default_rng(seed).permutation(len(applications)):
        free = [offer for offer in applications[person] if left[offer] > 0]
        if free:
            found[person] = max(free, key=lambda offer: utilities[person, offer])
            left[found[person]] -= 1
    return found
