"""Measure time, recall and memory, in the same way for every contender."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TypeVar

import numpy as np

Query = TypeVar("Query")
WARM_UP = 20  # calls that are not measured: they fill caches


@dataclass(frozen=True)
class Timing:
    """Median and 95th percentile of the time of a call, in milliseconds."""

    p50: float
    p95: float


def time_each(call: Callable[[Query], object], queries: Sequence[Query]) -> Timing:
    """Time one call for each query, after a warm-up on the first queries."""
    for query in queries[:WARM_UP]:
        call(query)
    times = []
    for query in queries:
        started = perf_counter()
        call(query)
        times.append((perf_counter() - started) * 1000)
    return Timing(*(float(value) for value in np.percentile(times, [50, 95])))


def time_interleaved(calls: Sequence[Callable[[Query], object]], queries: Sequence[Query]) -> list[Timing]:
    """Time several contenders in turn on each query, so that a machine that slows down slows all alike."""
    times_by_call: list[list[float]] = [[] for _ in calls]
    for position, query in enumerate([*queries[:WARM_UP], *queries]):
        for number, call in enumerate(calls):
            started = perf_counter()
            call(query)
            if position >= WARM_UP:
                times_by_call[number].append((perf_counter() - started) * 1000)
    return [Timing(*(float(value) for value in np.percentile(times, [50, 95]))) for times in times_by_call]


def recall(results: Sequence[Sequence[object]], exact: Sequence[Sequence[object]]) -> float:
    """Return the mean share of each exact list that is in the results of the same query."""
    # Queries without any exact result say nothing about recall.
    shares = [len(set(f) & set(e)) / len(e) for f, e in zip(results, exact, strict=True) if e]
    return float(np.mean(shares))


def resident_mb() -> float:
    """Return the memory of this process now (its resident set), in MB."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return float("nan")
