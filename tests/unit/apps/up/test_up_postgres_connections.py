"""The embedded PostgreSQL has as many connections as the processes of the site may open."""

from pathlib import Path

import pytest

from oim.apps.up.postgres import CONNECTIONS, CONNECTIONS_OF_SITE, _list_options
from oim.apps.up.postgres_roles import Server
from oim.kit.db import Database
from oim.kit.settings import Settings


@pytest.mark.parametrize(("processes", "connections"), [(1, CONNECTIONS), (4, CONNECTIONS + 84), (64, 1864)])
def test_each_further_process_has_its_connections(processes: int, connections: int) -> None:
    settings = Settings(home=Path("home"), site_processes=processes)
    options = _list_options(settings, Server("127.0.0.1", 5432, {}))
    assert options["max_connections"] == connections


def test_a_process_opens_no_more() -> None:
    database = Database("postgresql://localhost/oim")
    pools = [engine.pool for engine in vars(database).values() if hasattr(engine, "pool")]
    assert len(pools) == 4
    assert sum(pool.size() + pool._max_overflow for pool in pools) == CONNECTIONS_OF_SITE
    database.close()
