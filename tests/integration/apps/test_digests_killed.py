"""A batch of digests that is killed half-way leaves no process running, and is finished by the next batch."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from people_factory import add_people
from sqlalchemy import func, insert, select

from oim import bootstrap
from oim.features.ingestion import ingest_offers
from oim.features.matching import digests
from oim.features.matching.models import DigestRow, ProfileRow
from oim.features.matching.profile import PROFILE, Profile
from oim.features.opportunities import Draft, Kind
from oim.kit.clock import now
from oim.kit.db import Database, seal
from oim.kit.settings import Settings

PEOPLE = 400
# A script of its own: pool processes import the main module, and the guard keeps them from starting a batch.
RUN = """
from oim import bootstrap
from oim.apps.cli.digests import compute_all_digests
from oim.apps.cli.tools import create_tools
from oim.features.matching import digests
from oim.kit.settings import Settings

if __name__ == "__main__":
    digests.SHARD_SIZE = 20
    compute_all_digests(create_tools(Settings()))
"""


def add_people_and_offers(database: Database) -> None:
    """Add many people who stated only their region, and a few offers."""
    offers = [Draft(kind=Kind.EMPLOYMENT, external_id=str(n), title=f"Soudeur {n}") for n in range(8)]
    ingest_offers(database, offers, source="test", origin="test", format_name="test")
    profile = PROFILE.dump_json(Profile(region="CM-OU"))
    ids = add_people(database, [uuid4() for _ in range(PEOPLE)])
    with database.write() as session:
        rows = [
            {
                "id": id_,
                "profile": seal(session, ProfileRow.profile, id_, profile),
                "matched": True,
                "changed_at": now() - timedelta(days=1),
            }
            for id_ in ids
        ]
        session.execute(insert(ProfileRow), rows)


def read_digests(database: Database) -> dict[UUID, datetime]:
    with database.read() as session:
        return dict(session.execute(select(DigestRow.person_id, DigestRow.computed_at)).all())


def count_digests(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(DigestRow)) or 0


def child_pids(pid: int) -> list[int]:
    """The processes that a process has started."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def wait_until(condition: Callable[[], bool]) -> None:
    for _ in range(6000):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("it never came to be")


def test_a_batch_killed_half_way_is_finished_by_the_next(
    database: Database, postgres: str, ring_file: Path, tmp_path: Path
) -> None:
    add_people_and_offers(database)
    url = bootstrap.embedder_url(Settings())
    index = digests.load_open_offers(database, bootstrap.embedder(url), now())
    script = tmp_path / "run.py"
    script.write_text(RUN)
    settings = {
        "OIM_DATABASE_URL": postgres,
        "OIM_ENGINE_URL": "http://127.0.0.1:1",  # which is not called
        "OIM_KEYS_URL": ring_file.as_uri(),
        "OIM_HOME": str(tmp_path / "home"),
    }
    process = subprocess.Popen([sys.executable, str(script)], env=os.environ | settings)
    wait_until(lambda: count_digests(database) > 0)
    pool_pids = child_pids(process.pid)
    # SIGKILL: the parent cannot stop its pool, so the pool must notice by itself.
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert pool_pids
    wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pool_pids))
    before = read_digests(database)
    assert 0 < len(before) < PEOPLE

    at = now()
    with database.read() as session:
        shards = digests.list_due_shards(session, at)
    done = sum(
        digests.compute_shard_digests(database, bootstrap.embedder(url), index, shard, at) for shard in shards
    )
    after = read_digests(database)
    assert len(after) == PEOPLE
    assert done == PEOPLE - len(before)
    # What the killed batch had computed was not computed again.
    assert {person: after[person] for person in before} == before
