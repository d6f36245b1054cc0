"""A Valkey that hangs costs one time-out, its errors are no errors of ours, a restart is not noticed."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from structlog.testing import capture_logs

from oim.apps.up import running_services
from oim.kit import circuit_breaker
from oim.kit.cache import CACHE_UNAVAILABLE, Cache
from oim.kit.circuit_breaker import PAUSE
from oim.kit.errors import UnavailableError
from oim.kit.rate_limits import RateLimit, RateLimiter
from oim.kit.settings import Settings

LIMIT = RateLimit("cache-test", "1000 per minute")


@pytest.fixture(scope="module")
def own_valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a Valkey that nobody else uses."""
    home = tmp_path_factory.mktemp("own-valkey")
    with running_services(Settings(home=home), ("valkey",), lambda _, **values: None) as settings:
        yield settings.valkey_url


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    clock = [1000.0]
    monkeypatch.setattr(circuit_breaker, "monotonic", lambda: clock[0])
    return clock


@pytest.fixture
def cache(own_valkey: str, clock: list[float]) -> Iterator[Cache]:
    cache = Cache(own_valkey, timeout=0.2)
    yield cache
    cache.close()


@pytest.fixture
def tries(cache: Cache, monkeypatch: pytest.MonkeyPatch) -> list[None]:
    """One element for each time that a connection was taken, to send something."""
    tries: list[None] = []
    get_connection = cache.connection_pool.get_connection

    def count(*args: Any, **options: Any) -> Any:
        tries.append(None)
        return get_connection(*args, **options)

    monkeypatch.setattr(cache.connection_pool, "get_connection", count)
    return tries


def ping(cache: Cache) -> bool:
    with cache.commands() as commands:
        return bool(commands.ping())


@contextmanager
def frozen(cache: Cache) -> Iterator[None]:
    """Stop the server's process for the block: it accepts connections, and never answers."""
    with cache.commands() as commands:
        process = commands.info("server")["process_id"]
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process, signal.SIGCONT)


def test_a_server_that_hangs_costs_one_time_out(cache: Cache, tries: list[None], clock: list[float]) -> None:
    limiter = RateLimiter(cache)
    limiter.hit([(LIMIT, "somebody")])
    calls = (
        lambda: ping(cache),
        lambda: limiter.hit([(LIMIT, "x")]),
        lambda: cache.run_script("return 1", []),
    )
    with frozen(cache):
        tries.clear()
        for call in calls * 3:
            with pytest.raises(UnavailableError, match="does not answer"):
                call()
        assert len(tries) == 1, "the others failed at once"
        clock[0] += PAUSE
        for call in calls:
            with pytest.raises(UnavailableError):
                call()
        assert len(tries) == 2, "one tried again"
    clock[0] += PAUSE
    assert ping(cache)
    for call in calls:
        call()


def test_connections_that_the_server_closed_are_replaced(cache: Cache) -> None:
    assert ping(cache)
    killer = Cache(cache.url)
    with killer.commands() as commands:
        commands.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
    killer.close()
    assert ping(cache)


def test_a_server_that_is_away_is_unavailable_and_asked_again(clock: list[float]) -> None:
    away = Cache("redis://127.0.0.1:1/0")
    for _ in range(2):
        with pytest.raises(UnavailableError, match="does not answer"):
            ping(away)
    assert away._breaker.admit(), "a refusal costs no time"


def test_an_error_of_the_server_is_told_and_logged(cache: Cache) -> None:
    with (
        capture_logs() as log,
        pytest.raises(UnavailableError) as raised,
        cache.commands() as commands,
    ):
        commands.execute_command("GOT", "a secret")
    assert raised.value.message == CACHE_UNAVAILABLE
    [line] = log
    assert line["event"] == "Valkey refused a command"
    assert line["name"] == "unknown", "the first word of the answer"
    assert "secret" not in str(line)
    assert ping(cache)


def test_a_full_server_is_unavailable(cache: Cache) -> None:
    with cache.commands() as commands:
        commands.config_set("maxmemory", "1")
    try:
        with pytest.raises(UnavailableError):
            RateLimiter(cache).hit([(LIMIT, "somebody")])
    finally:
        with suppress(UnavailableError), cache.commands() as commands:
            commands.config_set("maxmemory", "0")
