"""`oim serve engine` without a token is refused before anything starts."""

from pathlib import Path

import pytest

from oim.apps.cli import serve
from oim.kit.errors import BadInputError


def test_an_engine_without_a_secret_is_not_served(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OIM_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("OIM_ENGINE_TOKEN", raising=False)
    with pytest.raises(BadInputError, match="OIM_ENGINE_TOKEN"):
        serve.engine()
    assert not (tmp_path / "home").exists()
