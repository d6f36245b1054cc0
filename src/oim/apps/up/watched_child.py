"""A child that is watched: what ends is started again, after waits that grow, for as long as the stack runs.

Nothing here waits: one look at a child takes its next step, so that a child that cannot start keeps nobody
from being watched.
"""

from __future__ import annotations

import time

from oim.apps.backoff import BACKOFF
from oim.apps.up.children import Child
from oim.apps.up.part_messages import back_message, stopped_message
from oim.apps.up.stack import ProgressCallback
from oim.kit import clock
from oim.kit.errors import OimError
from oim.kit.faults import Fault


class WatchedChild:
    """A child that was ready when its watch began. `fault` says why it is not ready now; None if it is."""

    def __init__(self, child: Child, report: ProgressCallback) -> None:
        self.child = child
        self.fault: Fault | None = None
        self._report = report
        self._deaths = 0
        self._ready_at: float | None = time.monotonic()  # None while it is not ready
        self._start_at: float | None = None  # None unless it waits for its next start

    def look(self) -> None:
        """Take the child's next step: note its end, start it again when the wait is over, see it ready."""
        try:
            if self._start_at is not None:
                self._start_when_due(self._start_at)
            elif self._ready_at is None:
                self._note_if_ready()
            elif not self.child.is_alive():
                self._schedule_start()
        except (OimError, OSError) as problem:  # a start may fail in many ways while a disk is full
            self._schedule_start(problem)

    def _start_when_due(self, moment: float) -> None:
        """Start the child once this moment has come."""
        if time.monotonic() >= moment:
            self._start_at = None
            self.child.start()

    def _note_if_ready(self) -> None:
        """Note that the child is ready again, as soon as it is."""
        if self.child.check_ready():
            self._ready_at = time.monotonic()
            self.fault = None
            self._report(back_message(self.child.plan.name), name=self.child.plan.name)

    def _schedule_start(self, problem: Exception | None = None) -> None:
        """Note why the child is not ready, end what is left of it, and plan its next start."""
        now = time.monotonic()
        self._deaths = BACKOFF.count_deaths(self._deaths, now - self._ready_at if self._ready_at else 0)
        self._ready_at = None
        self.fault = self._describe_fault(problem)
        self._report(stopped_message(self.child.plan.name), name=self.child.plan.name)
        self.child.stop()
        self._start_at = time.monotonic() + BACKOFF.delay(self._deaths)

    def _describe_fault(self, problem: Exception | None) -> Fault:
        """Describe why the child is not ready, since its first end."""
        lines = str(problem or "").splitlines() or [self.child.last_line()]
        since = self.fault.since if self.fault else clock.now()
        return Fault(self.child.plan.name, self.child.describe_end(), since, lines[-1])
