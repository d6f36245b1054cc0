"""What does not work, as processes write it and others read it."""

import errno
from datetime import UTC, datetime
from pathlib import Path

import pytest

from oim.kit import disk, files
from oim.kit.faults import Fault, is_supervised, publish_faults, read_faults, withdraw_faults

SINCE = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
FAULT = Fault("worker", "killed by SIGKILL", SINCE, "the last line")


@pytest.fixture(autouse=True)
def roomy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "measure_disk", lambda _: (10**12, 10**12))


def test_faults_of_all_processes_are_read_until_they_are_withdrawn(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    assert publish_faults(tmp_path, "stack", {"site": None, "worker": FAULT})
    assert publish_faults(tmp_path, "worker", {"urgent": Fault("urgent", "exit status 1")})
    assert read_faults(tmp_path) == (FAULT, Fault("urgent", "exit status 1"))
    assert is_supervised(tmp_path)
    withdraw_faults(tmp_path)
    assert read_faults(tmp_path) == ()
    assert not is_supervised(tmp_path)


def test_a_home_in_which_nobody_runs_has_no_faults_and_takes_none(tmp_path: Path) -> None:
    assert publish_faults(tmp_path, "stack", {"worker": FAULT}), "what is done is not tried again"
    assert read_faults(tmp_path) == ()


def test_what_cannot_be_written_is_not_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "run").mkdir()

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files, "write_private", refuse)
    assert not publish_faults(tmp_path, "stack", {"worker": FAULT})


@pytest.mark.parametrize("content", ["", "[]", "{", '{"worker": 1}', '{"worker": {"ready": false}}'])
def test_a_broken_file_says_nothing(tmp_path: Path, content: str) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "stack.health.json").write_text(content)
    assert read_faults(tmp_path) == ()


def test_a_full_disk_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "measure_disk", lambda _: (1, 10**12))
    assert read_faults(tmp_path) == (Fault("disk", "full"),)
