"""What libraries read of the environment for themselves is dropped; everything else stays."""

import os

import pytest

from oim.kit.environment import clean_environment, drop_foreign_variables

FOREIGN = {
    "PGHOSTADDR": "127.0.0.9",
    "PGSERVICE": "prod",
    "PGOPTIONS": "-c default_transaction_read_only=on",
    "PGDATA": "/elsewhere",
    "CELERY_BROKER_URL": "redis://elsewhere",
    "CELERY_CONFIG_MODULE": "elsewhere",
    "WEB_CONCURRENCY": "4",
}
KEPT = {"OIM_PORT": "1", "HTTP_PROXY": "http://proxy", "PATH": "/bin", "LC_ALL": "C", "XPGHOST": "kept"}


@pytest.fixture(autouse=True)
def _surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (FOREIGN | KEPT).items():
        monkeypatch.setenv(name, value)


def test_a_child_gets_none_of_them() -> None:
    environment = clean_environment()
    assert not environment.keys() & FOREIGN.keys()
    assert environment.items() >= KEPT.items()
    assert os.environ.items() >= FOREIGN.items(), "the process itself should keep them"


def test_a_process_drops_them() -> None:
    drop_foreign_variables()
    assert not os.environ.keys() & FOREIGN.keys()
    assert os.environ.items() >= KEPT.items()
