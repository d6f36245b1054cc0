import os
import signal
import threading

import pytest

from oim.apps.up.interrupts import Interrupts


def send(number=signal.SIGTERM):
    os.kill(os.getpid(), number)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signals_raise(number):
    inherited = signal.signal(number, signal.default_int_handler)  # nohup has one ignored
    before = signal.getsignal(number)
    with pytest.raises(KeyboardInterrupt), Interrupts().install():
        send(number)
    assert signal.getsignal(number) is before
    signal.signal(number, inherited)


def test_a_held_signal_raises_at_the_end():
    reached = []

    def hold(interrupts):
        with interrupts.install(), interrupts.defer():
            send()
            reached.append("the end")

    with pytest.raises(KeyboardInterrupt):
        hold(Interrupts())
    assert reached == ["the end"]


def test_an_ignored_signal_is_lost():
    interrupts = Interrupts()
    with interrupts.install(), interrupts.ignore():
        send()


def test_a_hang_up_that_nohup_hides_stays_hidden():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with Interrupts().install():
            send(signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)


def test_another_thread_leaves_signals_alone():
    def enter():
        with Interrupts().install():
            seen.append(signal.getsignal(signal.SIGTERM))

    seen = []
    thread = threading.Thread(target=enter)
    thread.start()
    thread.join()
    assert seen == [signal.getsignal(signal.SIGTERM)]
