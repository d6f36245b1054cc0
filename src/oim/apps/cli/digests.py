"""`oim recommend --all-people`: digests of everybody, by the workers of a broker, else by processes here."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import datetime
from multiprocessing import get_context

from celery import Celery

from oim.apps.cli.terminal import progress_bar, t
from oim.apps.cli.tools import Tools
from oim.apps.digest_shard import compute_shard, exit_with_parent
from oim.features.matching import DigestShard, count_due_people, list_due_shards
from oim.kit.clock import now
from oim.kit.errors import UnavailableError
from oim.kit.i18n import mark
from oim.kit.settings import EMBEDDED

DIGEST_TASK = "matching.digest"
POLL_INTERVAL = 1.0  # seconds between two looks at what workers have done
STALL_TIMEOUT = 600.0  # seconds without a digest


def compute_all_digests(tools: Tools) -> tuple[int, float]:
    """Compute every digest that is due; how many, and the seconds it took."""
    at, started = now(), time.monotonic()
    with tools.database.read() as session:
        shards = list_due_shards(session, at)
    total = sum(shard.people_due for shard in shards)
    work = _compute_locally if tools.settings.valkey_url == EMBEDDED else _compute_by_workers
    with progress_bar() as bar:
        task = bar.add_task(t("Recommending"), total=total, detail="")
        for done in work(tools, shards, at):
            bar.update(task, completed=done, detail=f"{done / (time.monotonic() - started):,.0f}/s")
    return total, time.monotonic() - started


def _compute_locally(tools: Tools, shards: list[DigestShard], at: datetime) -> Iterator[int]:
    """A process for each core; how many digests are done, as it grows."""
    done = 0
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn"), exit_with_parent) as pool:
        for future in as_completed(
            [pool.submit(compute_shard, tools.settings, shard, at) for shard in shards]
        ):
            done += future.result()
            yield done


def _compute_by_workers(tools: Tools, shards: list[DigestShard], at: datetime) -> Iterator[int]:
    """A task for each shard; how many digests are done, as the database tells. Raises UnavailableError."""
    broker = Celery("oim", broker=tools.settings.valkey_url)
    for shard in shards:
        told = [str(shard.first), str(shard.last), shard.people_due, at.isoformat()]
        broker.send_task(DIGEST_TASK, args=told, ignore_result=True)
    total = left = sum(shard.people_due for shard in shards)
    moved = time.monotonic()
    while left:
        time.sleep(POLL_INTERVAL)
        with tools.database.read() as session:
            before, left = left, count_due_people(session, at)
        moved = time.monotonic() if left < before else moved
        if time.monotonic() - moved > STALL_TIMEOUT:
            raise UnavailableError(mark("No worker computes the digests. Start one, or see its log."))
        yield total - left
