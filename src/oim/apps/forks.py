"""Forks of this process: each runs one target, is replaced when it ends, and ends with its parent.

One that keeps ending is replaced after waits that grow, without end: the others go on meanwhile. One that
lives and does nothing any more is killed, where its target has a heartbeat.
"""

from __future__ import annotations

import gc
import os
import signal
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from multiprocessing import connection, get_context, parent_process
from multiprocessing.context import ForkProcess
from multiprocessing.process import BaseProcess
from multiprocessing.sharedctypes import RawValue
from types import FrameType
from typing import Any

from oim.apps.backoff import BACKOFF, describe_status
from oim.kit import clock
from oim.kit.faults import Fault
from oim.kit.telemetry import logger

POLL_INTERVAL = 1.0  # seconds between two looks at the forks
SHORTEST_LIFE = 10.0  # seconds until a fork is well; a first one that ends sooner would only end again
SILENCE = 30.0  # seconds without a heartbeat after which a fork is taken for one that hangs
STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)

Targets = Mapping[str, Callable[[], None]]


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """A number in memory that a fork shares with its parent, and changes for as long as it does its work.

    Before the first change it still starts: that may take as long as it takes.
    """

    count: Any = field(default_factory=lambda: RawValue("Q", 0))  # of a type that ctypes makes

    def beat(self) -> None:
        """Say that the work goes on."""
        self.count.value += 1


Publish = Callable[[Mapping[str, Fault | None]], bool]  # returns whether it could tell


def _tell_nobody(_: Mapping[str, Fault | None]) -> bool:
    return True


def _exit_at_once() -> None:
    # sys.exit() would end only the thread that calls it; this ends the process, whatever else it does.
    os._exit(1)


class _Stopped(BaseException):
    """Raised by a signal to stop; no handler of errors should take it for one."""


@dataclass(slots=True)
class _Slot:
    """The place of one target: its fork, or None until the next start at `start_at` (monotonic seconds)."""

    process: ForkProcess | None = None
    start_at: float = 0.0  # with a process: when that was started
    deaths: int = 0
    fault: Fault | None = None
    heartbeat: Heartbeat | None = None
    beats: int = 0  # at the last look
    silence: float = 0.0  # seconds since they last changed
    looked_at: float = field(default_factory=time.monotonic)


def run_forks(
    targets: Targets,
    end_orphan: Callable[[], object] = _exit_at_once,
    publish: Publish = _tell_nobody,
    heartbeats: Mapping[str, Heartbeat] | None = None,
) -> int:
    """Run each target in a fork, and fork again for one that ends, or whose heartbeat stands still.

    Returns 0 after SIGTERM or SIGINT, and 1 when the first fork of a target ends right after its start unless
    it was killed; all have ended then. When this process is killed, each fork calls `end_orphan`. `publish`
    is called with what is wrong with each, whenever that changes.
    """
    for number in STOP_SIGNALS:
        signal.signal(number, _stop)
    gc.collect()
    gc.freeze()  # the collector would write to each object that was imported, and so copy its memory
    slots = {name: _Slot(heartbeat=(heartbeats or {}).get(name)) for name in targets}
    try:
        return _replace_dead(targets, slots, end_orphan, publish)
    except _Stopped:
        return 0
    finally:
        for number in STOP_SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        processes = [slot.process for slot in slots.values() if slot.process is not None]
        for process in processes:
            process.terminate()
        for process in processes:
            process.join()


def _replace_dead(
    targets: Targets, slots: Mapping[str, _Slot], end_orphan: Callable[[], object], publish: Publish
) -> int:
    """Fork for every target without a process, again and again; 1 once a first start failed."""
    published: dict[str, Fault | None] | None = None
    while True:
        for name, slot in slots.items():
            if slot.process is None and time.monotonic() >= slot.start_at:
                slot.silence = 0.0
                if slot.heartbeat is not None:
                    slot.heartbeat.count.value = 0
                slot.process, slot.start_at = _fork(name, targets[name], end_orphan), time.monotonic()
        # For a while only: what a fork has forked itself keeps its sentinel open when the fork is killed.
        sentinels = [slot.process.sentinel for slot in slots.values() if slot.process is not None]
        connection.wait(sentinels, POLL_INTERVAL)
        if not all(_look_at(name, slot) for name, slot in slots.items()):
            return 1
        faults = {name: slot.fault for name, slot in slots.items()}
        if faults != published and publish(faults):
            published = faults


def _look_at(name: str, slot: _Slot) -> bool:
    """Note whether a fork ended, or has lived long enough to be well; False when a first start failed."""
    if slot.process is None:
        return True
    lived = time.monotonic() - slot.start_at
    if slot.process.is_alive():
        if lived >= SHORTEST_LIFE:
            slot.fault = None
        if _is_silent(slot):
            logger(__name__).error("a process hangs", process=name)
            slot.process.kill()  # it is replaced when it has ended
        return True
    status = slot.process.exitcode
    logger(__name__).error("a process ended", process=name, status=status)
    # Killed by a person, or by the kernel for memory: the next one need not end too.
    if slot.deaths == 0 and lived < SHORTEST_LIFE and status != -signal.SIGKILL:
        return False
    slot.process = None
    slot.deaths = BACKOFF.count_deaths(slot.deaths, lived)
    slot.start_at = time.monotonic() + BACKOFF.delay(slot.deaths)
    slot.fault = Fault(name, describe_status(status), slot.fault.since if slot.fault else clock.now())
    return True


def _is_silent(slot: _Slot) -> bool:
    """Note for how long a heartbeat has stood still, and return whether that is too long."""
    if slot.heartbeat is None:
        return False
    now, beats = time.monotonic(), slot.heartbeat.count.value
    # Seconds in which nobody looked do not count: the whole program may have been stopped, or the machine.
    passed = min(now - slot.looked_at, 2 * POLL_INTERVAL)
    slot.silence = slot.silence + passed if beats and beats == slot.beats else 0.0
    slot.looked_at, slot.beats = now, beats
    return slot.silence >= SILENCE


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
