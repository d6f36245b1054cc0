"""Valkey (or Redis): short-lived data that processes share. Callers seal what is personal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import redis

from oim.kit.errors import UnavailableError
from oim.kit.i18n import mark

TIMEOUT = 3.0  # seconds
CACHE_UNAVAILABLE = mark("The message store does not answer. Try again in a moment.")


class Cache:
    """A client of one Valkey server, by its URL (`redis://:password@host:port/0`)."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._client: Any = redis.Redis.from_url(
            url, socket_connect_timeout=TIMEOUT, socket_timeout=TIMEOUT, health_check_interval=30
        )
        self._scripts: dict[str, Any] = {}  # by their source, each registered once

    @contextmanager
    def commands(self) -> Iterator[Any]:
        """Yield the client, for commands. Raises UnavailableError when the server does not answer."""
        try:
            yield self._client
        # Only failures to reach the server: an error that it answers with is a bug of ours.
        except (redis.ConnectionError, redis.TimeoutError) as error:
            raise UnavailableError(CACHE_UNAVAILABLE) from error

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
