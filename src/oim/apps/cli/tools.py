"""What verbs need to work: a database and an engine, those that run on this home or started for the verb."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from oim import bootstrap
from oim.apps.cli.terminal import errors, progress_bar, report, t
from oim.apps.up import running_services
from oim.features import opportunities
from oim.features.ingestion import Counts, ingest_offers, is_last_run_unfinished, sample_drafts
from oim.features.matching import Engine
from oim.kit import clock
from oim.kit.crypto import create_ring
from oim.kit.db import Database
from oim.kit.db.migrate import migrate
from oim.kit.db.rotation import keys_in_use
from oim.kit.errors import ConflictError
from oim.kit.i18n import mark
from oim.kit.settings import EMBEDDED, Settings

INDEXING_STEP = 32  # changes of offers a call


@dataclass(frozen=True)
class Tools:
    """What a verb works with."""

    settings: Settings
    database: Database
    engine: Engine


def prepare_database(settings: Settings) -> None:
    """Bring the database to the newest schema, and see that its keys are here. Raises ConflictError."""
    migrate(settings.database_url)
    if settings.keys is None and not settings.ring_file.exists():
        _make_keys(settings)


def _make_keys(settings: Settings) -> None:
    """New keys open nothing that others sealed: they are made for a database that holds nothing sealed."""
    database = Database(settings.database_url, pool_size=1)
    try:
        with database.read() as session:
            used = keys_in_use(session)
    finally:
        database.close()
    if used:
        raise ConflictError(
            mark("The keys of this data are not here. Put %(file)s back, or set OIM_KEYS."),
            file=settings.ring_file,
        )
    create_ring(settings.ring_file)


@contextmanager
def open_tools() -> Iterator[Tools]:
    """Everything a verb needs, for its duration."""
    with running_services(Settings(), ("postgres", "engine"), report, prepare_database) as settings:
        yield create_tools(settings)


def create_tools(settings: Settings) -> Tools:
    """The tools for settings already resolved."""
    return Tools(settings, bootstrap.database(settings), bootstrap.engine(settings))


def load_sample(tools: Tools) -> Counts:
    """Take in the sample offers and index them."""
    items = sample_drafts(clock.now().astimezone(clock.CAMEROON).date())
    counts = ingest_offers(tools.database, items, source="sample", origin="sample", format_name="oim")
    index_all(tools)
    return counts


def load_sample_if_empty(tools: Tools) -> None:
    """Take in the sample when our own database holds no offer at all, or only part of the sample.

    A database of somebody else's never gets offers that are invented.
    """
    if Settings().database_url != EMBEDDED:
        return
    with tools.database.read() as session:
        wanted = not opportunities.count_offers(session) or is_last_run_unfinished(session, "sample")
    if wanted:
        errors.print("· " + t("No offer is here yet: loading about 300 sample offers"))
        load_sample(tools)


def index_all(tools: Tools) -> None:
    """Bring every waiting change into the index."""
    behind = tools.engine.health().waiting
    with progress_bar() as bar:
        task = bar.add_task(t("Indexing"), total=behind or None, detail="")
        while indexed := tools.engine.index_pending(INDEXING_STEP):
            bar.advance(task, indexed)
