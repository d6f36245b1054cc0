"""Child processes: readiness, errors that quote the log, stopping, locks, log rotation."""

import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from oim.apps.up import children, logs
from oim.apps.up.children import Child, Plan, PortTakenError
from oim.apps.up.home import open_home
from oim.apps.up.locks import open_lock, try_lock
from oim.kit.errors import ConflictError, UnavailableError
from oim.kit.settings import Settings

# A shell and its subshell that both ignore SIGTERM.
STUBBORN = "trap '' TERM; (trap '' TERM; while :; do sleep 0.1; done) & echo ready; wait"


@pytest.fixture
def home(tmp_path):
    return open_home(tmp_path / "home")


@pytest.fixture
def run(home):
    """Start `sh -c` scripts that must print `ready`."""
    started = []

    def start(script, **more):
        plan = Plan(
            name="test",
            command=["sh", "-c", script],
            settings=Settings(home=home.root),
            # Not the end of "already".
            **{"probe": lambda log: None if "ready" in log.split() else "", "start_timeout": 20, **more},
        )
        started.append(Child(plan, home))
        started[-1].start()
        return started[-1]

    yield start
    for child in started:
        child.stop()


def is_free(home):
    lock = open_lock(home.run / "test.lock")
    try:
        return try_lock(lock, children.fcntl.LOCK_EX)
    finally:
        os.close(lock)


def test_a_child_is_ready_when_its_probe_succeeds_and_stops_on_request(run, home):
    child = run("echo ready; exec sleep 60")
    child.wait_ready()
    assert child.is_alive()
    assert not is_free(home)
    child.stop()
    assert not child.is_alive()
    assert is_free(home)


def test_the_error_quotes_the_log_of_a_child_that_died_early(run):
    child = run("seq 9; exit 3")
    with pytest.raises(UnavailableError, match=r"test stopped. The end of .*/log/test.log:\n5\n6\n7\n8\n9$"):
        child.wait_ready()


def test_the_error_quotes_the_log_of_a_child_that_is_never_ready(run):
    child = run("echo still loading; exec sleep 60", start_timeout=0.2)
    with pytest.raises(UnavailableError, match=r"did not become ready(.|\n)*still loading"):
        child.wait_ready()


def test_the_error_quotes_the_last_words_of_the_probe(run):
    obstacles = iter(["connection refused", "password wrong"])
    child = run(
        "echo all is well; exec sleep 60",
        start_timeout=0.2,
        probe=lambda _: next(obstacles, "password wrong"),
    )
    with pytest.raises(
        UnavailableError, match=r"^test did not become ready: password wrong\n.*test.log:\nall is well$"
    ):
        child.wait_ready()


def test_a_taken_port_has_an_error_of_its_own(run):
    # As servers log EADDRINUSE; their process lives on for a moment.
    child = run("echo 'bind: Address already in use'; sleep 0.3; exit 1")
    with pytest.raises(PortTakenError):
        child.wait_ready()


def test_the_probe_reads_only_the_log_since_the_start(run):
    first = run("echo ready; exec sleep 60")
    first.wait_ready()
    first.stop()
    with pytest.raises(UnavailableError, match="stopped"):
        run("echo again").wait_ready()


def test_a_missing_program_is_reported(home, monkeypatch):
    # With the prefix, it would be the prefix's program that is found, and that reports the missing one.
    monkeypatch.setattr(children, "die_with_parent", lambda _: ())
    plan = Plan("test", ["/no/such/program"], Settings(), probe=lambda _: None)
    with pytest.raises(UnavailableError, match="cannot be run"):
        Child(plan, home).start()


def test_a_stubborn_child_and_its_own_children_are_killed(run, home, monkeypatch):
    monkeypatch.setattr(children, "STOP_TIMEOUT", 0.3)
    child = run(STUBBORN)
    child.wait_ready()
    child.stop()
    assert not child.is_alive()
    _wait_until_free(home)


def test_a_child_of_an_earlier_run_is_ended_first(run, home, monkeypatch):
    monkeypatch.setattr(children, "STOP_TIMEOUT", 0.3)
    earlier_child = run(STUBBORN)
    earlier_child.wait_ready()
    new_child = run("echo ready; exec sleep 60")
    new_child.wait_ready()
    assert not earlier_child.is_alive()


def test_a_lock_that_nobody_releases_is_reported(run, home, monkeypatch):
    monkeypatch.setattr(children, "STOP_TIMEOUT", 0.1)
    lock = open_lock(home.run / "test.lock")
    assert try_lock(lock, children.fcntl.LOCK_EX)
    with pytest.raises(ConflictError, match="test of an earlier run"):
        run("echo ready")
    os.close(lock)


def test_a_long_log_is_rotated(run, home, monkeypatch):
    monkeypatch.setattr(logs, "LOG_LIMIT", 5)
    (home.log / "test.log").write_text("what was said before\n")
    run("echo ready; exec sleep 60").wait_ready()
    assert (home.log / "test.log.1").read_text() == "what was said before\n"
    assert (home.log / "test.log").read_text() == "ready\n"


@pytest.fixture
def talker(run, home, monkeypatch):
    """A child, a function that has it log a line, and its log of 5 bytes at most."""
    monkeypatch.setattr(logs, "LOG_LIMIT", 5)
    monkeypatch.setattr(logs, "DROP_LIMIT", 5)
    lines, done, log = home.root / "lines", home.root / "done", home.log / "test.log"
    for pipe in (lines, done):
        os.mkfifo(pipe)
    child = run(f"echo ready; while true; do read -r line < '{lines}'; echo $line; echo > '{done}'; done")
    child.wait_ready()

    def say(line):
        lines.write_text(f"{line}\n")
        done.read_text()  # returns once the child has logged it

    return child, say, log


def test_the_log_of_a_running_child_is_rotated(talker):
    child, say, log = talker
    for line in ("first", "second", "third", "fourth"):
        say(line)
        child.limit_log(drop=False)
    assert log.read_text() == ""
    assert [log.with_name(f"test.log.{number}").read_text() for number in (1, 2)] == ["fourth\n", "third\n"]
    assert not log.with_name("test.log.3").exists()
    say("fifth")
    assert child.last_line() == "fifth"


def test_the_log_of_a_running_child_is_dropped(talker):
    child, say, log = talker
    child.limit_log(drop=False)
    say("second")
    child.limit_log(drop=True)
    assert [file.name for file in log.parent.iterdir()] == ["test.log"]
    assert log.read_text() == ""


@pytest.mark.skipif(
    not children.die_with_parent(signal.SIGTERM), reason="this system has no setpriv --pdeathsig"
)
def test_a_child_ends_with_a_supervisor_that_is_killed(home):
    script = (
        "import sys, time; from pathlib import Path; from oim.kit.settings import Settings\n"
        "from oim.apps.up.children import Child, Plan; from oim.apps.up.home import Home\n"
        "Child(Plan('test', ['sleep', '60'], Settings(), lambda _: None), Home(Path(sys.argv[1]))).start()\n"
        "print('started', flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(home.root)], stdout=subprocess.PIPE
    ) as supervisor:
        assert supervisor.stdout.readline() == b"started\n"
        assert not is_free(home)
        while [process.name() for process in psutil.Process(supervisor.pid).children()] != ["sleep"]:
            time.sleep(0.02)  # what ends it with its supervisor is being set up
        supervisor.kill()
    _wait_until_free(home)


def _wait_until_free(home):
    deadline = time.monotonic() + 20
    while not is_free(home):
        assert time.monotonic() < deadline
        time.sleep(0.02)
