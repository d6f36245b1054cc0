"""Valkey (or Redis): short-lived data that processes share. Callers seal what is personal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from oim.kit.circuit_breaker import CircuitBreaker
from oim.kit.errors import UnavailableError
from oim.kit.i18n import mark
from oim.kit.telemetry import logger

TIMEOUT = 0.4  # seconds; Valkey answers within a millisecond, and somebody waits for the page
CACHE_UNAVAILABLE = mark("The message store does not answer. Try again in a moment.")


class Cache:
    """A client of one Valkey server, by its URL (`redis://:password@host:port/0`).

    `timeout`: seconds for which a command waits. After it, calls fail at once for a while: a server that
    hangs costs its callers one time-out, not one each.
    """

    def __init__(self, url: str, timeout: float = TIMEOUT) -> None:
        self.url = url
        self._client: Any = redis.Redis.from_url(
            url,
            socket_connect_timeout=timeout,
            socket_timeout=timeout,
            health_check_interval=30,
            # Once more on a connection that the server closed, as it does when it restarts; but whoever has
            # waited for the timeout does not wait for another.
            retry=Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,)),
        )
        self._breaker = CircuitBreaker()
        self._scripts: dict[str, Any] = {}  # by their source, each registered once

    @property
    def connection_pool(self) -> Any:
        """The connections, for a library that has a client of its own; use it within `commands`."""
        return self._client.connection_pool

    @contextmanager
    def commands(self) -> Iterator[Any]:
        """Yield the client, for commands. Raises UnavailableError when the server does not serve them."""
        if not self._breaker.admit():
            raise UnavailableError(CACHE_UNAVAILABLE)
        try:
            yield self._client
        except redis.TimeoutError as error:
            if self._breaker.note_timeout():
                logger(__name__).warning("Valkey does not answer in time")
            raise UnavailableError(CACHE_UNAVAILABLE) from error
        except redis.ConnectionError as error:
            self._breaker.note_answer()  # a refusal, which costs no time
            raise UnavailableError(CACHE_UNAVAILABLE) from error
        except redis.RedisError as error:
            self._breaker.note_answer()
            _log_error(error)
            raise UnavailableError(CACHE_UNAVAILABLE) from error
        else:
            self._breaker.note_answer()

    def run_script(self, script: str, keys: list[str], *arguments: object) -> Any:
        """Run a Lua script on the server and return its result. Raises UnavailableError.

        The server runs one script at a time and nothing else meanwhile, so its reads and writes are atomic.
        """
        if script not in self._scripts:
            self._scripts[script] = self._client.register_script(script)
        with self.commands():
            return self._scripts[script](keys=keys, args=list(arguments))

    def close(self) -> None:
        """Close all connections."""
        self._client.close()


def _log_error(error: redis.RedisError) -> None:
    """Log an error that the server answered with: it may be out of memory or disk, or the fault is ours."""
    # The first word alone is the server's name for it (`OOM`, `MISCONF`, `WRONGTYPE`): keys may follow.
    name = str(error).partition(" ")[0] if isinstance(error, redis.ResponseError) else ""
    logger(__name__).error("Valkey refused a command", error=type(error).__name__, name=name)
