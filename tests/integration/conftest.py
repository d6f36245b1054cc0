"""A real PostgreSQL for the whole suite, emptied before each test that asks for it.

In every test nothing may wait while a database session is open: see `session_guard`.
"""

import math
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from argon2 import PasswordHasher
from bench.superuser import superuser_url
from session_guard import SessionGuard
from superuser_factory import Tamper, open_tamper

from oim.apps.up import running_services
from oim.bootstrap import migrate_database
from oim.features.sign_in import Sessions, SignInServices
from oim.kit import clock
from oim.kit.cache import Cache
from oim.kit.crypto import RingFile, Vault, create_ring
from oim.kit.db import Base, Database
from oim.kit.rate_limits import RateLimiter
from oim.kit.settings import Settings


@pytest.fixture(autouse=True, scope="module")
def _quick_hashes() -> Iterator[None]:
    """Hash PINs and passwords by Argon2 at its quickest: its strength is tested in `tests/unit/kit`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("oim.kit.crypto.password_hash._HASHER", PasswordHasher(1, 8, 1))
        yield


@pytest.fixture(scope="session")
def session_guard() -> SessionGuard:
    """The guard of this process, installed once."""
    guard = SessionGuard()
    guard.install()
    return guard


@pytest.fixture(autouse=True)
def no_wait_in_a_session(session_guard: SessionGuard) -> Iterator[None]:
    """Fail a test in which something waited in an open session, also where the error was caught."""
    session_guard.refused.clear()
    yield
    assert session_guard.refused == []


@pytest.fixture(autouse=True)
def one_host(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the clock that a test sets: the database's, which nobody sets, is not asked for the time."""
    monkeypatch.setattr(clock, "_SKEW", clock._Skew(measure_at=math.inf))


@pytest.fixture
def nested_sessions(session_guard: SessionGuard, no_wait_in_a_session: None) -> Iterator[None]:
    """Let a test open sessions one inside the other, to see what transactions at the same time do."""
    with session_guard.pause():
        yield


@pytest.fixture(scope="session")
def postgres_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Settings that reach a migrated database, as the application and as the owner of its tables."""
    home: Path = tmp_path_factory.mktemp("postgres")
    with running_services(Settings(home=home), ("postgres",), lambda _, **values: None) as settings:
        # Nobody keeps what tests write: no commit waits for the disk.
        with closing(psycopg.connect(superuser_url(settings), autocommit=True)) as connection:
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("SELECT pg_reload_conf()")
        migrate_database(settings)
        yield settings


@pytest.fixture(scope="session")
def postgres(postgres_settings: Settings) -> str:
    """The URL of a migrated database, as the application: what it may not do, no test does unseen."""
    return postgres_settings.database_url


@pytest.fixture(scope="session")
def superuser(postgres_settings: Settings) -> str:
    """The URL of that database as its superuser, who may do what the application may not."""
    return superuser_url(postgres_settings)


@pytest.fixture(scope="session")
def tamper(superuser: str) -> Iterator[Tamper]:
    """Execute statements past every right and every trigger."""
    with open_tamper(superuser) as execute:
        yield execute


@pytest.fixture(scope="session")
def ring_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The keys of the whole suite."""
    file = tmp_path_factory.mktemp("keys") / "ring.json"
    create_ring(file)
    return file


@pytest.fixture(scope="session")
def vault(ring_file: Path) -> Vault:
    return Vault(RingFile(ring_file))


@pytest.fixture(scope="session")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a Valkey."""
    home: Path = tmp_path_factory.mktemp("valkey")
    with running_services(Settings(home=home), ("valkey",), lambda _, **values: None) as settings:
        yield settings.valkey_url


@pytest.fixture
def sign_in(valkey: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[SignInServices]:
    """The services of signing in, over an empty Valkey and without the minimum response time."""
    monkeypatch.setattr("oim.features.sign_in.service.MIN_RESPONSE_TIME", 0)
    cache = Cache(valkey)
    with cache.commands() as ask:
        ask.flushall()
    yield SignInServices(cache, RateLimiter(cache), Sessions(cache))
    cache.close()


@pytest.fixture(scope="session")
def connected_database(postgres: str, vault: Vault) -> Iterator[Database]:
    """The database with its connections open: new ones, and compiling for them, cost more than most tests."""
    database = Database(postgres, vault)
    yield database
    database.close()


@pytest.fixture
def database(connected_database: Database, tamper: Tamper) -> Database:
    """The database, its tables empty."""
    # Some thirty times as fast as TRUNCATE where there are few rows.
    tamper(*(f"DELETE FROM {name}" for name in Base.metadata.tables))
    return connected_database
