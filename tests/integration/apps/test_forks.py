"""Forks of a process: a dead one is replaced, all end with their parent, however it ends."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

STAND_IN = Path(__file__).with_name("forks_stand_in.py")
Start = Callable[..., tuple[subprocess.Popen[str], dict[str, int]]]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts two forks with the shortest life one may have, and returns their parent and their pids.

    A second duration is the longest silence of the first fork.
    """
    started: list[subprocess.Popen[str]] = []

    def run(*durations: float) -> tuple[subprocess.Popen[str], dict[str, int]]:
        command = [sys.executable, str(STAND_IN), *map(str, durations)]
        started.append(
            subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        )
        return started[-1], dict(read_fork(started[-1]) for _ in range(2))

    yield run
    for process in started:
        process.kill()
        process.communicate()


def read_fork(process: subprocess.Popen[str]) -> tuple[str, int]:
    name, pid = process.stdout.readline().split()
    return name, int(pid)


def wait_gone(pids: dict[str, int]) -> None:
    alive = [psutil.Process(pid) for pid in pids.values() if psutil.pid_exists(pid)]
    _, left = psutil.wait_procs(alive, 30)
    assert left == []


def test_a_killed_fork_is_replaced_and_leaves_the_other_alone(start: Start) -> None:
    process, pids = start(600)
    os.kill(pids["one"], signal.SIGKILL)
    name, pid = read_fork(process)
    assert (name, pid == pids["one"]) == ("one", False)
    assert psutil.pid_exists(pids["two"])
    process.terminate()
    assert process.wait(30) == 0
    wait_gone({"one": pid, "two": pids["two"]})


def test_a_fork_that_ended_after_a_while_is_replaced(start: Start) -> None:
    process, pids = start(0)
    os.kill(pids["one"], signal.SIGTERM)
    assert read_fork(process)[0] == "one"


def test_forks_that_end_right_after_their_start_end_the_parent(start: Start) -> None:
    process, pids = start(600)
    os.kill(pids["one"], signal.SIGTERM)
    assert process.wait(30) == 1
    wait_gone(pids)


def test_a_fork_that_ends_twenty_times_leaves_the_other_alone(start: Start) -> None:
    process, pids = start(0)
    pid = pids["one"]
    for number in range(20):
        # By itself as by a kill: only the first end right after a start could end them all.
        os.kill(pid, signal.SIGTERM if number % 2 else signal.SIGKILL)
        name, pid = read_fork(process)
        assert name == "one"
    assert psutil.Process(pids["two"]).is_running()
    process.terminate()
    assert process.wait(30) == 0


def test_a_fork_that_ends_right_after_a_later_start_is_replaced(start: Start) -> None:
    process, pids = start(600)
    os.kill(pids["one"], signal.SIGKILL)
    _, pid = read_fork(process)
    os.kill(pid, signal.SIGTERM)
    assert read_fork(process)[0] == "one"


def test_a_fork_that_hangs_is_replaced_and_leaves_the_other_alone(start: Start) -> None:
    process, pids = start(600, 0.05)
    name, pid = read_fork(process)
    assert (name, pid == pids["one"]) == ("one", False)
    wait_gone({"one": pids["one"]})
    assert psutil.pid_exists(pids["two"])


def test_forks_end_when_their_parent_is_killed(start: Start) -> None:
    process, pids = start(0)
    process.kill()
    wait_gone(pids)
