"""Background tasks of matching: keeping the index up to date, rebuilding it, and computing digests."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Protocol
from uuid import UUID

from oim.features.matching.digests import DigestShard
from oim.features.matching.index_build import reindex
from oim.features.matching.ports import Embedder, Engine, Indexes
from oim.kit.db import Database
from oim.kit.errors import ConflictError
from oim.kit.tasks import DailyAt, Every, Queue, task
from oim.kit.telemetry import logger

BATCH_SIZE = 32  # changed offers per indexing step
ROUND_DURATION = 60.0  # seconds, after which indexing leaves what still waits to its next run
LONGEST_REBUILD = 6 * 3600  # seconds: after a change of embedding model every offer is embedded again


class IndexingServices(Protocol):
    """What indexing changes needs."""

    @property
    def engine(self) -> Engine: ...


class RebuildServices(Protocol):
    """What building an index needs."""

    @property
    def database(self) -> Database: ...
    @property
    def indexes(self) -> Indexes: ...
    @property
    def engine(self) -> Engine: ...
    @property
    def embedder_url(self) -> str: ...

    def make_embedder(self) -> Embedder:
        """Make the embedder that settings name; the first time takes seconds."""


class DigestServices(Protocol):
    """What computing digests needs."""

    def compute_shard(self, shard: DigestShard, at: datetime) -> int:
        """Compute the due digests of one shard as of an instant, and return how many there were."""


@task(
    "matching.index_pending",
    Queue.INDEX,
    time_limit=600,
    repeatable="The engine applies a change again to the same effect, and one run after the other.",
    schedule=Every(2),
)
def index_pending(services: IndexingServices) -> None:
    """Index the offers that were added, changed or withdrawn since the last run."""
    deadline = time.monotonic() + ROUND_DURATION
    while time.monotonic() < deadline and (indexed := services.engine.index_pending(BATCH_SIZE)):
        logger(__name__).info("indexed", offers=indexed)


@task(
    "matching.rebuild",
    Queue.BATCH,
    time_limit=LONGEST_REBUILD,
    repeatable="One run at a time has the lock; another index of the same offers does no harm.",
    schedule=DailyAt(3, 15),  # what is heavy runs at night
)
def rebuild_index(services: RebuildServices) -> None:
    """Build a new, compact index beside the one in use, then swap them.

    An index built in one go answers faster than one that was changed offer by offer all day.
    """
    _rebuild(services)


@task(
    "matching.follow_model",
    Queue.BATCH,
    time_limit=LONGEST_REBUILD,
    repeatable="Once the index has the model of the settings, nothing is done.",
    schedule=Every(60),
)
def rebuild_on_model_change(services: RebuildServices) -> None:
    """Rebuild the index when the settings name another embedding model than the one it was built with."""
    if services.engine.health().embedder != services.embedder_url:
        _rebuild(services)


def _rebuild(services: RebuildServices) -> None:
    """Rebuild the index, unless another process does so or the engine keeps its indexes elsewhere."""
    embedder = services.make_embedder()
    try:
        offers = reindex(services.database, services.indexes, embedder, services.engine, lambda _: None)
    except ConflictError:
        return
    logger(__name__).info("rebuilt", offers=offers, embedder=embedder.url)


@task(
    "matching.digest",
    Queue.BATCH,
    time_limit=3600,
    repeatable="Only digests that are still due are computed, and each replaces the one before.",
)
def compute_digests(services: DigestServices, first: str, last: str, due: int, at: str) -> None:
    """Compute the due digests of the people whose ids lie between two, as of the instant `at` (ISO 8601).

    `oim recommend --all-people` sends one such task per shard; arguments are JSON, hence the texts.
    """
    done = services.compute_shard(DigestShard(UUID(first), UUID(last), due), datetime.fromisoformat(at))
    logger(__name__).info("digests", people=done)
