"""Ctrl-C and similar signals: they stop the stack at once, unless it is just starting a child.

A child that was started but not yet recorded would not be stopped, and go on running.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupts:
    """Make SIGINT, SIGTERM and SIGHUP raise KeyboardInterrupt in the main thread while installed."""

    def __init__(self) -> None:
        self._ignoring = False
        self._deferring = False
        self._pending = False  # a signal came while deferring

    @contextmanager
    def install(self) -> Iterator[None]:
        """Within the block, the signals raise KeyboardInterrupt; afterwards the former handlers are back."""
        if threading.current_thread() is not threading.main_thread():
            yield  # Python sets signal handlers, and runs them, in the main thread only
            return
        old_handlers = {number: signal.getsignal(number) for number in SIGNALS}
        # Under nohup a hang-up is ignored by our parent's choice, and stays ignored.
        if old_handlers[signal.SIGHUP] is signal.SIG_IGN:
            del old_handlers[signal.SIGHUP]
        for number in old_handlers:
            signal.signal(number, self._handle_signal)
        try:
            yield
        finally:
            for number, handler in old_handlers.items():
                signal.signal(number, handler)

    @contextmanager
    def defer(self) -> Iterator[None]:
        """Within the block, a signal waits; it raises KeyboardInterrupt at the end of the block."""
        self._deferring = True
        try:
            yield
        finally:
            self._deferring = False
            if self._pending:
                self._pending = False
                raise KeyboardInterrupt

    @contextmanager
    def ignore(self) -> Iterator[None]:
        """Within the block, signals have no effect: the stack is already stopping, as they demand."""
        self._ignoring = True
        try:
            yield
        finally:
            self._ignoring = False

    def _handle_signal(self, *_: object) -> None:
        """Raise at once, later or not at all, by the block that the main thread is in."""
        if self._ignoring:
            return
        if not self._deferring:
            raise KeyboardInterrupt
        self._pending = True


INTERRUPTS = Interrupts()  # signals belong to the process, so there is one instance for all
