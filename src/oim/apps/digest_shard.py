"""Compute one shard of the daily digests in a separate process: a worker's, or one of a local pool's."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from uuid import UUID

from oim import bootstrap
from oim.features.matching import (
    DigestShard,
    InMemoryIndex,
    compute_shard_digests,
    load_expected_applications,
    load_open_offers,
)
from oim.kit.db import Database
from oim.kit.settings import Settings


def compute_shard(settings: Settings, shard: DigestShard, at: datetime) -> int:
    """Compute the due digests of one shard as of the instant `at`, and return how many there were."""
    database, index, expected_applications = _load_batch(settings, at)
    embedder = bootstrap.embedder(bootstrap.embedder_url(settings))
    return compute_shard_digests(database, embedder, index, shard, at, expected_applications)


# Every shard of a batch has the same arguments, so a process loads the offers once per batch. One entry
# only: the next batch has another `at`, and keeping the old offers would double the memory.
@lru_cache(maxsize=1)
def _load_batch(settings: Settings, at: datetime) -> tuple[Database, InMemoryIndex, dict[UUID, float]]:
    """Load what the shards of a batch share: database, index of offers, applications to expect of each."""
    database = bootstrap.database(settings, pool_size=1)
    embedder = bootstrap.embedder(bootstrap.embedder_url(settings))
    index = load_open_offers(database, embedder, at)
    return database, index, load_expected_applications(database, at)
