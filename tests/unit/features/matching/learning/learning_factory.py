"""Made-up lists: people who look by position, and want what they want."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import numpy as np

from oim.features.matching.feature_scores import Features
from oim.features.matching.learning.events import ShownList, ShownOffer
from oim.features.matching.ranking import WEIGHTS, score_by_weights

START = datetime(2026, 10, 1, tzinfo=UTC)
LENGTH = 10


def looked_at(position: int) -> float:
    return 1 / position


def lists(count: int, wanted: Features, seed: int = 1, *, answered: bool = True) -> list[ShownList]:
    """Shown by the weights, with some luck; taken by how the wanted features fit, where looked at."""
    dice = np.random.default_rng(seed)
    made: list[ShownList] = []
    while len(made) < count:
        one = _list(dice, wanted, START + timedelta(minutes=len(made)))
        if one.has_feedback or not answered:
            made.append(one)
    return made


def _list(dice: np.random.Generator, wanted: Features, at: datetime) -> ShownList:
    told = [name for name in WEIGHTS if name != "experience" or dice.random() < 0.5]
    offers = [{name: float(dice.random()) for name in told} for _ in range(LENGTH)]
    offers.sort(key=lambda one: -sum(score_by_weights([one])[0].values()) + dice.normal(0, 0.1))
    shown = []
    for place, features in enumerate(offers, start=1):
        fit = sum(wanted.get(name, 0.0) * value for name, value in features.items())
        taken = dice.random() < looked_at(place) * min(1.0, fit**3)
        shown.append(ShownOffer(UUID(int=place), place, features, int(taken)))
    return ShownList(at, tuple(shown))
