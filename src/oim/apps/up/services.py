"""The table of services: the servers, then OIM's own processes, in the order in which they start."""

from __future__ import annotations

import http.client
import secrets
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pydantic import SecretStr

from oim.apps.up import postgres, valkey
from oim.apps.up.children import Plan
from oim.apps.up.home import Home
from oim.apps.up.ports import LOOPBACK, first_free_port, free_port
from oim.kit.environment import clean_environment
from oim.kit.i18n import mark
from oim.kit.settings import EMBEDDED, Settings
from oim.kit.tasks import Queue

# Hosts that mean "listen on every address", and where such a server is reached from this machine.
WILDCARD_HOSTS = {"": LOOPBACK, "0.0.0.0": LOOPBACK, "::": "::1"}  # noqa: S104 (nothing is bound here)

WITHHELD = {"database_owner_url"}  # settings of whoever migrates, before the other processes start
OBSTACLE_LIMIT = 300  # bytes of an answer that are quoted where a process does not become ready


@dataclass(frozen=True, slots=True)
class Service:
    """One service: what to print when it starts, the setting of its URL if it has one, and how to run it."""

    start_message: str
    setting: str | None  # names a server run by somebody else, unless its value is `embedded`
    plan: Callable[[Settings, Home], Plan]

    def is_embedded(self, settings: Settings) -> bool:
        """Return whether we run this service ourselves."""
        return self.setting is None or getattr(settings, self.setting) == EMBEDDED


ServiceTable = Mapping[str, Service]


def build_table(engine: Sequence[str], site: Sequence[str], worker: Sequence[str]) -> ServiceTable:
    """Build the services by name, from the commands that start OIM's own processes."""
    # The order matters: each plan gets the settings resolved by those before it. The site serves only once
    # the database, the message store and the engine have addresses.
    return {
        "postgres": Service(mark("Starting the database"), "database_url", postgres.plan),
        "valkey": Service(mark("Starting the message store"), "valkey_url", valkey.plan),
        "engine": Service(
            mark("Starting the matching engine"), "engine_url", lambda *args: _plan_engine(engine, *args)
        ),
        "site": Service(
            mark("Starting the web pages and the API"), None, lambda *args: _plan_site(site, *args)
        ),
        "worker": Service(mark("Starting the workers"), None, lambda *args: _plan_worker(worker, *args)),
    }


def _plan_engine(command: Sequence[str], settings: Settings, _: Home) -> Plan:
    """Plan the matching engine on a free port of the loopback address, with a new token if none is set."""
    port = free_port()
    token = settings.engine_token.get_secret_value() or secrets.token_hex(24)
    resolved = settings.model_copy(
        update={"engine_url": f"http://{LOOPBACK}:{port}", "engine_token": SecretStr(token)}
    )
    return Plan(
        name="engine",
        command=command,
        settings=resolved,
        probe=lambda _: _probe_health(LOOPBACK, port),
        environment=build_environment(resolved),
        start_timeout=120,
    )


def _plan_site(command: Sequence[str], settings: Settings, _: Home) -> Plan:
    """Plan the site on `OIM_HOST`, on the preferred port or the next free one."""
    port = first_free_port(settings.host, settings.port)
    resolved = settings.model_copy(update={"port": port})
    host = WILDCARD_HOSTS.get(settings.host, settings.host)
    return Plan(
        name="site",
        command=command,
        settings=resolved,
        probe=lambda _: _probe_health(host, port),
        environment=build_environment(resolved),
    )


def _plan_worker(command: Sequence[str], settings: Settings, home: Home) -> Plan:
    """Plan the workers of all queues, and their scheduler, which keeps its last run times in the home."""
    return Plan(
        name="worker",
        command=[*command, "--schedule", str(home.run / "beat")],
        settings=settings,
        # They listen on no port; those of each queue say so once they have reached the broker.
        probe=lambda log: None if all(f"{queue} workers are ready" in log for queue in Queue) else "",
        environment=build_environment(settings),
    )


def build_environment(settings: Settings) -> dict[str, str]:
    """Return this process's environment with every `OIM_…` variable replaced by the resolved setting.

    Those of `WITHHELD` are left out: no other process needs them.
    """
    values = {
        f"OIM_{name.upper()}": None if name in WITHHELD else getattr(settings, name)
        for name in type(settings).model_fields
    }
    # Settings ignore case, so `oim_port` must go too: it would contradict the `OIM_PORT` added here.
    inherited = {name: value for name, value in clean_environment().items() if name.upper() not in values}
    return inherited | {name: _plain_text(value) for name, value in values.items() if value is not None}


def _plain_text(value: object) -> str:
    """Return a setting as an environment variable holds it; secrets too, which `str` would mask."""
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)


def site_address(settings: Settings) -> str:
    """Return the URL for links to the site: the public address if set, else the local one."""
    return settings.address.rstrip("/") or local_address(settings)


def local_address(settings: Settings) -> str:
    """Return the URL of the site for a browser on this machine."""
    host = WILDCARD_HOSTS.get(settings.host, settings.host)
    # An IPv6 address stands in brackets in a URL: `http://[::1]:8000`.
    return f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}"


def _probe_health(host: str, port: int) -> str | None:
    """Return None if `GET /healthz` answers 200 within 2 seconds, else what came instead."""
    connection = http.client.HTTPConnection(host, port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        response = connection.getresponse()
        if response.status == http.HTTPStatus.OK:
            return None
        # The body names the part that fails: `{"status": "failing", "engine": "unavailable", …}`.
        came = f"{response.status} {response.reason} {response.read(OBSTACLE_LIMIT).decode(errors='replace')}"
    except (OSError, http.client.HTTPException) as error:
        came = str(error) or type(error).__name__
    finally:
        connection.close()
    return f"GET http://{host}:{port}/healthz: {came.rstrip()}"


SERVICES = build_table(
    engine=(sys.executable, "-m", "oim.apps.engine"),
    site=(sys.executable, "-m", "oim.apps.site"),
    worker=(sys.executable, "-m", "oim.apps.worker"),
)
