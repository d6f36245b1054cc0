"""A trained ranker as it is stored and served: for each feature, what each value adds to the score.

Serving needs no LightGBM: an additive model is a sum of step functions, which a person can read.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from oim.features.matching.feature_scores import Features

# Upper bounds of the steps, each included in its step, and the steps' values: one more than bounds.
StepFunction = tuple[tuple[float, ...], tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class AdditiveScorer:
    """A `Scorer` by one step function for each feature.

    The functions rise from 0, so parts are never negative, and the parts of a score sum up to 1 at most.
    """

    step_functions: Mapping[str, StepFunction]

    def __call__(self, candidates: list[Features]) -> list[Features]:
        return [self._parts(features) for features in candidates]

    def _parts(self, features: Features) -> Features:
        """What each feature adds to the score, as a share of the most that the known features could add."""
        # `or 1.0`: a model without any split adds nothing anywhere.
        maximum = sum(self.step_functions[name][1][-1] for name in features) or 1.0
        return {name: self._evaluate(name, value) / maximum for name, value in features.items()}

    def _evaluate(self, name: str, value: float) -> float:
        """The value of a feature's step function."""
        bounds, worths = self.step_functions[name]
        return worths[bisect_left(bounds, value)]

    def to_artefact(self) -> dict[str, Any]:
        """The scorer as JSON, for storage."""
        return {
            name: {"bounds": list(bounds), "worths": list(worths)}
            for name, (bounds, worths) in self.step_functions.items()
        }


def parse_artefact(artefact: Mapping[str, Any]) -> AdditiveScorer:
    """Build a scorer from its stored JSON."""
    return AdditiveScorer(
        {name: (tuple(step["bounds"]), tuple(step["worths"])) for name, step in artefact.items()}
    )
