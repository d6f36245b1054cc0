"""The whole product with the sample offers, for as long as a measurement takes."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from oim.apps.cli.database import prepare_database
from oim.apps.cli.tools import create_tools, load_sample
from oim.apps.up import running_services
from oim.apps.up.ports import LOOPBACK
from oim.kit.settings import Settings

SERVERS = ("postgres", "valkey", "engine", "site")


@contextmanager
def running_stack() -> Iterator[Settings]:
    """Start the servers, the engine and the site in a folder that is deleted afterwards; yield settings.

    What a measurement sends is believed about the address it comes from.
    """
    with tempfile.TemporaryDirectory(prefix="oim-bench-") as folder:
        settings = Settings(home=Path(folder) / "home", port=0, proxies=LOOPBACK)
        with running_services(settings, SERVERS, report_nothing, prepare_database) as running:
            load_sample(create_tools(running))
            yield running


def report_nothing(_: str, /, **values: object) -> None:
    """Ignore the progress of starting services."""
