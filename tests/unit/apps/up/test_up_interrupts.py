"""Interrupts: signals raise, wait or are ignored, by the block they come in."""

import os
import signal
import threading

import pytest

from oim.apps.up.interrupts import Interrupts


def send(number=signal.SIGTERM):
    os.kill(os.getpid(), number)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signals_raise_keyboard_interrupt(number):
    inherited = signal.signal(number, signal.default_int_handler)  # nohup has one ignored
    before = signal.getsignal(number)
    with pytest.raises(KeyboardInterrupt), Interrupts().install():
        send(number)
    assert signal.getsignal(number) is before
    signal.signal(number, inherited)


def test_a_deferred_signal_raises_at_the_end():
    events = []

    def send_while_deferring(interrupts):
        with interrupts.install(), interrupts.defer():
            send()
            events.append("the end")

    with pytest.raises(KeyboardInterrupt):
        send_while_deferring(Interrupts())
    assert events == ["the end"]


def test_an_ignored_signal_has_no_effect():
    interrupts = Interrupts()
    with interrupts.install(), interrupts.ignore():
        send()


def test_a_hang_up_ignored_by_nohup_stays_ignored():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with Interrupts().install():
            send(signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)


def test_another_thread_does_not_change_signal_handlers():
    def enter():
        with Interrupts().install():
            handlers.append(signal.getsignal(signal.SIGTERM))

    handlers = []
    thread = threading.Thread(target=enter)
    thread.start()
    thread.join()
    assert handlers == [signal.getsignal(signal.SIGTERM)]
