"""The key ring: created once, private, replaced atomically, refused when it is not a ring."""

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from oim.kit.crypto import change_ring, create_ring, read_ring, with_new_key, without_key
from oim.kit.errors import BadInputError, ConflictError


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "keys" / "ring.json"
    create_ring(path)
    return path


def test_only_the_owner_can_read_the_file(file: Path) -> None:
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_of_simultaneous_creations_one_succeeds(tmp_path: Path) -> None:
    path = tmp_path / "ring.json"
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(lambda _: create_ring(path), range(16)))
    assert sum(outcomes) == 1
    assert read_ring(path).current
    assert list(tmp_path.iterdir()) == [path]


def test_no_two_rings_share_a_key(tmp_path: Path) -> None:
    rings = []
    for name in "ab":
        create_ring(tmp_path / name)
        rings.append(read_ring(tmp_path / name))
    keys = [key for ring in rings for key in (*ring.keys.values(), ring.index, ring.audit, ring.pepper)]
    assert len(set(keys)) == len(keys)
    assert {len(key) for key in keys} == {32}


def test_a_new_key_seals_and_the_old_one_still_opens(file: Path) -> None:
    before = read_ring(file)
    change_ring(file, with_new_key)
    after = read_ring(file)
    assert after.current != before.current
    assert after.keys[before.current] == before.keys[before.current]
    assert after.index == before.index


def test_the_key_that_seals_cannot_be_dropped(file: Path) -> None:
    ring = with_new_key(read_ring(file))
    old = next(id_ for id_ in ring.keys if id_ != ring.current)
    assert list(without_key(ring, old).keys) == [ring.current]
    with pytest.raises(ConflictError):
        without_key(ring, ring.current)
    with pytest.raises(BadInputError):
        without_key(ring, "00000000")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"current": "a", "keys": {}}', "\x00"])
def test_a_file_that_is_no_ring_is_refused(file: Path, text: str) -> None:
    file.write_text(text)
    with pytest.raises(BadInputError, match="not a key ring"):
        read_ring(file)


def test_a_key_of_another_length_is_refused(file: Path) -> None:
    values = json.loads(file.read_text())
    file.write_text(json.dumps({**values, "index": "c2hvcnQ="}))
    with pytest.raises(BadInputError, match="not a key ring"):
        read_ring(file)


def test_a_missing_ring_is_reported(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="no key ring"):
        read_ring(tmp_path / "nowhere.json")


def test_simultaneous_changes_lose_no_key(file: Path) -> None:
    before = read_ring(file)
    with ThreadPoolExecutor(8) as pool:
        new_ids = [ring.current for ring in pool.map(lambda _: change_ring(file, with_new_key), range(16))]
    assert set(read_ring(file).keys) == {*before.keys, *new_ids}
    assert len(set(new_ids)) == 16
