"""One shard of digests, as a process of its own computes it: a worker, or one of a pool on this machine."""

from __future__ import annotations

import os
import threading
from datetime import datetime
from functools import lru_cache
from multiprocessing import parent_process
from multiprocessing.process import BaseProcess
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
    """Compute the digests of a shard as of an instant; how many were due."""
    url = bootstrap.embedder_url(settings)
    database, held, crowded = _load_batch(settings.database_url, settings.ring_file, url, at)
    return compute_shard_digests(database, bootstrap.embedder(url), held, shard, at, crowded)


def exit_with_parent() -> None:
    """Have this process of a pool end when the one that started it does, even by a kill."""
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_exit_after, args=(parent,), daemon=True).start()


def _exit_after(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)


@lru_cache(maxsize=1)
def _load_batch(
    database_url: str, ring_file: Path, embedder_url: str, at: datetime
) -> tuple[Database, InMemoryIndex, dict[UUID, float]]:
    """The database; the offers, and how crowded they are, read once for all shards of a batch."""
    database = Database(database_url, Vault(ring_file), pool_size=1)
    held = load_open_offers(database, bootstrap.embedder(embedder_url), at)
    return database, held, load_expected_applications(database, at)
