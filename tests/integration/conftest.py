"""A real PostgreSQL for the whole suite, emptied before each test that asks for it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from oim.apps.up import running
from oim.kit.db import Base, Database
from oim.kit.db.migrate import migrate
from oim.kit.settings import Settings


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a migrated database."""
    home: Path = tmp_path_factory.mktemp("postgres")
    with running(Settings(home=home), ("postgres",), lambda _, **values: None) as settings:
        migrate(settings.database_url)
        yield settings.database_url


@pytest.fixture
def database(postgres: str) -> Iterator[Database]:
    """The database, its tables empty."""
    held = Database(postgres)
    with held.write() as session:
        session.execute(text("TRUNCATE " + ", ".join(Base.metadata.tables) + " RESTART IDENTITY CASCADE"))
    yield held
    held.close()
