"""Delivery: slow gateways, poisoned messages, lost answers and dead processes double and lose no message."""

import json
import logging
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
import time_machine
from gateway_factory import FakeGateway
from people_factory import add_known, person
from sqlalchemy import select, update

from oim.channels.web.me.data_export_page import build_sections
from oim.channels.wording import render_message
from oim.features import rights
from oim.features.consents import Purpose
from oim.features.messages import (
    MessageKind,
    OutgoingMessage,
    RejectedError,
    deliver,
    queue_code,
    queue_message,
)
from oim.features.messages.delivery import CLAIM_DURATION, MAX_FAILURES, RETRY_DELAYS
from oim.features.messages.models import MessageRow
from oim.features.people import Channel, Contact
from oim.kit.db import Database, seal
from oim.kit.errors import UnavailableError
from oim.kit.i18n import translator
from oim.kit.telemetry import configure_logging

NOON = datetime(2026, 11, 25, 11, tzinfo=UTC)
LIFETIME = timedelta(minutes=10)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def gateway() -> FakeGateway:
    return FakeGateway()


@pytest.fixture
def forgetful() -> FakeGateway:
    """A gateway that does not recognise a message it has seen."""
    return FakeGateway(is_idempotent=False)


@pytest.fixture
def read_log(capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[[], str]]:
    """Starts to log as OIM's processes do, when called for the first time, and reads what was logged."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level

    def read() -> str:
        configure_logging("INFO", "json")
        return capsys.readouterr().err

    yield read
    root.handlers[:] = handlers
    root.setLevel(level)


def address(number: int) -> str:
    return f"+2376771234{number:02}"


def add_codes(database: Database, count: int, lifetime: timedelta = LIFETIME) -> None:
    with database.write() as session:
        for number in range(count):
            queue_code(session, Contact(Channel.SMS, address(number)), "fr", f"{number:07}", lifetime)


def run_delivery(database: Database, gateway: FakeGateway, kinds: Any = MessageKind) -> int:
    return deliver(database, dict.fromkeys(Channel, gateway), render_message, kinds)


def read_states(database: Database) -> list[str]:
    with database.read() as session:
        return sorted(session.scalars(select(MessageRow.state)))


@pytest.mark.parametrize("is_idempotent", [False, True])
def test_a_slow_gateway_gets_no_message_twice_from_three_workers(
    database: Database, clock: time_machine.Traveller, is_idempotent: bool
) -> None:
    gateway = FakeGateway(is_idempotent=is_idempotent)
    add_codes(database, 12, timedelta(days=1))
    # Each call takes longer than any claim lasts, the first three at the same time. Not the later ones: a
    # message that is asked for again makes more calls, whose number no barrier knows.
    together, numbers = threading.Barrier(3, timeout=60), count()

    def answer_late(_: OutgoingMessage) -> None:
        is_one_of_first = next(numbers) < together.parties
        if is_one_of_first:
            together.wait()
        clock.shift(3 * CLAIM_DURATION)
        if is_one_of_first:
            together.wait()

    gateway.before_answer = answer_late

    def work() -> None:
        while run_delivery(database, gateway):
            pass

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(gateway.copies.values()) == [1] * 12
    assert read_states(database) == ["sent"] * 12


@pytest.mark.parametrize("is_idempotent", [False, True])
def test_a_worker_that_comes_by_during_a_slow_call_sends_nothing_again(
    database: Database, clock: time_machine.Traveller, is_idempotent: bool
) -> None:
    gateway = FakeGateway(is_idempotent=is_idempotent)
    add_codes(database, 12, timedelta(days=1))
    depth = 0

    def answer_late(_: OutgoingMessage) -> None:
        nonlocal depth
        clock.shift(2 * CLAIM_DURATION)
        if depth < 2:  # two more workers come by, one during the call of the other
            depth += 1
            run_delivery(database, gateway)
            depth -= 1

    gateway.before_answer = answer_late
    while run_delivery(database, gateway):
        pass
    assert sorted(gateway.copies.values()) == [1] * 12
    assert read_states(database) == ["sent"] * 12
    assert gateway.calls == 12 or is_idempotent


@pytest.mark.parametrize("is_idempotent", [False, True])
@pytest.mark.parametrize("fault", [RejectedError("bad"), UnavailableError("down"), KeyError("+237677123400")])
def test_one_bad_address_stops_no_other_message(
    database: Database, fault: Exception, is_idempotent: bool
) -> None:
    gateway = FakeGateway(is_idempotent=is_idempotent)
    add_codes(database, 10)
    gateway.faults[address(0)] = fault
    assert run_delivery(database, gateway) == 9
    assert len(gateway.received) == 9


def test_one_poisoned_message_of_ten_delays_none_and_is_given_up(
    database: Database, gateway: FakeGateway, clock: time_machine.Traveller, read_log: Callable[[], str]
) -> None:
    add_codes(database, 10)
    with database.write() as session:
        row = session.scalars(select(MessageRow).limit(1)).one()
        row.payload = seal(session, MessageRow.payload, row.id, json.dumps({"secret": "Zebulonne"}))
    read_log()
    assert run_delivery(database, gateway) == 9
    written = read_log()
    assert "a message cannot be made" in written
    assert "KeyError" in written
    assert [word for word in ("Zebulonne", "677123") if word in written] == []
    assert read_states(database) == ["sent"] * 9 + ["waiting"]
    for pause in RETRY_DELAYS:
        clock.shift(pause)
        assert run_delivery(database, gateway) == 0
    assert read_states(database) == ["given_up"] + ["sent"] * 9


def test_an_unforeseen_error_of_a_gateway_is_logged_without_what_it_says(
    database: Database, gateway: FakeGateway, read_log: Callable[[], str]
) -> None:
    add_codes(database, 1)
    gateway.faults[address(0)] = KeyError(address(0))
    read_log()
    run_delivery(database, gateway)
    written = read_log()
    assert "KeyError" in written
    assert "677123" not in written


def test_a_message_sealed_for_another_row_is_a_poisoned_one(database: Database, gateway: FakeGateway) -> None:
    add_codes(database, 3)
    with database.write() as session:
        first, second, _ = session.scalars(select(MessageRow)).all()
        second.address = first.address
    assert run_delivery(database, gateway) == 2
    assert read_states(database) == ["sent", "sent", "waiting"]


def test_a_rejected_message_ends_at_once(database: Database, gateway: FakeGateway) -> None:
    add_codes(database, 1)
    gateway.faults[address(0)] = RejectedError("no such number")
    assert (run_delivery(database, gateway), run_delivery(database, gateway), gateway.calls) == (0, 0, 1)
    with database.read() as session:
        row = session.scalars(select(MessageRow)).one()
        assert (row.state, row.address, row.payload, row.ended_at) == ("rejected", None, None, NOON)


def lose_answer(_: OutgoingMessage) -> None:
    raise TimeoutError("no answer")


def test_a_lost_answer_is_asked_for_again_where_the_gateway_knows_the_id(
    database: Database, gateway: FakeGateway, clock: time_machine.Traveller
) -> None:
    add_codes(database, 1)
    gateway.before_answer = lose_answer
    assert run_delivery(database, gateway) == 0
    assert read_states(database) == ["waiting"]
    gateway.before_answer = lambda _: None
    clock.shift(RETRY_DELAYS[0])
    assert (run_delivery(database, gateway), gateway.calls) == (1, 2)
    assert list(gateway.copies.values()) == [1]


def test_a_lost_answer_of_another_gateway_leaves_the_message_uncertain(
    database: Database, forgetful: FakeGateway, clock: time_machine.Traveller
) -> None:
    add_codes(database, 1)
    forgetful.before_answer = lose_answer
    assert run_delivery(database, forgetful) == 0
    clock.shift(timedelta(hours=1))
    assert (run_delivery(database, forgetful), forgetful.calls) == (0, 1)
    with database.read() as session:
        row = session.scalars(select(MessageRow)).one()
        assert (row.state, row.address, row.payload) == ("uncertain", None, None)


def test_a_message_that_may_have_been_sent_is_never_said_not_to_have_been(
    database: Database, gateway: FakeGateway, clock: time_machine.Traveller
) -> None:
    add_codes(database, 1)
    gateway.before_answer = lose_answer
    run_delivery(database, gateway)
    gateway.failing = 1  # the second try is certainly not taken; the first may have been
    clock.shift(RETRY_DELAYS[0])
    run_delivery(database, gateway)
    clock.shift(LIFETIME)
    run_delivery(database, gateway)
    assert (read_states(database), gateway.calls) == (["uncertain"], 2)


def die(_: OutgoingMessage) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("deaths", [1, 2])
def test_a_process_that_dies_while_sending_is_followed_by_another(
    database: Database, gateway: FakeGateway, clock: time_machine.Traveller, deaths: int
) -> None:
    add_codes(database, 1)
    gateway.before_answer = die
    for _ in range(deaths):
        with pytest.raises(KeyboardInterrupt):
            run_delivery(database, gateway)
        assert run_delivery(database, gateway) == 0  # claimed for a while
        clock.shift(CLAIM_DURATION)
    gateway.before_answer = lambda _: None
    assert run_delivery(database, gateway) == 1
    assert list(gateway.copies.values()) == [1]


def test_what_a_dead_process_was_sending_is_not_sent_again_to_a_forgetful_gateway(
    database: Database, forgetful: FakeGateway, clock: time_machine.Traveller
) -> None:
    add_codes(database, 2)
    forgetful.before_answer = die
    with pytest.raises(KeyboardInterrupt):
        run_delivery(database, forgetful)
    forgetful.before_answer = lambda _: None
    assert run_delivery(database, forgetful) == 1  # it had claimed no more than the one
    clock.shift(CLAIM_DURATION)
    assert run_delivery(database, forgetful) == 0
    assert (read_states(database), sorted(forgetful.copies.values())) == (["sent", "uncertain"], [1, 1])


def test_only_the_attempt_with_the_claim_ends_a_message(
    database: Database, gateway: FakeGateway, clock: time_machine.Traveller
) -> None:
    add_codes(database, 1)

    def be_overtaken(_: OutgoingMessage) -> None:
        clock.shift(CLAIM_DURATION)
        gateway.before_answer = lambda _: None
        assert run_delivery(database, gateway) == 1
        raise RejectedError("late, and about a message that is sent")

    gateway.before_answer = be_overtaken
    run_delivery(database, gateway)
    assert read_states(database) == ["sent"]


def test_codes_are_delivered_while_other_messages_wait(database: Database, gateway: FakeGateway) -> None:
    awa = add_known(database, Contact(Channel.SMS, address(50)), "Awa", "2580", Purpose.MESSAGES)
    with database.write() as session:
        queue_message(session, awa, MessageKind.OUTCOME)
    add_codes(database, 1)
    assert run_delivery(database, gateway, {MessageKind.CODE}) == 1
    assert read_states(database) == ["sent", "waiting"]
    assert run_delivery(database, gateway, set(MessageKind) - {MessageKind.CODE}) == 1


def test_a_gateway_that_is_down_does_not_delay_the_others(database: Database) -> None:
    down, up = FakeGateway(), FakeGateway()
    down.failing = 20
    add_codes(database, 20)
    with database.write() as session:
        queue_code(session, Contact(Channel.EMAIL, "awa@example.org"), "fr", "1234567", LIFETIME)
    senders = {Channel.SMS: down, Channel.EMAIL: up}
    assert deliver(database, senders, render_message, MessageKind) == 1
    assert (down.calls, up.calls) == (MAX_FAILURES, 1)


def test_a_message_for_which_there_is_no_gateway_waits(database: Database, gateway: FakeGateway) -> None:
    add_codes(database, 1)
    assert deliver(database, {Channel.EMAIL: gateway}, render_message, MessageKind) == 0
    assert read_states(database) == ["waiting"]


@pytest.mark.parametrize(
    ("language", "words"), [("fr", "n’est peut-être pas arrivé"), ("en", "may not have arrived")]
)
def test_the_history_says_what_became_of_a_message(
    database: Database, forgetful: FakeGateway, language: str, words: str
) -> None:
    awa = add_known(database, Contact(Channel.SMS, address(50)), "Awa", "2580", Purpose.MESSAGES)
    with database.write() as session:
        queue_message(session, awa, MessageKind.OUTCOME)
    forgetful.before_answer = lose_answer
    run_delivery(database, forgetful)
    with database.write() as session:
        data = rights.collect_personal_data(session, person(awa), awa)
        sections = build_sections(session, person(awa), awa, translator(language))
    assert [message[3] for message in data["messages"]] == ["uncertain"]
    assert any(words in text for section in sections for _, text in section.lines)


def test_a_claim_of_the_earlier_program_is_taken_over_when_it_ends(
    database: Database, forgetful: FakeGateway, clock: time_machine.Traveller
) -> None:
    add_codes(database, 1)
    with database.write() as session:  # which moved `not_before` and wrote no token
        session.execute(update(MessageRow).values(attempts=1, not_before=NOON + CLAIM_DURATION))
    assert run_delivery(database, forgetful) == 0
    clock.shift(CLAIM_DURATION)
    assert run_delivery(database, forgetful) == 1
