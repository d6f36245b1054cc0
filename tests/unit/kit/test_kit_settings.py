"""Settings are read from `OIM_…` variables alone, validated, and hide secrets."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from oim.kit.settings import EMBEDDED, Settings


@pytest.fixture(autouse=True)
def clear_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"OIM_{name.upper()}", raising=False)


def test_by_default_everything_is_embedded_and_only_this_machine_is_served() -> None:
    settings = Settings()
    engines = (settings.database_url, settings.valkey_url, settings.engine_url, settings.index_url)
    assert set(engines) == {EMBEDDED}
    assert settings.embedder_url == EMBEDDED
    assert settings.host == "127.0.0.1"


def test_settings_are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OIM_DATABASE_URL", "postgresql://someone@db/oim")
    monkeypatch.setenv("OIM_HOME", str(tmp_path))
    monkeypatch.setenv("OIM_PORT", "9000")
    monkeypatch.setenv("OIM_NEVER_HEARD_OF", "x")
    settings = Settings()
    assert settings.database_url == "postgresql://someone@db/oim"
    assert settings.port == 9000
    assert settings.index_folder == tmp_path / "index"


def test_the_index_folder_is_absolute(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert Settings().index_folder == tmp_path / ".oim" / "index"


@pytest.mark.parametrize(
    ("name", "value"), [("PORT", "eighty"), ("LOG_LEVEL", "LOUD"), ("LOG_FORMAT", "xml")]
)
def test_an_unusable_value_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"OIM_{name}", value)
    with pytest.raises(ValidationError, match=name.lower()):
        Settings()


def test_settings_are_immutable_and_hide_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OIM_ENGINE_TOKEN", "t0p-secret")
    monkeypatch.setenv("OIM_INDEX_KEY", "k3y-secret")
    settings = Settings()
    assert settings.engine_token.get_secret_value() == "t0p-secret"
    assert "t0p" not in repr(settings)
    assert "k3y" not in settings.model_dump_json()
    with pytest.raises(ValidationError):
        settings.port = 1
