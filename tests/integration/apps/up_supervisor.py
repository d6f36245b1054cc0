"""Run a stack in a process of its own: `python up_supervisor.py up|verb HOME PORT [PAUSE]`."""

import sys
import time
from pathlib import Path

from oim.apps.backoff import Backoff
from oim.apps.up import run_stack, running_services, supervisor, watched_child
from oim.apps.up.services import build_table
from oim.kit.settings import Settings

# -S and -E: without site-packages and environment an interpreter starts in a fraction of the time.
STAND_IN = (sys.executable, "-S", "-E", str(Path(__file__).with_name("up_stand_in.py")))
TABLE = build_table(
    engine=(*STAND_IN, "engine"),
    site=(*STAND_IN, "site"),
    worker=(*STAND_IN, "worker"),
)


def say(line, **values):
    print(line % values if values else line, flush=True)


def first_start(settings):
    say("first start")
    time.sleep(PAUSE)


def ready(address):
    say(f"OIM runs: {address} (Ctrl-C stops it)")


if __name__ == "__main__":
    VERB, HOME, PORT, PAUSE = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
    if VERB == "up":
        settings = Settings(home=HOME, port=PORT)
        supervisor.POLL_INTERVAL = 0.02
        watched_child.BACKOFF = Backoff(first=0.01, longest=0.1)
        run_stack(settings, lambda _: say("prepared"), first_start, ready, say, TABLE)
        sys.exit()
    with running_services(Settings(home=HOME), ["postgres", "valkey"], say) as settings:
        say("OIM runs")
        time.sleep(PAUSE)
    say("ended")
