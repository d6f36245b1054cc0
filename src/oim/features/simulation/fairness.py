"""Fairness measures of a simulation: exposure and placement by group, and concentration of exposure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from oim.features.simulation.behaviour import examination_probabilities
from oim.features.simulation.population import SimulatedPerson
from oim.features.simulation.simulator import LIST_METHODS, SimulationResult

# Goals for the engine with congestion: at least 1.2 times as many people placed as by popularity, at most 3 %
# of relevance lost to the engine without congestion, and for every group at least 0.8 of the mean exposure.
PLACED_RATIO_GOAL, RELEVANCE_LOSS_GOAL, EXPOSURE_RATIO_GOAL = 1.2, 0.03, 0.8
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class GroupShare:
    """A group of people: its size, and its exposure and placement as multiples of everybody's mean."""

    people: int
    exposure: float  # 1.0: as much useful exposure as the mean
    placed: float  # 1.0: as often placed as the mean


@dataclass(frozen=True, slots=True)
class Fairness:
    """The figures of one list method.

    A person's exposure is the expected sum of utilities of the offers open to them that they examine.
    """

    placed: int  # people who got a place
    relevance: float  # mean utility of an examined offer; 0 for an offer not open to the person
    gini: float  # concentration of the offers' exposure: 0 all alike, 1 a single offer has all
    groups: dict[str, dict[str, GroupShare]]  # trait ("region") to group ("CM-OU") to its share


@dataclass(frozen=True, slots=True)
class Goals:
    """The measured figures that the goals are about."""

    placed_ratio: float  # people placed by the engine with congestion, per person placed by popularity
    relevance_loss: float  # share of relevance lost by congestion, against the engine without it
    least_ratio: float  # the smallest exposure of any group, as a multiple of the mean


def assess_fairness(people: Sequence[SimulatedPerson], result: SimulationResult) -> Fairness:
    """Compute the figures of one list method from its simulated result."""
    # -1 (no offer) cannot serve as an index: it becomes 0, and its probability of being examined is 0.
    shown = np.maximum(result.lists, 0)
    rows = np.arange(len(people))[:, None]
    examined = examination_probabilities(result.lists.shape[1]) * (result.lists >= 0)
    useful = examined * result.utilities[rows, shown] * result.eligibility[rows, shown]
    exposure = useful.sum(axis=1)
    placed = result.placements >= 0
    return Fairness(
        int(placed.sum()),
        float(exposure.sum() / (examined.sum() or 1.0)),
        gini(np.bincount(shown.ravel(), weights=examined.ravel(), minlength=result.utilities.shape[1])),
        _measure_groups(people, exposure, placed.astype(np.float64)),
    )


def gini(values: npt.NDArray[Any]) -> float:
    """The Gini coefficient of values of 0 or more: 0 when all are equal, near 1 when one has everything."""
    ordered = np.sort(values)
    total = ordered.sum()
    if not total:
        return 0.0
    # The closed form for sorted values: sum((2i - n - 1) * x_i) / (n * sum(x)), with i from 1.
    ranks = np.arange(1, len(ordered) + 1)
    return float((2 * ranks - len(ordered) - 1) @ ordered / (len(ordered) * total))


def _measure_groups(
    people: Sequence[SimulatedPerson], exposure: Floats, placed: Floats
) -> dict[str, dict[str, GroupShare]]:
    """Compare each group with the mean of all people, trait by trait."""
    members: defaultdict[str, defaultdict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for row, person in enumerate(people):
        for trait, group in person.groups.items():
            members[trait][group].append(row)
    # 1 in place of a mean of 0, where nobody was shown or placed at all: the shares are then 0.
    mean_exposure, mean_placed = float(exposure.mean()) or 1.0, float(placed.mean()) or 1.0
    return {
        trait: {
            group: GroupShare(
                len(rows),
                float(exposure[rows].mean()) / mean_exposure,
                float(placed[rows].mean()) / mean_placed,
            )
            for group, rows in sorted(groups.items())
        }
        for trait, groups in members.items()
    }


def measure_goals(fairness_by_method: Mapping[str, Fairness]) -> Goals:
    """Measure the engine with congestion against the goals; takes the figures of all `LIST_METHODS`."""
    popularity, engine, congestion = (fairness_by_method[name] for name in LIST_METHODS)
    return Goals(
        congestion.placed / max(1, popularity.placed),
        1 - congestion.relevance / (engine.relevance or 1.0),
        min(share.exposure for groups in congestion.groups.values() for share in groups.values()),
    )
