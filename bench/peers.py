"""The contenders of the engine: `qdrant-client` in local mode, and PostgreSQL with pgvector and full text."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Sequence
from itertools import islice

import psycopg
from qdrant_client import QdrantClient

from oim.adapters.qdrant_server import ServerIndex
from oim.features.matching import Document, IndexQuery, list_conditions, to_filter_fields

COLUMNS_SQL = (
    "kind text, region text, for_regions text[], for_gender text, for_statuses text[], "
    "age_min int, age_max int, education_min int, published_at float8, valid_through float8"
)
# One ranking by vector and one by words, each of `depth` rows with their ranks. The inner query orders by the
# distance operator itself, the form for which PostgreSQL uses the HNSW index.
RANKED_SQL = """
  (SELECT id, row_number() OVER (ORDER BY distance) AS place FROM (
     SELECT id, embedding <=> %(vector)s::vector AS distance FROM offers WHERE {filter}
     ORDER BY embedding <=> %(vector)s::vector LIMIT %(depth)s) AS dense)
  UNION ALL
  (SELECT id, row_number() OVER (ORDER BY score DESC) FROM (
     SELECT id, ts_rank(words, query) AS score FROM offers, to_tsquery('simple', %(words)s) AS query
     WHERE words @@ query AND {filter} ORDER BY score DESC LIMIT %(depth)s) AS sparse)
"""
# Reciprocal rank fusion with k = 60 (Cormack, Clarke and Büttcher, 2009), as in the engine.
FUSED_SQL = """
SELECT id, sum(1.0 / (60 + place)) AS fused, card FROM ({ranked}) AS ranked JOIN offers USING (id)
GROUP BY id, card ORDER BY fused DESC LIMIT %(limit)s
"""


def create_qdrant_local(documents: Iterable[Document]) -> Callable[[IndexQuery], object]:
    """Fill an index of `qdrant-client` in local mode and return the function that searches it."""
    # Local mode warns that the collection is large and that it has no payload indexes: both are known here.
    warnings.filterwarnings("ignore", module="qdrant_client")
    warnings.filterwarnings("ignore", message="Payload indexes have no effect")
    rows = list(documents)
    index = ServerIndex.create(QdrantClient(":memory:"), "bench", len(rows[0].vector))
    index.upsert(rows)
    return index.search


class Postgres:
    """PostgreSQL with an HNSW index of pgvector and a GIN index of full text, tuned for this data."""

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(url, autocommit=True)

    def load(self, documents: Iterable[Document], dimension: int) -> None:
        """Load the documents and tune the connection. Rows come before indexes, as in any bulk load."""
        with self._connection.cursor() as cursor:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS vector")
            cursor.execute(
                f"CREATE TABLE offers (id uuid PRIMARY KEY, embedding vector({dimension}), words tsvector, "
                f"card text, {COLUMNS_SQL})"
            )
            rows = iter(documents)
            while batch := list(islice(rows, 1000)):
                self._copy_rows(cursor, batch)
            cursor.execute("SET maintenance_work_mem = '1GB'")
            cursor.execute("CREATE INDEX ON offers USING hnsw (embedding vector_cosine_ops)")
            cursor.execute("CREATE INDEX ON offers USING gin (words)")
            cursor.execute("VACUUM ANALYZE offers")
            # Without iterative scans a filter could leave fewer than `depth` rows of what the graph returns.
            cursor.execute("SET hnsw.iterative_scan = relaxed_order")
            cursor.execute("SET hnsw.ef_search = 100")
            cursor.execute("SET jit = off")
            # A generic plan, made without the values of the parameters, would not use the graph.
            cursor.execute("SET plan_cache_mode = force_custom_plan")

    @staticmethod
    def _copy_rows(cursor: psycopg.Cursor, batch: Sequence[Document]) -> None:
        """Copy documents into the table."""
        with cursor.copy("COPY offers FROM STDIN") as copy:
            for document in batch:
                # Each sparse term becomes one made-up word, so that full text matches the engine's own terms.
                words = " ".join(f"t{index}" for index in document.terms.indices)
                filter_fields = to_filter_fields(document.card)
                copy.write_row(
                    [
                        document.id,
                        str(document.vector.tolist()),
                        words,
                        document.card.title,
                        *filter_fields.values(),
                    ]
                )

    def search(self, query: IndexQuery) -> list[object]:
        """Return ids, best first: both rankings filtered and fused by reciprocal rank, in one statement."""
        clauses, values = self._build_filter(query)
        ranked = [RANKED_SQL.format(filter=" AND ".join(clauses))]
        # As in the engine, offers of the person's region are ranked once more by themselves, to lift them.
        if query.near_region:
            ranked.append(RANKED_SQL.format(filter=" AND ".join([*clauses, "region = %(near)s"])))
        terms = query.terms.indices if query.terms else ()
        values |= {
            "vector": str(query.vector.tolist()) if query.vector is not None else None,
            "words": " | ".join(f"t{index}" for index in terms),
            "near": query.near_region,
            "depth": query.depth,
            "limit": query.limit,
        }
        rows = self._connection.execute(
            FUSED_SQL.format(ranked=" UNION ALL ".join(ranked)), values, prepare=True
        )
        return [row[0] for row in rows]

    def search_exact(self, query: IndexQuery) -> list[object]:
        """Return ids as `search` does, with every vector compared."""
        with self._connection.transaction():
            self._connection.execute("SET LOCAL enable_indexscan = off")
            return self.search(query)

    @staticmethod
    def _build_filter(query: IndexQuery) -> tuple[list[str], dict[str, object]]:
        """Return the conditions of a query as SQL clauses, and the values of their parameters."""
        clauses: list[str] = []
        values: dict[str, object] = {}
        for number, condition in enumerate(list_conditions(query.filters)):
            name, value = f"v{number}", condition.value
            column = condition.key
            if isinstance(value, tuple):
                listed = column in ("for_regions", "for_statuses")
                clauses.append(f"{column} && %({name})s::text[]" if listed else f"{column} = ANY(%({name})s)")
                values[name] = list(value)
            else:
                clauses.append(f"{column} {'>=' if condition.relation == 'at_least' else '<='} %({name})s")
                values[name] = value
        return clauses, values
