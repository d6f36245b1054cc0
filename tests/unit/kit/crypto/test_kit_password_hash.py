"""Slow hashes: a bounded number at once, whatever number of threads ask."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from oim.kit.crypto import RingFile, Vault, password_hash

THREADS = 3 * password_hash.MAX_AT_ONCE


class CountingHasher:
    """Lets nobody go on before the most have come that may come at once."""

    def __init__(self) -> None:
        self.most = 0
        self._now = 0
        self._lock = threading.Lock()
        self._together = threading.Barrier(password_hash.MAX_AT_ONCE)

    def verify(self, _: str, __: bytes) -> bool:
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
        self._together.wait(60)
        with self._lock:
            self._now -= 1
        return True


def test_no_more_hashes_are_computed_at_once_than_memory_is_meant_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = RingFile(tmp_path / "ring.json")
    source.create()
    vault, hasher = Vault(source), CountingHasher()
    monkeypatch.setattr(password_hash, "_HASHER", hasher)
    with ThreadPoolExecutor(THREADS) as pool:
        answers = list(
            pool.map(lambda _: password_hash.verify_password(vault, "awa", "1", "h"), range(THREADS))
        )
    assert answers == [True] * THREADS
    assert hasher.most == password_hash.MAX_AT_ONCE
