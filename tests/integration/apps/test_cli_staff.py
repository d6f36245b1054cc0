"""`oim staff`: accounts are named by their e-mail."""

import json
from pathlib import Path

import pytest

from oim.apps.cli import staff as commands
from oim.kit.db import Database
from oim.kit.errors import NotFoundError


@pytest.fixture(autouse=True)
def _settings(
    database: Database,
    postgres: str,
    valkey: str,
    ring_file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Settings that name the servers of the suite and its keys."""
    monkeypatch.setenv("OIM_DATABASE_URL", postgres)
    monkeypatch.setenv("OIM_VALKEY_URL", valkey)
    monkeypatch.setenv("OIM_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("OIM_KEYS_URL", ring_file.as_uri())


def test_an_account_is_disabled_by_its_email(capsys: pytest.CaptureFixture[str]) -> None:
    commands.invite("Ada@example.org", commands.RoleName.ANALYST, json_=True)
    assert json.loads(capsys.readouterr().out).keys() == {"id", "link"}
    with pytest.raises(NotFoundError, match=r"eve@example\.org"):
        commands.disable("eve@example.org")
    commands.disable("ada@example.org")
    capsys.readouterr()
    commands.list_(json_=True)
    (account,) = json.loads(capsys.readouterr().out)["accounts"]
    assert (account["email"], account["disabled"]) == ("ada@example.org", True)
