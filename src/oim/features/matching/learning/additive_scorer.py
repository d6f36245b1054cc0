"""A learned ranker as it is kept and served: for each feature, what each value adds to the score.

It needs no LightGBM: an additive model is a sum of step functions, which a person can read.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from oim.features.matching.feature_scores import Features

StepFunction = tuple[
    tuple[float, ...], tuple[float, ...]
]  # bounds, included below; worths, one more than bounds


@dataclass(frozen=True, slots=True)
class AdditiveScorer:
    """A `Scorer`. Worths rise with the value from 0: parts are never below 0 and sum up to 1 at most."""

    step_functions: Mapping[str, StepFunction]

    def __call__(self, candidates: list[Features]) -> list[Features]:
        return [self._parts(features) for features in candidates]

    def _parts(self, features: Features) -> Features:
        """Each feature's worth, as a share of what the features that are told could be worth."""
        most = sum(self.step_functions[name][1][-1] for name in features) or 1.0
        return {name: self._worth(name, value) / most for name, value in features.items()}

    def _worth(self, name: str, value: float) -> float:
        bounds, worths = self.step_functions[name]
        return worths[bisect_left(bounds, value)]

    def to_artefact(self) -> dict[str, Any]:
        """As JSON."""
        return {
            name: {"bounds": list(bounds), "worths": list(worths)}
            for name, (bounds, worths) in self.step_functions.items()
        }


def parse_artefact(artefact: Mapping[str, Any]) -> AdditiveScorer:
    """From JSON."""
    return AdditiveScorer(
        {name: (tuple(step["bounds"]), tuple(step["worths"])) for name, step in artefact.items()}
    )
