"""Run two forks that only wait: `python forks_stand_in.py SHORTEST_LIFE`. Each prints its name and pid."""

import os
import signal
import sys

from oim.apps import forks
from oim.apps.backoff import Backoff
from oim.kit.telemetry import configure_logging


def wait(name):
    # In one write, so that lines of the two do not mix: an unbuffered `print` writes piece by piece.
    os.write(1, f"{name} {os.getpid()}\n".encode())
    signal.pause()


if __name__ == "__main__":
    configure_logging("INFO", "json")  # to standard error
    forks.SHORTEST_LIFE = float(sys.argv[1])
    forks.POLL_INTERVAL = 0.01
    forks.BACKOFF = Backoff(first=0.01, longest=0.1)
    sys.exit(forks.run_forks({name: lambda name=name: wait(name) for name in ("one", "two")}))
