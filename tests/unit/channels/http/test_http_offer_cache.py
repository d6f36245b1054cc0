"""Offers in memory: loaded once for each version of the catalogue, never without knowing the version."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest

from oim.channels.http import offer_cache
from oim.channels.http.offer_cache import OfferCache
from oim.features import opportunities
from oim.kit.errors import UnavailableError

A, B, GONE = (UUID(int=number) for number in (1, 2, 3))


@dataclass
class Catalogue:
    """A database with a version and two offers, which notes what is loaded. `down`: it does not answer."""

    version: UUID | None = field(default_factory=lambda: UUID(int=9))
    loaded: list[list[UUID]] = field(default_factory=list)
    readings: int = 0
    down: bool = False

    @contextmanager
    def read(self) -> Iterator[Any]:
        if self.down:
            raise UnavailableError("The database does not answer. Try again in a moment.")
        yield self

    read_stale = read

    def load_version(self, _: object) -> UUID | None:
        self.readings += 1
        return self.version

    def get_many(self, _: object, ids: Sequence[UUID]) -> dict[UUID, str]:
        self.loaded.append(list(ids))
        return {id_: f"offer {id_.int} of {self.version}" for id_ in ids if id_ != GONE}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The monotonic clock, in seconds."""
    at = [1000.0]
    monkeypatch.setattr(offer_cache, "monotonic", lambda: at[0])
    return at


@pytest.fixture
def catalogue(monkeypatch: pytest.MonkeyPatch, clock: list[float]) -> Catalogue:
    catalogue = Catalogue()
    monkeypatch.setattr(opportunities, "load_catalogue_version", catalogue.load_version)
    monkeypatch.setattr(opportunities, "get_many", catalogue.get_many)
    return catalogue


def test_offers_are_loaded_once_while_the_version_stays(catalogue: Catalogue, clock: list[float]) -> None:
    cache = OfferCache(catalogue)  # type: ignore[arg-type]
    assert list(cache.get_many([A])) == [A]
    assert list(cache.get_many([B, A, GONE])) == [B, A]
    clock[0] += 5
    assert list(cache.get_many([A, B])) == [A, B]
    assert catalogue.loaded == [[A], [B, GONE]]


def test_a_new_version_is_noticed_after_a_second(catalogue: Catalogue, clock: list[float]) -> None:
    cache = OfferCache(catalogue)  # type: ignore[arg-type]
    old = cache.get_many([A])
    catalogue.version = UUID(int=10)
    assert cache.get_many([A]) == old
    assert catalogue.readings == 1
    clock[0] += 1
    assert cache.get_many([A]) != old


def test_without_a_version_offers_are_loaded_each_time(catalogue: Catalogue) -> None:
    catalogue.version = None
    cache = OfferCache(catalogue)  # type: ignore[arg-type]
    cache.get_many([A])
    cache.get_many([A])
    assert catalogue.loaded == [[A], [A]]


def test_a_database_that_is_down_is_asked_for_its_version_once_a_second(
    catalogue: Catalogue, clock: list[float]
) -> None:
    cache = OfferCache(catalogue)  # type: ignore[arg-type]
    cache.get_many([A])
    clock[0] += 1
    catalogue.down = True
    for _ in range(2):
        with pytest.raises(UnavailableError):
            cache.get_many([A])
    catalogue.down = False
    assert cache.versions.get() is None
    clock[0] += 1
    assert cache.versions.get() == catalogue.version


def test_memory_is_bounded(catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(offer_cache, "MAX_OFFERS", 2)
    cache = OfferCache(catalogue)  # type: ignore[arg-type]
    for number in range(10, 20):
        cache.get_many([UUID(int=number)])
        assert len(cache._cached[1]) <= 3
