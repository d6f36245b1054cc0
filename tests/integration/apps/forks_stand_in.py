"""Run two forks that only wait: `python forks_stand_in.py SHORTEST_LIFE [SILENCE]`.

Each prints its name and pid. With `SILENCE`, "one" has a heartbeat that stands still for longer.
"""

import os
import signal
import sys

from oim.apps import forks
from oim.apps.backoff import Backoff
from oim.kit.telemetry import configure_logging

HEARTBEAT = forks.Heartbeat()


def wait(name, beats=0):
    for _ in range(beats):
        HEARTBEAT.beat()
    # In one write, so that lines of the two do not mix: an unbuffered `print` writes piece by piece.
    os.write(1, f"{name} {os.getpid()}\n".encode())
    signal.pause()


if __name__ == "__main__":
    configure_logging("INFO", "json")  # to standard error
    forks.SHORTEST_LIFE = float(sys.argv[1])
    forks.POLL_INTERVAL = 0.01
    forks.BACKOFF = Backoff(first=0.01, longest=0.1)
    targets = {"one": lambda: wait("one", beats=3), "two": lambda: wait("two")}
    heartbeats = {}
    if len(sys.argv) > 2:
        forks.SILENCE = float(sys.argv[2])
        heartbeats["one"] = HEARTBEAT
    sys.exit(forks.run_forks(targets, heartbeats=heartbeats))
