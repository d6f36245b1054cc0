"""The state that a running stack publishes for other commands on the same home: its pid, address and URLs."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pydantic import SecretStr

from oim.apps.up.home import Home, read_json, write_json
from oim.kit.faults import withdraw_faults
from oim.kit.settings import EMBEDDED, Settings
from oim.kit.telemetry import logger

POLL_INTERVAL = 1.0  # seconds between two looks at the state of others

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
    """Delete the state file, so that no further command begins to use the servers.

    With it goes what says how its processes do.
    """
    home.state.unlink(missing_ok=True)
    withdraw_faults(home.root)


def end_with_servers(settings: Settings) -> None:
    """Have this process end in an orderly way (SIGTERM) once another's servers that it uses are to stop.

    For processes that serve until they are stopped: whoever has started the servers waits for the commands
    that use them, and would wait for these without end.
    """
    home = Home(settings.home)
    state = read_state(home)
    if state is None or state.pid == os.getpid():
        return
    if any(getattr(settings, name) == url != EMBEDDED for name, url in state.urls.items()):
        threading.Thread(target=_end_after, args=(home, state), daemon=True).start()


def _end_after(home: Home, state: State) -> None:
    """End this process when the state is withdrawn, or its process was killed and could not withdraw it."""
    while read_state(home) == state and _is_running(state.pid):
        time.sleep(POLL_INTERVAL)
    logger(__name__).warning("the servers are stopping", owner=state.pid)
    os.kill(os.getpid(), signal.SIGTERM)


def _is_running(pid: int) -> bool:
    """Whether a process runs; one of another user's cannot be signalled, but does."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
