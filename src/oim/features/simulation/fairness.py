"""Who is shown what and who is placed, by group, and how concentrated the showing is."""

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

PLACED_RATIO_GOAL, RELEVANCE_LOSS_GOAL, EXPOSURE_RATIO_GOAL = 1.2, 0.03, 0.8  # the goals
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class GroupShare:
    """A group: how many, its exposure and its success, each against the mean of all."""

    people: int
    exposure: float
    placed: float


@dataclass(frozen=True, slots=True)
class Fairness:
    """One way of making lists. Exposure: offers open to a person that they look at, each by how it suits."""

    placed: int
    relevance: float  # how much an offer that is looked at suits; 0 for one that is not open to the person
    gini: float  # of the offers' exposure: 0 all alike, 1 one offer takes all
    groups: dict[str, dict[str, GroupShare]]


@dataclass(frozen=True, slots=True)
class Goals:
    """What must be reached, as measured."""

    placed_ratio: float  # against popularity
    relevance_loss: float  # of congestion, against the engine without
    least_ratio: float  # of any group's exposure


def assess_fairness(people: Sequence[SimulatedPerson], result: SimulationResult) -> Fairness:
    """The figures of one simulated way of making lists."""
    shown = np.maximum(result.lists, 0)
    rows = np.arange(len(people))[:, None]
    looks = examination_probabilities(result.lists.shape[1])
    seen = looks * (result.lists >= 0)
    useful = seen * result.utilities[rows, shown] * result.eligibility[rows, shown]
    exposure = useful.sum(axis=1)
    success = result.placements >= 0
    return Fairness(
        int(success.sum()),
        float(exposure.sum() / (seen.sum() or 1.0)),
        gini(np.bincount(shown.ravel(), weights=seen.ravel(), minlength=result.utilities.shape[1])),
        _measure_groups(people, exposure, success.astype(np.float64)),
    )


def gini(values: npt.NDArray[Any]) -> float:
    """The Gini coefficient of values of 0 or more."""
    ordered = np.sort(values)
    total = ordered.sum()
    if not total:
        return 0.0
    ranks = np.arange(1, len(ordered) + 1)
    return float((2 * ranks - len(ordered) - 1) @ ordered / (len(ordered) * total))


def _measure_groups(
    people: Sequence[SimulatedPerson], exposure: Floats, success: Floats
) -> dict[str, dict[str, GroupShare]]:
    members: defaultdict[str, defaultdict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for row, person in enumerate(people):
        for trait, group in person.groups.items():
            members[trait][group].append(row)
    means = (float(exposure.mean()) or 1.0, float(success.mean()) or 1.0)
    return {
        trait: {
            group: GroupShare(
                len(rows), float(exposure[rows].mean()) / means[0], float(success[rows].mean()) / means[1]
            )
            for group, rows in sorted(groups.items())
        }
        for trait, groups in members.items()
    }


def measure_goals(fairness_by_method: Mapping[str, Fairness]) -> Goals:
    """The goals' figures, of the engine with congestion."""
    popular, plain, fair = (fairness_by_method[name] for name in LIST_METHODS)
    return Goals(
        fair.placed / max(1, popular.placed),
        1 - fair.relevance / (plain.relevance or 1.0),
        min(share.exposure for groups in fair.groups.values() for share in groups.values()),
    )
