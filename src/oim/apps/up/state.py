"""The state that a running stack publishes for other commands on the same home: its pid, address and URLs."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pydantic import SecretStr

from oim.apps.up.home import Home, read_json, write_json
from oim.kit.settings import EMBEDDED, Settings

# Only these: the index is opened by the engine's process alone, which the other commands call.
URL_SETTINGS = ("database_url", "valkey_url", "engine_url")


@dataclass(frozen=True, slots=True)
class State:
    """What one running stack published."""

    pid: int
    address: str  # of the site; empty where no site runs
    urls: Mapping[str, str]  # by setting; `embedded` where that server does not run
    engine_token: str

    def has_servers(self, names: Iterable[str]) -> bool:
        """Return whether the servers of all these settings run."""
        return all(self.urls[name] != EMBEDDED for name in names)

    def resolve(self, settings: Settings) -> Settings:
        """Return the settings with the URLs of the running servers and site, where they name no others."""
        urls = {name: url for name, url in self.urls.items() if getattr(settings, name) == EMBEDDED}
        token = {"engine_token": SecretStr(self.engine_token)} if "engine_url" in urls else {}
        # Links that a command prints lead to the site that runs, whose port may not be the preferred one.
        address = {"address": settings.address or self.address}
        return settings.model_copy(update={"home": settings.home.absolute(), **urls, **token, **address})


def publish_state(home: Home, settings: Settings, address: str) -> None:
    """Write the state file, so that other commands can use the servers of this process."""
    urls = {name: getattr(settings, name) for name in URL_SETTINGS}
    token = settings.engine_token.get_secret_value()
    write_json(home.state, {"pid": os.getpid(), "address": address, "urls": urls, "engine_token": token})


def read_state(home: Home) -> State | None:
    """Read the published state; None if there is none, or it was withdrawn."""
    values = read_json(home.state)
    return State(**values) if values else None


def withdraw_state(home: Home) -> None:
    """Delete the state file, so that no further command begins to use the servers."""
    home.state.unlink(missing_ok=True)
