"""Forks of this process: each runs one target, is replaced when it dies, and ends with its parent."""

from __future__ import annotations

import gc
import os
import signal
import threading
import time
from collections.abc import Callable, Mapping
from multiprocessing import connection, get_context, parent_process
from multiprocessing.context import ForkProcess
from multiprocessing.process import BaseProcess
from types import FrameType

from oim.kit.telemetry import logger

POLL_INTERVAL = 1.0  # seconds between two looks at the forks
SHORTEST_LIFE = 10.0  # seconds: a fork that ends sooner would only end again
STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)

Targets = Mapping[str, Callable[[], None]]


def _exit_at_once() -> None:
    # sys.exit() would end only the thread that calls it; this ends the process, whatever else it does.
    os._exit(1)


class _Stopped(BaseException):
    """Raised by a signal to stop; no handler of errors should take it for one."""


def run_forks(targets: Targets, end_orphan: Callable[[], object] = _exit_at_once) -> int:
    """Run each target in a fork, and fork again for one that ends.

    Returns 0 after SIGTERM or SIGINT, and 1 when a fork ends right after its start unless it was killed; all
    have ended then. When this process is killed, each fork calls `end_orphan`.
    """
    for number in STOP_SIGNALS:
        signal.signal(number, _stop)
    gc.collect()
    gc.freeze()  # the collector would write to each object that was imported, and so copy its memory
    processes: dict[str, ForkProcess] = {}
    try:
        return _replace_dead(targets, processes, end_orphan)
    except _Stopped:
        return 0
    finally:
        for number in STOP_SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        for process in processes.values():
            process.terminate()
        for process in processes.values():
            process.join()


def _replace_dead(
    targets: Targets, processes: dict[str, ForkProcess], end_orphan: Callable[[], object]
) -> int:
    """Fork for every target without a process, again and again; 1 once a fork ended right after its start."""
    started_at: dict[str, float] = {}
    while True:
        for name in targets.keys() - processes.keys():
            started_at[name] = time.monotonic()
            processes[name] = _fork(name, targets[name], end_orphan)
        # For a while only: what a fork has forked itself keeps its sentinel open when the fork is killed.
        connection.wait([process.sentinel for process in processes.values()], POLL_INTERVAL)
        for name in [name for name, process in processes.items() if not process.is_alive()]:
            status = processes.pop(name).exitcode
            logger(__name__).error("a process ended", process=name, status=status)
            # Killed by a person, or by the kernel for memory: the next one need not end too.
            if status != -signal.SIGKILL and time.monotonic() - started_at[name] < SHORTEST_LIFE:
                return 1


def _stop(_: int, __: FrameType | None) -> None:
    raise _Stopped


def _fork(name: str, target: Callable[[], None], end_orphan: Callable[[], object]) -> ForkProcess:
    """Run a target in a fork of this process, which ends with it."""
    process = get_context("fork").Process(target=_run_target, args=(target, end_orphan), name=name)
    process.start()
    return process


def _run_target(target: Callable[[], None], end_orphan: Callable[[], object]) -> None:
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_DFL)  # until the target sets its own
    exit_with_parent(end_orphan)
    target()


def exit_with_parent(end: Callable[[], object] = _exit_at_once) -> None:
    """End this process, started by `multiprocessing`, as soon as its parent ends.

    Without it, killing the parent would leave its processes working for nobody. `end` ends this process.
    """
    parent = parent_process()
    if parent is not None:
        # A daemon thread: it must not keep the process alive once its work is done.
        threading.Thread(target=_end_after, args=(parent, end), daemon=True).start()


def _end_after(parent: BaseProcess, end: Callable[[], object]) -> None:
    parent.join()
    end()
