"""Simulated lists: people look at positions with falling probability and take offers by their own weights."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import numpy as np

from oim.features.matching.feature_scores import Features
from oim.features.matching.learning.events import ShownList, ShownOffer
from oim.features.matching.ranking import WEIGHTS, score_by_weights

START = datetime(2026, 10, 1, tzinfo=UTC)
LENGTH = 10


def examination_probability(position: int) -> float:
    return 1 / position


def simulate_lists(
    count: int, preferences: Features, seed: int = 1, *, with_feedback: bool = True
) -> list[ShownList]:
    """Lists ranked by the documented weights with some noise; an offer looked at is taken by the preferences.

    `with_feedback`: only lists in which something was taken.
    """
    generator = np.random.default_rng(seed)
    lists: list[ShownList] = []
    while len(lists) < count:
        shown_list = _simulate_list(generator, preferences, START + timedelta(minutes=len(lists)))
        if shown_list.has_feedback or not with_feedback:
            lists.append(shown_list)
    return lists


def _simulate_list(generator: np.random.Generator, preferences: Features, at: datetime) -> ShownList:
    known = [name for name in WEIGHTS if name != "experience" or generator.random() < 0.5]
    offers = [{name: float(generator.random()) for name in known} for _ in range(LENGTH)]
    offers.sort(key=lambda offer: -sum(score_by_weights([offer])[0].values()) + generator.normal(0, 0.1))
    shown = []
    for place, features in enumerate(offers, start=1):
        fit = sum(preferences.get(name, 0.0) * value for name, value in features.items())
        is_taken = generator.random() < examination_probability(place) * min(1.0, fit**3)
        shown.append(ShownOffer(UUID(int=place), place, features, int(is_taken)))
    return ShownList(at, tuple(shown))
