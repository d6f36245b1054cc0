"""A process that is started by its module tells what is wrong with its settings in one line."""

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from oim.apps import engine, site, worker
from oim.apps.process_start import SWITCH_INTERVAL, load_settings
from oim.kit.crypto import RingFile
from oim.kit.settings import Settings

SECRET = "s3cret"
BAD_URL = f"mtn://user:{SECRET}@gateway.example/send"
STARTS: dict[str, Callable[[], object]] = {
    "site": site.main,
    "engine": engine.main,
    "worker": lambda: worker.main([]),
}


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"OIM_{name.upper()}", raising=False)
    monkeypatch.setenv("OIM_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def _start(process: str, capsys: pytest.CaptureFixture[str]) -> tuple[object, str]:
    with pytest.raises(SystemExit) as end:
        STARTS[process]()
    printed = capsys.readouterr()
    assert printed.out == ""
    assert len(printed.err.splitlines()) == 1
    assert SECRET not in printed.err
    return end.value.code, printed.err


@pytest.mark.parametrize("process", STARTS)
@pytest.mark.parametrize(
    ("name", "value"), [("OIM_SMS_URL", BAD_URL), ("OIM_PORT", "many"), ("OIM_KEYS", "/ring.json")]
)
def test_a_setting_that_cannot_be_used_is_exit_2(
    process: str, name: str, value: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    home: Path,
) -> None:  # fmt: skip
    monkeypatch.setenv(name, value)
    code, line = _start(process, capsys)
    assert code == 2
    assert name in line
    assert not home.exists()


@pytest.mark.parametrize("process", STARTS)
def test_without_servers_a_process_that_is_started_alone_is_exit_1(
    process: str, capsys: pytest.CaptureFixture[str], home: Path
) -> None:
    RingFile(home / "keys" / "ring.json").create()
    code, line = _start(process, capsys)
    assert code == 1
    assert "oim up" in line


def test_threads_take_turns_at_short_intervals(request: pytest.FixtureRequest) -> None:
    request.addfinalizer(partial(sys.setswitchinterval, sys.getswitchinterval()))
    sys.setswitchinterval(0.005)
    load_settings()
    assert sys.getswitchinterval() == pytest.approx(SWITCH_INTERVAL)
