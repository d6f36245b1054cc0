"""Ctrl-C and its kin: they end what runs at once, but never between starting a child and noting it down."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupts:
    """Makes SIGINT, SIGTERM and SIGHUP raise KeyboardInterrupt in the main thread while `raised()` holds."""

    def __init__(self) -> None:
        self._ignoring = False
        self._deferring = False
        self._pending = False

    @contextmanager
    def install(self) -> Iterator[None]:
        """Inside, the signals raise. A hang-up that the caller was told to ignore (nohup) stays ignored."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.getsignal(number) for number in SIGNALS}
        if before[signal.SIGHUP] is signal.SIG_IGN:
            del before[signal.SIGHUP]
        for number in before:
            signal.signal(number, self._handle_signal)
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    @contextmanager
    def defer(self) -> Iterator[None]:
        """Inside, a signal waits until the end."""
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
        """Inside, signals change nothing: what they ask for is being done."""
        self._ignoring = True
        try:
            yield
        finally:
            self._ignoring = False

    def _handle_signal(self, *_: object) -> None:
        if self._ignoring:
            return
        if not self._deferring:
            raise KeyboardInterrupt
        self._pending = True


INTERRUPTS = Interrupts()  # signals belong to the process, so there is one
