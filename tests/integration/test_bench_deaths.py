"""The drills of a whole `oim up` do what they say: kill what lives as often as it does, and fill a disk."""

from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest
from bench.deaths import fill_disk, is_well, kill_again_and_again, wait_for


class Victim:
    """It stands for a process: it counts how often it was killed, and is gone at the second time."""

    def __init__(self) -> None:
        self.kills = 0

    def kill(self) -> None:
        self.kills += 1
        if self.kills > 1:
            raise psutil.NoSuchProcess(1)


def test_what_lives_is_killed_and_what_is_gone_is_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    instants = iter([0, 1, 2, 3, 5])
    clock = SimpleNamespace(monotonic=lambda: next(instants), sleep=lambda _: None)
    monkeypatch.setattr("bench.deaths.time", clock)
    victim = Victim()
    assert kill_again_and_again(lambda: victim if victim.kills < 2 else None, 4) == 1
    assert victim.kills == 2


def test_a_disk_is_filled_until_nothing_fits() -> None:
    fill_disk(Path("/dev/full"))  # it returns


def test_waiting_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bench.deaths.POLL", 0)
    assert wait_for(lambda: True) < 60
    with pytest.raises(TimeoutError):
        wait_for(lambda: False, patience=0)


@pytest.mark.parametrize(
    ("answer", "well"),
    [
        ((200, b'{"degraded": []}'), True),
        ((200, b'{"degraded": [1]}'), False),
        ((503, b"{}"), False),
        ((0, b""), False),
    ],
)
def test_well_is_what_answers_and_lacks_nothing(answer: tuple[int, bytes], well: bool) -> None:
    assert is_well(lambda *_, **__: answer) is well
