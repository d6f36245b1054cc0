"""Compute one shard of the daily digests in a separate process: a worker's, or one of a local pool's."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from oim import bootstrap
from oim.features.matching import (
    DigestShard,
    InMemoryIndex,
    compute_shard_digests,
    load_expected_applications,
    load_open_offers,
)
from oim.kit.crypto import Vault
from oim.kit.db import Database
from oim.kit.settings import Settings


def compute_shard(settings: Settings, shard: DigestShard, at: datetime) -> int:
    """Compute the due digests of one shard as of the instant `at`, and return how many there were."""
    url = bootstrap.embedder_url(settings)
    database, index, expected_applications = _load_batch(settings.database_url, settings.ring_file, url, at)
    return compute_shard_digests(database, bootstrap.embedder(url), index, shard, at, expected_applications)


# Every shard of a batch has the same arguments, so a process loads the offers once per batch. One entry
# only: the next batch has another `at`, and keeping the old offers would double the memory.
@lru_cache(maxsize=1)
def _load_batch(
    database_url: str, ring_file: Path, embedder_url: str, at: datetime
) -> tuple[Database, InMemoryIndex, dict[UUID, float]]:
    """Load what all shards of a batch share: database, index of open offers, expected applications by offer.

    The arguments are plain values rather than `Settings`, so that they can be the key of the cache.
    """
    database = Database(database_url, Vault(ring_file), pool_size=1)
    index = load_open_offers(database, bootstrap.embedder(embedder_url), at)
    return database, index, load_expected_applications(database, at)
