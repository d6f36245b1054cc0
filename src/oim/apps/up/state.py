"""What a running stack tells the other commands on the same home: its process, its address, its settings."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pydantic import SecretStr

from oim.apps.up.home import Home, read_json, write_json
from oim.kit.settings import EMBEDDED, Settings

URL_SETTINGS = ("database_url", "valkey_url", "engine_url")


@dataclass(frozen=True, slots=True)
class State:
    """`address` is the site's, empty where no site runs; `urls` may hold `embedded` for what does not run."""

    pid: int
    address: str
    urls: Mapping[str, str]
    engine_token: str

    def has_servers(self, names: Iterable[str]) -> bool:
        """Whether the servers behind these settings can be reached."""
        return all(self.urls[name] != EMBEDDED for name in names)

    def resolve(self, settings: Settings) -> Settings:
        """These settings with the URLs of what runs, except where they name a server of their own."""
        found = {name: url for name, url in self.urls.items() if getattr(settings, name) == EMBEDDED}
        token = {"engine_token": SecretStr(self.engine_token)} if "engine_url" in found else {}
        return settings.model_copy(update={"home": settings.home.absolute(), **found, **token})


def publish_state(home: Home, settings: Settings, address: str) -> None:
    """Let other commands use the servers of this process."""
    urls = {name: getattr(settings, name) for name in URL_SETTINGS}
    token = settings.engine_token.get_secret_value()
    write_json(home.state, {"pid": os.getpid(), "address": address, "urls": urls, "engine_token": token})


def read_state(home: Home) -> State | None:
    """What was published last, if it was not withdrawn."""
    told = read_json(home.state)
    return State(**told) if told else None


def withdraw_state(home: Home) -> None:
    """Let no other command begin to use the servers."""
    home.state.unlink(missing_ok=True)
