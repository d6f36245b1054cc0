"""The table of what runs: the servers, then the processes of OIM, in the order in which they start."""

from __future__ import annotations

import http.client
import os
import re
import secrets
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pydantic import SecretStr

from oim.apps.up import postgres, valkey
from oim.apps.up.children import Plan
from oim.apps.up.home import Home
from oim.apps.up.ports import LOOPBACK, first_free_port, free_port
from oim.kit.i18n import mark
from oim.kit.settings import EMBEDDED, Settings

WILDCARD_HOSTS = {"": LOOPBACK, "0.0.0.0": LOOPBACK, "::": "::1"}  # noqa: S104 (what is listened on, seen from here)


@dataclass(frozen=True, slots=True)
class Service:
    """One entry of the table: the setting that may send us elsewhere, if any, and how the child is run."""

    start_message: str
    setting: str | None
    plan: Callable[[Settings, Home], Plan]

    def is_embedded(self, settings: Settings) -> bool:
        """Whether we run it ourselves."""
        return self.setting is None or getattr(settings, self.setting) == EMBEDDED


ServiceTable = Mapping[str, Service]


def build_table(engine: Sequence[str], site: Sequence[str], worker: Sequence[str]) -> ServiceTable:
    """The services by name, with the commands of those that are ours."""
    return {
        "postgres": Service(mark("Starting the database"), "database_url", postgres.plan),
        "valkey": Service(mark("Starting the message store"), "valkey_url", valkey.plan),
        "engine": Service(
            mark("Starting the matching engine"), "engine_url", lambda *told: _plan_engine(engine, *told)
        ),
        "site": Service(
            mark("Starting the web pages and the API"), None, lambda *told: _plan_site(site, *told)
        ),
        "worker": Service(mark("Starting the worker"), None, lambda *told: _plan_worker(worker, *told)),
    }


def _plan_engine(command: Sequence[str], settings: Settings, _: Home) -> Plan:
    port = free_port()
    token = settings.engine_token.get_secret_value() or secrets.token_hex(24)
    resolved = settings.model_copy(
        update={"engine_url": f"http://{LOOPBACK}:{port}", "engine_token": SecretStr(token)}
    )
    return Plan(
        name="engine",
        command=command,
        settings=resolved,
        is_ready=lambda _: _is_healthy(LOOPBACK, port),
        environment=build_environment(resolved),
        start_timeout=120,
    )


def _plan_site(command: Sequence[str], settings: Settings, _: Home) -> Plan:
    port = first_free_port(settings.host, settings.port)
    resolved = settings.model_copy(update={"port": port})
    host = WILDCARD_HOSTS.get(settings.host, settings.host)
    return Plan(
        name="site",
        command=command,
        settings=resolved,
        is_ready=lambda _: _is_healthy(host, port),
        environment=build_environment(resolved),
    )


def _plan_worker(command: Sequence[str], settings: Settings, home: Home) -> Plan:
    return Plan(
        name="worker",
        command=[*command, "--schedule", str(home.run / "beat")],
        settings=settings,
        is_ready=lambda said: re.search(r"\bready\b", said) is not None,
        environment=build_environment(settings),
    )


def build_environment(settings: Settings) -> dict[str, str]:
    """This process's environment, with every setting as it was resolved."""
    values = {f"OIM_{name.upper()}": getattr(settings, name) for name in type(settings).model_fields}
    kept = {name: value for name, value in os.environ.items() if name.upper() not in values}
    return kept | {name: _plain_text(value) for name, value in values.items() if value is not None}


def _plain_text(value: object) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)


def site_address(settings: Settings) -> str:
    """Where people find the site: the public address, else as a browser on this machine does."""
    return settings.address.rstrip("/") or local_address(settings)


def local_address(settings: Settings) -> str:
    """Where a browser on this machine finds the site."""
    host = WILDCARD_HOSTS.get(settings.host, settings.host)
    return f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}"


def _is_healthy(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


SERVICES = build_table(
    engine=(sys.executable, "-m", "oim.apps.engine"),
    site=(sys.executable, "-m", "oim.apps.site"),
    worker=(
        *(sys.executable, "-m", "celery", "-A", "oim.apps.worker", "worker"),
        *("-B", "--concurrency", "2", "--loglevel", "INFO"),
    ),
)
