"""What the supervisor does at each look: children whose port is taken, and the disk with the logs."""

import errno
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from oim.apps.backoff import Backoff
from oim.apps.up import supervisor, watched_child
from oim.apps.up.children import PortTakenError
from oim.apps.up.part_messages import back_message
from oim.apps.up.watched_child import WatchedChild
from oim.kit.disk import DiskLevel
from oim.kit.faults import Fault

FULL = OSError(errno.ENOSPC, "No space left on device")


class StandIn:
    """A child that died, and whose port is taken for some starts after some on a full disk."""

    def __init__(self, taken: int = 0, full: int = 0) -> None:
        self.plan = SimpleNamespace(name="site")
        self.taken = taken
        self.full = full
        self.starts = 0
        self.limits: list[bool] = []

    def is_alive(self) -> bool:
        return False

    def start(self) -> None:
        self.starts += 1
        if self.starts <= self.full:
            raise FULL

    def check_ready(self) -> bool:
        if self.starts <= self.taken:
            raise PortTakenError("The port of %(name)s was taken. Start again.", name="site")
        return True

    def stop(self) -> None:
        pass

    def describe_end(self) -> str:
        return "exit status 1"

    def last_line(self) -> str:
        return ""

    def limit_log(self, *, drop: bool) -> None:
        self.limits.append(drop)


def watch(child: Any, said: list[str]) -> WatchedChild:
    return WatchedChild(child, lambda message, **_: said.append(message))


@pytest.mark.parametrize(("obstacle", "cause"), [("taken", "was taken"), ("full", "No space left")])
def test_a_child_that_cannot_start_for_a_while_runs_again(
    obstacle: str, cause: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watched_child, "BACKOFF", Backoff(first=0, longest=0))
    child, said = StandIn(**{obstacle: 7}), list[str]()
    watched = watch(child, said)
    faults = []
    for _ in range(40):
        watched.look()
        faults.append(watched.fault)
        if child.starts and watched.fault is None:
            break
    assert child.starts == 8
    assert cause in str([fault for fault in faults if fault])
    assert watched.fault is None
    assert said[-1] == back_message(child.plan.name)


def test_a_level_of_the_disk_is_said_once_and_a_full_one_empties_logs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    levels = [DiskLevel.WELL, DiskLevel.LOW, DiskLevel.LOW, DiskLevel.FULL, DiskLevel.WELL]
    monkeypatch.setattr(supervisor, "disk_level", lambda _: levels.pop(0))
    well, starting, said = StandIn(), StandIn(), list[str]()
    children = [watch(well, said), watch(starting, said)]
    children[1].fault = Fault("site", "not ready")
    home: Any = SimpleNamespace(root=tmp_path)
    level = DiskLevel.WELL
    while levels:
        level = supervisor._look_at_disk(home, level, children, lambda message, **_: said.append(message))
    messages = supervisor.DISK_MESSAGES
    assert said == [messages[DiskLevel.LOW], messages[DiskLevel.FULL], messages[DiskLevel.WELL]]
    assert well.limits == [False, False, False, True, False]
    assert starting.limits == [], "one that starts is found ready by what its log says"


def test_a_log_that_cannot_be_kept_short_ends_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    child = StandIn()

    def refuse(*, drop: bool) -> None:
        raise OSError(28, "No space left on device", str(drop))

    monkeypatch.setattr(child, "limit_log", refuse)
    monkeypatch.setattr(supervisor, "disk_level", lambda _: DiskLevel.FULL)
    home: Any = SimpleNamespace(root=tmp_path)
    level = supervisor._look_at_disk(home, DiskLevel.FULL, [watch(child, [])], lambda *_, **__: None)
    assert level is DiskLevel.FULL
