"""The database and engine that commands work with: those running on this home, or started for the command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from oim import bootstrap
from oim.apps.cli.database import prepare_database
from oim.apps.cli.terminal import errors, progress_bar, report, t
from oim.apps.up import running_services
from oim.features import opportunities
from oim.features.ingestion import (
    ANSWERED_HERE,
    Counts,
    ingest_offers,
    is_last_run_unfinished,
    sample_drafts,
)
from oim.features.matching import Engine
from oim.features.staff import open_unattended_desk
from oim.kit import clock
from oim.kit.db import Database
from oim.kit.disk import has_room
from oim.kit.errors import UnavailableError
from oim.kit.i18n import mark
from oim.kit.settings import EMBEDDED, Settings

INDEXING_STEP = 32  # changed offers per call of the engine


@dataclass(frozen=True)
class Tools:
    """The resolved settings, database and engine of one command."""

    settings: Settings
    database: Database
    engine: Engine


@contextmanager
def open_tools() -> Iterator[Tools]:
    """Yield the tools, with a database and an engine that run during the block."""
    with running_services(Settings(), ("postgres", "engine"), report, prepare_database) as settings:
        yield create_tools(settings)


def create_tools(settings: Settings) -> Tools:
    """Create the tools from settings whose URLs are already resolved."""
    return Tools(settings, bootstrap.database(settings), bootstrap.engine(settings))


def check_room(tools: Tools) -> None:
    """Refuse to fill a disk that is full; workers wait in the same case. Raises UnavailableError."""
    if not has_room(tools.settings.home):
        raise UnavailableError(
            mark("The disk of %(folder)s is full, so nothing was taken in. Free some space, then try again."),
            folder=tools.settings.home,
        )


def load_sample(tools: Tools) -> Counts:
    """Ingest and index the sample offers that OIM ships; their dates are relative to today."""
    items = sample_drafts(clock.now().astimezone(clock.CAMEROON).date())
    counts = ingest_offers(tools.database, items, source="sample", origin="sample", format_name="oim")
    with tools.database.write() as session:
        for number, name in enumerate(ANSWERED_HERE, 1):
            organisation = opportunities.get_organisation_id(session, name)
            open_unattended_desk(session, organisation, f"accueil-{number}@oim.example", name)
    index_all(tools)
    return counts


def load_sample_if_empty(tools: Tools) -> None:
    """Load the sample if the embedded database holds no offer at all, or only part of the sample.

    A database that somebody else runs never gets these invented offers.
    """
    # The environment's settings: in those of `tools` the embedded database has a URL already.
    if Settings().database_url != EMBEDDED:
        return
    with tools.database.read() as session:
        needs_sample = (
            not opportunities.count_offers(session)
            or is_last_run_unfinished(session, "sample")
            # An earlier version loaded it, without ways to answer its offers.
            or opportunities.has_unread_ways(session, "sample")
        )
    if needs_sample:
        errors.print("· " + t("No offer is here yet: loading about 300 sample offers"))
        load_sample(tools)


def index_all(tools: Tools) -> None:
    """Index every offer that was added, changed or withdrawn and is not indexed yet."""
    waiting = tools.engine.health().waiting
    with progress_bar() as bar:
        task = bar.add_task(t("Indexing"), total=waiting or None, detail="")
        # In steps, so that the bar moves and each call to a remote engine stays short.
        while indexed := tools.engine.index_pending(INDEXING_STEP):
            bar.advance(task, indexed)
