"""How alike short texts are by their words and n-grams: what the adapter tells without an embedder."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from oim.features.titles.adapter import Vector, shipped

REMEMBERED = 65536  # titles, half a kilobyte each
_remembered: dict[str, Vector] = {}  # made in one go for all that lack: one by one costs ten times more


def likeness(said: str, titles: Sequence[str]) -> Vector:
    """Of what is said to each title, from 0 to 1."""
    if not said or not titles:
        return np.zeros(len(titles), np.float32)
    alike = _told(titles) @ shipped().told([said])[0]
    return np.asarray(alike.clip(0, 1), np.float32)


def _told(titles: Sequence[str]) -> Vector:
    held = {title: _remembered.get(title) for title in titles}
    lacking = [title for title, vector in held.items() if vector is None]
    if lacking:
        made = dict(zip(lacking, shipped().told(lacking), strict=True))
        if len(_remembered) + len(made) > REMEMBERED:
            _remembered.clear()
        _remembered.update(made)
        held |= made
    return np.array([held[title] for title in titles], np.float32)
