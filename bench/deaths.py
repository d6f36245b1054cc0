"""Drills of a whole `oim up`: its worker is killed again and again; its disk is filled, and freed.

Run `python -m bench.deaths worker|disk [seconds]`. Each prints one line of figures. The disk is one in memory
(tmpfs), which only root may mount; without it the drill says so.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import psycopg
from rich.console import Console

from bench.drills import Send, Visits, send_to, visit
from bench.superuser import superuser_url
from oim.apps.up.home import Home
from oim.apps.up.ports import free_port
from oim.apps.up.state import State, read_state
from oim.kit.settings import Settings

START = 180.0  # seconds for everything to be ready
DISK = "600m"
CHUNK = b"\0" * 1_000_000
POLL = 0.2
FILL_LOG = "SELECT pg_logical_emit_message(true, 'drill', repeat('x', 1000000)) FROM generate_series(1, 20)"
console = Console(width=160)


@contextmanager
def running_up(folder: Path) -> Iterator[tuple[psutil.Process, State]]:
    """Run `oim up` on a folder; yields its process and where its servers are, once all of it is ready."""
    environment = os.environ | {"OIM_HOME": str(folder), "OIM_PORT": str(free_port())}
    command = [str(Path(sys.executable).with_name("oim")), "up"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as process:
        try:
            wait_for(lambda: read_state(Home(folder)) is not None)
            state = read_state(Home(folder))
            if state is None:
                raise ConnectionError("oim up ended")
            wait_for(lambda: is_well(_send(state)))
            yield psutil.Process(process.pid), state
        finally:
            process.terminate()


def wait_for(is_true: Callable[[], bool], patience: float = START) -> float:
    """Wait until something is true; return the seconds it took. Raises TimeoutError."""
    started = time.monotonic()
    while not is_true():
        if time.monotonic() - started > patience:
            raise TimeoutError
        time.sleep(POLL)
    return time.monotonic() - started


def is_well(send: Send) -> bool:
    """Whether everything answers, and nothing is degraded."""
    status, body = send("GET", "/healthz")
    return status == 200 and json.loads(body)["degraded"] == []


def kill_again_and_again(find: Callable[[], psutil.Process | None], seconds: float) -> int:
    """Kill a process whenever there is one, for so many seconds; return how often."""
    kills, until = 0, time.monotonic() + seconds
    while time.monotonic() < until:
        process = find()
        if process is not None:
            with suppress(psutil.NoSuchProcess):
                process.kill()
                kills += 1
        time.sleep(POLL)
    return kills


def fill_disk(file: Path) -> None:
    """Write a file until no byte more fits on its disk."""
    with file.open("ab", buffering=0) as output:
        for chunk in (CHUNK, CHUNK[:1000], CHUNK[:1]):
            with suppress(OSError):
                while output.write(chunk):
                    pass


def ask_for_code(send: Send, number: int) -> int:
    """Ask for a code; return the status."""
    return send("POST", "/v1/sign-in/codes", {"contact": f"+2376700001{number:02}"})[0]


def _send(state: State) -> Send:
    return send_to(urlsplit(state.address).port or 0)


def _find_worker(parent: psutil.Process) -> psutil.Process | None:
    with suppress(psutil.Error):
        for child in parent.children():
            if "oim.apps.worker" in child.cmdline() and child.status() != psutil.STATUS_ZOMBIE:
                return child
    return None


def _visit_meanwhile(send: Send, seconds: float, work: Callable[[], int]) -> tuple[Visits, int]:
    """Visit a page for so many seconds while something else is done."""
    with ThreadPoolExecutor(1) as pool:
        visits = pool.submit(visit, send, "/fr/opportunities", seconds)
        done = work()
        return visits.result(), done


def _run_worker(seconds: float) -> str:
    with (
        tempfile.TemporaryDirectory(prefix="oim-drill-") as folder,
        running_up(Path(folder)) as (parent, state),
    ):
        send = _send(state)
        visits, kills = _visit_meanwhile(
            send, seconds, lambda: kill_again_and_again(lambda: _find_worker(parent), seconds)
        )
        back = wait_for(lambda: is_well(send))
    return (
        f"worker killed {kills} times in {seconds:.0f} s (goal: pages never stop)\n"
        f"  {visits}; well {back:.1f} s after"
    )


def _run_disk(seconds: float) -> str:
    with tempfile.TemporaryDirectory(prefix="oim-drill-") as folder:
        mounted = subprocess.run(
            ["/bin/mount", "-t", "tmpfs", "-o", f"size={DISK},mode=755", "tmpfs", folder],
            capture_output=True,
            check=False,
        )
        if mounted.returncode:
            return f"skipped: nothing can be mounted here ({mounted.stderr.decode().strip()})"
        try:
            return _fill_and_free(Path(folder), seconds)
        finally:
            subprocess.run(["/bin/umount", "-l", folder], check=False)


def _fill_and_free(folder: Path, seconds: float) -> str:
    ballast = folder / "ballast"
    with running_up(folder / "home") as (_, state):
        send = _send(state)
        before = [ask_for_code(send, 0), visit(send, "/fr/opportunities", 1)]
        fill_disk(ballast)
        _write_until_stopped(state, folder)
        visits, codes = _visit_meanwhile(send, seconds, lambda: ask_for_code(send, 1))
        during = [codes, ask_for_code(send, 2)]
        ballast.unlink()
        back = wait_for(lambda: is_well(send))
        after = [ask_for_code(send, 3), visit(send, "/fr/opportunities", 1)]
        panics = (folder / "home/log/postgres.log").read_text(errors="replace").count("PANIC")
    return (
        f"disk full {seconds:.0f} s, PostgreSQL panicked {panics} times (goal: all comes back alone)\n"
        f"  before: code {before[0]}, {before[1]}\n  during: codes {during}, pages {visits}\n"
        f"  well {back:.1f} s after it was freed: code {after[0]}, {after[1]}"
    )


def _write_until_stopped(state: State, folder: Path) -> None:
    """Have PostgreSQL write until its log of writes has no room."""
    settings = Settings(home=folder / "home", database_url=state.urls["database_url"])
    with suppress(psycopg.Error), psycopg.connect(superuser_url(settings), autocommit=True) as connection:
        for _ in range(50):
            # Rows fail for want of room; segments of the log, which hold what failed too, end in a panic.
            with suppress(psycopg.errors.DiskFull):
                connection.execute(FILL_LOG)


if __name__ == "__main__":
    drill = {"worker": _run_worker, "disk": _run_disk}[sys.argv[1]]
    console.print(drill(float(sys.argv[2]) if len(sys.argv) > 2 else 60.0))
