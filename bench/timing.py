"""Timing, percentiles, recall and memory, the same way for every contender."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TypeVar

import numpy as np

Query = TypeVar("Query")
WARM_UP = 20


@dataclass(frozen=True)
class Timing:
    """Milliseconds a call."""

    p50: float
    p95: float


def time_each(call: Callable[[Query], object], queries: Sequence[Query]) -> Timing:
    """The time of each call, after a warm-up on the first ones."""
    for one in queries[:WARM_UP]:
        call(one)
    taken = []
    for one in queries:
        started = perf_counter()
        call(one)
        taken.append((perf_counter() - started) * 1000)
    return Timing(*(float(value) for value in np.percentile(taken, [50, 95])))


def time_interleaved(calls: Sequence[Callable[[Query], object]], queries: Sequence[Query]) -> list[Timing]:
    """Several contenders in turn on each question, so that a machine that slows down slows all alike."""
    taken: list[list[float]] = [[] for _ in calls]
    for position, one in enumerate([*queries[:WARM_UP], *queries]):
        for place, call in enumerate(calls):
            started = perf_counter()
            call(one)
            if position >= WARM_UP:
                taken[place].append((perf_counter() - started) * 1000)
    return [Timing(*(float(value) for value in np.percentile(times, [50, 95]))) for times in taken]


def recall(results: Sequence[Sequence[object]], exact: Sequence[Sequence[object]]) -> float:
    """Mean share of each exact list that was found."""
    shares = [len(set(f) & set(e)) / len(e) for f, e in zip(results, exact, strict=True) if e]
    return float(np.mean(shares))


def resident_mb() -> float:
    """Memory of this process now, in MB."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return float("nan")
