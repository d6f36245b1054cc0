"""Model of what simulated people do with a list: which offers they examine, apply to and are placed in.

The model is an assumption stated here, and the engine knows nothing of it. The offer at position k (from 1)
is examined with probability 1/log2(1+k). People apply to an examined offer that is open to them with
probability u², where u is its utility, how much it truly suits them: 0.45 for the similarity of the trade,
0.25 for the same region (0.05 for another), 0.15 for the kind they wish, and 0.15 for a taste that no profile
states. They stop at three applications. Then, in random order, each person takes the best of their
applications that has a place left.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from oim.features import occupations
from oim.features.matching import Card
from oim.features.simulation.population import SimulatedPerson

TRADE_WEIGHT, PLACE_WEIGHT, KIND_WEIGHT, TASTE_WEIGHT = 0.45, 0.25, 0.15, 0.15
OTHER_REGION_FACTOR = 0.2  # of PLACE_WEIGHT, for an offer in another region than the person's
MAX_APPLICATIONS = 3  # applications of one person
Matrix = npt.NDArray[np.float32]
OfferNumbers = npt.NDArray[np.int64]
RandomDraws = npt.NDArray[np.float64]


def examination_probabilities(length: int) -> npt.NDArray[np.float64]:
    """The probability that each position of a list is examined, shape (length,): the discount of DCG."""
    # 1/log2(1+k) for k from 1, so the argument of the logarithm runs from 2.
    return np.asarray(1 / np.log2(np.arange(2, length + 2)))


def compute_utilities(
    people: Sequence[SimulatedPerson], cards: Sequence[Card], rng: np.random.Generator
) -> Matrix:
    """How much each offer truly suits each person: array of shape (people, offers), from 0 to 1."""
    # People share few trades, regions and wishes: each distinct value gets one row, and indexing repeats it
    # for every person who has it.
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
    known = (
        TRADE_WEIGHT * near[[codes.index(person.trade) for person in people]]
        + PLACE_WEIGHT * local[[regions.index(person.profile.region or "") for person in people]]
        + KIND_WEIGHT * wished[[wishes.index(kind) for kind in kinds]]
    )
    return np.asarray(known + TASTE_WEIGHT * rng.random(known.shape, np.float32), np.float32)


def _trade_similarity(code: str, card: Card) -> float:
    """The similarity of a trade to the nearest occupation of an offer, from 0 to 1."""
    return max((occupations.similarity(code, occupation) for occupation in card.occupations), default=0.0)


def simulate_applications(
    lists: OfferNumbers, utilities: Matrix, eligibility: npt.NDArray[np.bool_], draws: RandomDraws
) -> list[list[int]]:
    """The offers of their list that each person applies to, in the order of the list.

    `lists` has shape (people, length), with -1 where there is no offer. `draws`, from 0 to 1, has the same
    shape: with the same draws, people have the same luck at each position whatever the list.
    """
    # -1 would index the last offer: it is replaced by 0 and excluded by `lists >= 0`.
    shown = np.maximum(lists, 0)
    people = np.arange(len(lists))[:, None]
    probabilities = (
        examination_probabilities(lists.shape[1])
        * utilities[people, shown] ** 2
        * eligibility[people, shown]
        * (lists >= 0)
    )
    applied = draws < probabilities
    return [row[mask][:MAX_APPLICATIONS].tolist() for row, mask in zip(lists, applied, strict=True)]


def assign_places(
    applications: Sequence[Sequence[int]], utilities: Matrix, places: Sequence[int], seed: int
) -> OfferNumbers:
    """Give out the places of the offers; returns each person's offer, -1 for none.

    `places` holds the number of places of each offer. With the same seed, people choose in the same order.
    """
    remaining_places = list(places)
    placements = np.full(len(applications), -1, np.int64)
    for person in np.random.default_rng(seed).permutation(len(applications)):
        free = [offer for offer in applications[person] if remaining_places[offer] > 0]
        if free:
            placements[person] = max(free, key=lambda offer: utilities[person, offer])
            remaining_places[placements[person]] -= 1
    return placements
