"""What verbs need to work: a database and an engine, those that run on this home or started for the verb."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from oim import bootstrap
from oim.apps.cli.terminal import errors, progress_bar, report, t
from oim.apps.up import running
from oim.features import opportunities
from oim.features.ingestion import Counts, cut_off, sample_drafts, take_in
from oim.features.matching.ports import Engine
from oim.kit import clock
from oim.kit.db import Database
from oim.kit.db.migrate import migrate
from oim.kit.settings import EMBEDDED, Settings

INDEXING_STEP = 32  # changes of offers a call


@dataclass(frozen=True)
class Tools:
    """What a verb works with."""

    settings: Settings
    database: Database
    engine: Engine


def prepare(settings: Settings) -> None:
    """Bring the database to the newest schema."""
    migrate(settings.database_url)


@contextmanager
def tools() -> Iterator[Tools]:
    """Everything a verb needs, for its duration."""
    with running(Settings(), ("postgres", "engine"), report, prepare) as settings:
        yield tools_of(settings)


def tools_of(settings: Settings) -> Tools:
    """The tools for settings already resolved."""
    return Tools(settings, bootstrap.database(settings), bootstrap.engine(settings))


def load_sample(kit: Tools) -> Counts:
    """Take in the sample offers and index them."""
    items = sample_drafts(clock.now().astimezone(clock.CAMEROON).date())
    counts = take_in(kit.database, items, source="sample", origin="sample", form="oim")
    index_all(kit)
    return counts


def load_sample_if_empty(kit: Tools) -> None:
    """Take in the sample when our own database holds no offer at all, or only part of the sample.

    A database of somebody else's never gets offers that are invented.
    """
    if Settings().database_url != EMBEDDED:
        return
    with kit.database.read() as session:
        wanted = not opportunities.count(session) or cut_off(session, "sample")
    if wanted:
        errors.print("· " + t("No offer is here yet: loading about 300 sample offers"))
        load_sample(kit)


def index_all(kit: Tools) -> None:
    """Bring every waiting change into the index."""
    behind = kit.engine.health().waiting
    with progress_bar() as bar:
        task = bar.add_task(t("Indexing"), total=behind or None, told="")
        while indexed := kit.engine.index_pending(INDEXING_STEP):
            bar.advance(task, indexed)
