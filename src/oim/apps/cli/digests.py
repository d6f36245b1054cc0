"""`oim recommend --all-people`: compute everybody's digest, by a broker's workers or by local processes."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import datetime
from multiprocessing import get_context

from oim import bootstrap
from oim.apps.celery_app import create_app, send
from oim.apps.cli.terminal import progress_bar, t
from oim.apps.cli.tools import Tools
from oim.apps.digest_shard import compute_shard
from oim.apps.forks import exit_with_parent
from oim.features.matching import DigestShard, count_due_people, list_due_shards
from oim.features.matching.tasks import compute_digests
from oim.kit.clock import now
from oim.kit.errors import UnavailableError
from oim.kit.i18n import mark
from oim.kit.settings import EMBEDDED

POLL_INTERVAL = 1.0  # seconds between two looks at the workers' progress
STALL_TIMEOUT = 600.0  # seconds without a new digest, after which no worker is assumed to run


def compute_all_digests(tools: Tools) -> tuple[int, float]:
    """Compute every digest that is due; return how many, and the seconds it took."""
    # One instant for all shards: what is due, and which offers are open, must not differ between them.
    at, started = now(), time.monotonic()
    with tools.database.read() as session:
        shards = list_due_shards(session, at)
    total = sum(shard.people_due for shard in shards)
    # A configured broker has workers on other machines; the embedded one has at most a small worker here.
    is_embedded = not tools.settings.broker_url and tools.settings.valkey_url == EMBEDDED
    compute = _compute_locally if is_embedded else _compute_by_workers
    with progress_bar() as bar:
        task = bar.add_task(t("Recommending"), total=total, detail="")
        for done in compute(tools, shards, at):
            bar.update(task, completed=done, detail=f"{done / (time.monotonic() - started):,.0f}/s")
    return total, time.monotonic() - started


def _compute_locally(tools: Tools, shards: list[DigestShard], at: datetime) -> Iterator[int]:
    """Compute in one process per core; yield the number of digests done, as it grows."""
    done = 0
    # "spawn": a forked copy of this process would inherit its open database connections and threads.
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn"), exit_with_parent) as pool:
        for future in as_completed(
            [pool.submit(compute_shard, tools.settings, shard, at) for shard in shards]
        ):
            done += future.result()
            yield done


def _compute_by_workers(tools: Tools, shards: list[DigestShard], at: datetime) -> Iterator[int]:
    """Send one task per shard; yield the number of digests done, counted in the database.

    Workers return no results, so the count also includes what another command computes meanwhile. Raises
    UnavailableError when it does not grow for `STALL_TIMEOUT` seconds.
    """
    app = create_app(bootstrap.broker_url(tools.settings))
    for shard in shards:
        send(app, compute_digests, str(shard.first), str(shard.last), shard.people_due, at.isoformat())
    total = remaining = sum(shard.people_due for shard in shards)
    last_progress = time.monotonic()
    while remaining:
        time.sleep(POLL_INTERVAL)
        with tools.database.read() as session:
            before, remaining = remaining, count_due_people(session, at)
        last_progress = time.monotonic() if remaining < before else last_progress
        if time.monotonic() - last_progress > STALL_TIMEOUT:
            raise UnavailableError(mark("No worker chooses offers for people. Start one, or read its log."))
        yield total - remaining
