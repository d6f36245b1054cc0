"""Valkey (or Redis): what is short-lived and shared by processes. What is personal goes in sealed."""

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
    """One Valkey, reached by its URL (`redis://:password@host:port/0`)."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._client: Any = redis.Redis.from_url(
            url, socket_connect_timeout=TIMEOUT, socket_timeout=TIMEOUT, health_check_interval=30
        )
        self._scripts: dict[str, Any] = {}

    @contextmanager
    def commands(self) -> Iterator[Any]:
        """The client's commands. Raises UnavailableError when the server does not answer."""
        try:
            yield self._client
        except (redis.ConnectionError, redis.TimeoutError) as error:
            raise UnavailableError(
                mark("The message store does not answer. Try again in a moment.")
            ) from error

    def run_script(self, script: str, keys: list[str], *arguments: object) -> Any:
        """What a Lua script returns, run alone on the server. Raises UnavailableError."""
        if script not in self._scripts:
            self._scripts[script] = self._client.register_script(script)
        with self.commands():
            return self._scripts[script](keys=keys, args=list(arguments))

    def close(self) -> None:
        self._client.close()
