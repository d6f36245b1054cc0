"""The shard of an entry and its mark are the same in every process, at any time."""

from collections import Counter
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from people_factory import new_vault

from oim.features.audit import Entry
from oim.features.audit.chain import SHARDS, choose_shard, compute_mark

ESTHER, AWA = UUID(int=1), UUID(int=2)


def entry(subject: UUID | None, actor: UUID | None, object_id: str | None = None) -> Entry:
    return Entry(
        role="staff",
        actor_id=actor,
        action="read",
        resource="sources",
        object_id=object_id,
        subject_id=subject,
    )


def test_entries_lie_with_those_about_the_same_person() -> None:
    about_awa = choose_shard(entry(AWA, AWA))
    assert choose_shard(entry(AWA, ESTHER, "an application")) == about_awa
    assert choose_shard(entry(AWA, None)) == about_awa


def test_entries_about_nobody_lie_with_those_of_their_actor_else_of_their_object() -> None:
    assert choose_shard(entry(None, ESTHER, "one")) == choose_shard(entry(None, ESTHER, "two"))
    assert choose_shard(entry(None, None, str(AWA))) == choose_shard(entry(AWA, None))
    assert choose_shard(entry(None, None)) in SHARDS


# A shard that changed would put the later entries of a person beside the earlier ones, in no order.
@pytest.mark.parametrize(("subject", "shard"), [(ESTHER, 32), (AWA, 38), (UUID(int=2**127), 40)])
def test_the_shard_of_a_person_never_changes(subject: UUID, shard: int) -> None:
    assert choose_shard(entry(subject, None)) == shard


def test_people_are_spread_over_all_shards() -> None:
    counts = Counter(choose_shard(entry(uuid4(), None)) for _ in range(100 * len(SHARDS)))
    assert set(counts) == set(SHARDS)
    assert max(counts.values()) < 200


def test_a_mark_covers_the_shard_the_number_and_the_mark_before(tmp_path: Path) -> None:
    vault, first, second = new_vault(tmp_path), b"\0" * 32, b"\1" * 32
    marks = {
        compute_mark(vault, previous, shard, seq, {"action": action})
        for previous in (first, second)
        for shard, seq in ((0, 1), (0, 11), (1, 1), (1, 11), (11, 1), (2, 1))
        for action in ("read", "change")
    }
    assert len(marks) == 24
