"""Contract of `KeySource`: the file, and a store that keeps the ring wrapped as beside a key service."""

import itertools
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from oim.kit.crypto import KeyRing, KeySource, RingFile, Vault, create_ring, read_ring, with_new_key
from oim.kit.crypto import vault as vaults
from oim.kit.errors import BadInputError, ConflictError


class EnvelopeSource:
    """A stand-in for a key service: the ring lies wrapped, with a version, and is put on a condition."""

    _folders = itertools.count()

    def __init__(self, folder: Path) -> None:
        self._file = folder / f"unwrapped-{next(self._folders)}.json"  # only for its random keys
        self._stored: tuple[int, KeyRing] | None = None

    def load(self) -> KeyRing:
        if self._stored is None:
            raise BadInputError("There is no key ring here.")
        return self._stored[1]

    def version(self) -> Hashable | None:
        return self._stored and self._stored[0]

    def change(self, change: Callable[[KeyRing], KeyRing]) -> KeyRing:
        while True:
            before, ring = self.version(), change(self.load())
            if self._put(before, ring):
                return ring

    def create(self) -> bool:
        create_ring(self._file)
        return self._stored is None and self._put(None, read_ring(self._file))

    def _put(self, before: Hashable | None, ring: KeyRing) -> bool:
        stored = self._stored
        if (stored and stored[0]) != before:
            return False
        self._stored = ((stored[0] + 1) if stored else 1, ring)
        return True

    def __str__(self) -> str:
        return "envelope"


SOURCES: dict[str, Callable[[Path], KeySource]] = {
    "file": lambda folder: RingFile(folder / "keys" / "ring.json"),
    "envelope": EnvelopeSource,
}


@pytest.fixture(params=SOURCES)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> KeySource:
    return SOURCES[request.param](tmp_path)


@pytest.fixture
def source(empty: KeySource) -> KeySource:
    assert empty.create()
    return empty


def test_without_a_ring_nothing_is_loaded(empty: KeySource) -> None:
    assert empty.version() is None
    with pytest.raises(BadInputError):
        empty.load()
    with pytest.raises(BadInputError):
        empty.change(with_new_key)
    assert empty.version() is None


def test_a_ring_is_created_once(source: KeySource) -> None:
    before = source.load()
    assert not source.create()
    assert source.load() == before
    assert str(source)


def test_each_change_has_another_version(source: KeySource) -> None:
    versions = [source.version(), source.version()]
    assert versions[0] == versions[1]
    for _ in range(3):
        changed = source.change(with_new_key)
        assert source.load() == changed
        versions.append(source.version())
    assert len(set(versions)) == 4
    assert None not in versions


def test_a_refused_change_changes_nothing(source: KeySource) -> None:
    def refuse(_: KeyRing) -> KeyRing:
        raise ConflictError("no")

    before, version = source.load(), source.version()
    with pytest.raises(ConflictError):
        source.change(refuse)
    assert (source.load(), source.version()) == (before, version)


def test_changes_at_once_lose_no_key(source: KeySource) -> None:
    before = source.load()
    with ThreadPoolExecutor(8) as pool:
        added = [ring.current for ring in pool.map(lambda _: source.change(with_new_key), range(16))]
    assert set(source.load().keys) == {*before.keys, *added}


def test_a_vault_follows_its_source(source: KeySource, monkeypatch: pytest.MonkeyPatch) -> None:
    vault, other = Vault(source), Vault(source)
    sealed = vault.seal(b"Awa", "here")
    changed = source.change(with_new_key)
    # A key that it does not know yet makes it look at once.
    assert vault.open(Vault(source).seal(b"Biya", "here"), "here") == b"Biya"
    monkeypatch.setattr(vaults, "RELOAD_INTERVAL", 0.0)
    assert other.ring.current == changed.current
    assert other.open(sealed, "here") == b"Awa"


def test_equal_sources_are_one_key_of_a_cache(tmp_path: Path) -> None:
    assert len({RingFile(tmp_path / "a"), RingFile(tmp_path / "a"), RingFile(tmp_path / "b")}) == 2
