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
        self._deaf = False
        self._held = False
        self._late = False

    @contextmanager
    def raised(self) -> Iterator[None]:
        """Inside, the signals raise. A hang-up that the caller was told to ignore (nohup) stays ignored."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.getsignal(number) for number in SIGNALS}
        if before[signal.SIGHUP] is signal.SIG_IGN:
            del before[signal.SIGHUP]
        for number in before:
            signal.signal(number, self._receive)
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Inside, a signal waits until the end."""
        self._held = True
        try:
            yield
        finally:
            self._held = False
            if self._late:
                self._late = False
                raise KeyboardInterrupt

    @contextmanager
    def ignored(self) -> Iterator[None]:
        """Inside, signals change nothing: what they ask for is being done."""
        self._deaf = True
        try:
            yield
        finally:
            self._deaf = False

    def _receive(self, *_: object) -> None:
        if self._deaf:
            return
        if not self._held:
            raise KeyboardInterrupt
        self._late = True


INTERRUPTS = Interrupts()  # signals belong to the process, so there is one
