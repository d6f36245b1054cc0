"""Run a stack in a process of its own, and look at its home for what runs."""

import fcntl
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

SUPERVISOR = Path(__file__).with_name("up_supervisor.py")
CHILDREN = ("postgres", "valkey", "engine", "site", "worker")


class Supervisor:
    """A stack in a process of its own."""

    def __init__(self, home, port, prefix=(), verb="up", pause=0.0):
        self.home = home
        self.lines = []
        command = [*prefix, sys.executable, str(SUPERVISOR), verb, str(home), str(port), str(pause)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self._limit = threading.Timer(120, self.process.kill)  # a test that hangs fails
        self._limit.start()

    def wait_for(self, expected):
        for line in self.process.stdout:
            self.lines.append(line.rstrip())
            if expected in line:
                return line
        raise AssertionError("\n".join(self.lines))

    def close(self):
        self._limit.cancel()
        if self.process.poll() is None:
            kill_all(self)
        self.process.stdout.close()

    def end(self, number=signal.SIGINT):
        self.process.send_signal(number)
        self.lines += self.process.communicate(timeout=60)[0].splitlines()
        return self.process.returncode


def child_pid(home, name):
    file = home / "run" / f"{name}.lock"
    wait_until(file.read_text)  # it is truncated before it is written
    return int(file.read_text())


def read_parts(home):
    """What the supervisor says of each child; nothing before it says so, and after its end."""
    try:
        return json.loads((home / "run" / "stack.health.json").read_text())
    except FileNotFoundError:
        return {}


def still_running(home):
    """The children that run, or of which a descendant runs: each of these holds the child's lock."""
    return [name for name in CHILDREN if (home / "run" / f"{name}.lock").exists() and _is_locked(home, name)]


def _is_locked(home, name):
    with (home / "run" / f"{name}.lock").open() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def wait_until(condition, seconds=30):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come true"
        time.sleep(0.05)


def kill_all(supervisor):
    """Kill the supervisor and every child with SIGKILL; it is stopped first, so that it restarts none."""
    # A stopped process cannot restart a child between two of the kills.
    supervisor.process.send_signal(signal.SIGSTOP)
    for name in still_running(supervisor.home):
        os.kill(child_pid(supervisor.home, name), signal.SIGKILL)
    supervisor.process.kill()
    supervisor.process.wait()
    wait_until(lambda: not still_running(supervisor.home))
