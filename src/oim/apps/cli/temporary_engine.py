"""The whole engine over some offers alone, in a temporary home: what is configured is not touched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from oim import bootstrap
from oim.apps.cli.database import prepare_database
from oim.apps.cli.evaluation_output import open_cached_embedder
from oim.apps.cli.terminal import report
from oim.apps.cli.tools import INDEXING_STEP
from oim.apps.up import running_services
from oim.features.evaluation import DiskCachedEmbedder
from oim.features.ingestion import ingest_offers
from oim.features.matching import LocalEngine
from oim.features.opportunities import Draft, list_after
from oim.kit.db import Database
from oim.kit.settings import EMBEDDED, Settings


@contextmanager
def temporary_engine(
    drafts: Iterable[Draft], source: str
) -> Iterator[tuple[LocalEngine, Mapping[UUID, str]]]:
    """Yield an engine that has indexed these offers, and the external id of each offer by its own."""
    with TemporaryDirectory() as folder:
        # `embedded` explicitly: the environment may name servers that hold real data.
        temporary = Settings(
            home=Path(folder), database_url=EMBEDDED, index_url=EMBEDDED, engine_url=EMBEDDED
        )
        with running_services(temporary, ("postgres",), report, prepare_database) as settings:
            database = bootstrap.database(settings)
            ingest_offers(database, drafts, source=source, origin=source, format_name="drafts")
            with open_cached_embedder() as embedder:
                engine = _fill_engine(database, settings, embedder)
                yield engine, _list_external_ids(database)
                engine.close()
            database.close()


def _fill_engine(database: Database, settings: Settings, embedder: DiskCachedEmbedder) -> LocalEngine:
    """Create an engine and index every offer of the database."""
    engine = LocalEngine(database, bootstrap.indexes(settings), lambda _: embedder, embedder.url)
    while engine.index_pending(INDEXING_STEP):
        pass
    return engine


def _list_external_ids(database: Database) -> dict[UUID, str]:
    """Map each offer's database id to the id that its source gave it."""
    ids: dict[UUID, str] = {}
    with database.read() as session:
        while page := list_after(session, max(ids, default=None), INDEXING_STEP):
            ids |= {offer.id: offer.draft.external_id for offer in page}
    return ids
