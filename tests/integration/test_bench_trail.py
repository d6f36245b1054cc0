"""The benchmark of the trail measures what it says: one shard, all of them, and no entries at all."""

import pytest
from bench.trail import CONTENDERS, LEVELS, NO_TRAIL, ONE_LOCK, SHARDED, fill_bench, measure_rounds
from sqlalchemy import distinct, func, select

from oim.features.audit import AuditRow, verify
from oim.features.sign_in import SignInServices
from oim.kit.db import Database

PEOPLE = 16


def count_entries(database: Database) -> tuple[int, int]:
    """The number of entries of reads, and of the shards they lie in."""
    with database.read() as session:
        counts = select(func.count(), func.count(distinct(AuditRow.shard))).where(AuditRow.action == "read")
        entries, shards = session.execute(counts).one()
        return entries, shards


@pytest.mark.parametrize("level", LEVELS)
def test_every_contender_reads(database: Database, sign_in: SignInServices, level: str) -> None:
    rates = measure_rounds(fill_bench(database, sign_in, PEOPLE), LEVELS[level], 0.05, rounds=1)
    assert rates.keys() == CONTENDERS.keys()
    assert all(rate > 0 for of_one in rates.values() for rate in of_one)
    with database.read() as session:
        assert verify(session)[1] is None


def test_the_contenders_differ_in_what_the_trail_gets(database: Database, sign_in: SignInServices) -> None:
    bench = fill_bench(database, sign_in, PEOPLE)
    with CONTENDERS[NO_TRAIL]():
        LEVELS["REST"](bench, 0.05)
    assert count_entries(database) == (0, 0)
    with CONTENDERS[ONE_LOCK]():
        LEVELS["REST"](bench, 0.05)
    assert count_entries(database)[1] == 1
    with CONTENDERS[SHARDED]():
        LEVELS["REST"](bench, 0.05)
    assert count_entries(database)[1] > 1
