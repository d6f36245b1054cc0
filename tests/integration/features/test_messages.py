"""Messages: sent once each, none lost, none at night, none after consent was withdrawn."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import time_machine
from gateway_factory import FakeGateway
from people_factory import add_known, person
from sqlalchemy import select, text

from oim.adapters.simulator import Inbox
from oim.channels.wording import render_message
from oim.features import people
from oim.features.consents import Purpose, record_decisions
from oim.features.messages import MessageKind, OutgoingMessage, Sender, deliver, queue_code, queue_message
from oim.features.messages.models import MessageRow
from oim.features.people import Channel, Contact
from oim.kit.db import Database

PHONE = Contact(Channel.SMS, "+237677123456")
NOON = datetime(2026, 11, 25, 11, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def gateway() -> FakeGateway:
    return FakeGateway()


def run_delivery(database: Database, gateway: Sender) -> int:
    return deliver(database, dict.fromkeys(Channel, gateway), render_message, MessageKind)


def add_code(database: Database, number: int = 1) -> None:
    with database.write() as session:
        queue_code(session, PHONE, "fr", f"{number:07}", timedelta(minutes=10))


def test_a_code_is_sent_once_and_then_wiped(database: Database, gateway: FakeGateway) -> None:
    add_code(database)
    assert (run_delivery(database, gateway), run_delivery(database, gateway)) == (1, 0)
    assert list(gateway.received.values()) == [
        "+237677123456: OIM\u00a0: votre code est 0000001. Il sert une seule fois, pendant 10 minutes. "
        "Ne le donnez à personne."
    ]
    with database.read() as session:
        row = session.scalars(select(MessageRow)).one()
        assert (row.state, row.address, row.payload) == ("sent", None, None)


def test_a_message_is_retried_when_the_gateway_fails(
    database: Database, gateway: FakeGateway, clock: time_machine.Traveller
) -> None:
    add_code(database)
    gateway.failing = 2
    assert run_delivery(database, gateway) == 0
    assert (run_delivery(database, gateway), gateway.calls) == (0, 1)
    clock.shift(6)
    assert run_delivery(database, gateway) == 0
    clock.shift(31)
    assert (run_delivery(database, gateway), len(gateway.received)) == (1, 1)


def test_an_expired_code_is_given_up(
    database: Database, gateway: FakeGateway, clock: time_machine.Traveller
) -> None:
    add_code(database)
    clock.shift(timedelta(minutes=11))
    assert (run_delivery(database, gateway), gateway.calls) == (0, 0)
    with database.read() as session:
        row = session.scalars(select(MessageRow)).one()
        assert (row.state, row.address) == ("given_up", None)


def test_concurrent_senders_send_each_message_once(database: Database, gateway: FakeGateway) -> None:
    for number in range(40):
        add_code(database, number)
    threads = [threading.Thread(target=run_delivery, args=(database, gateway)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    run_delivery(database, gateway)
    assert (len(gateway.received), gateway.calls) == (40, 40)


def test_no_message_is_sent_without_consent(
    database: Database, gateway: FakeGateway, clock: time_machine.Traveller
) -> None:
    id_ = add_known(database, PHONE)
    with database.write() as session:
        assert not queue_message(session, id_, MessageKind.OUTCOME)
        record_decisions(session, person(id_), id_, {Purpose.MESSAGES: True}, language="fr", channel="web")
        assert queue_message(session, id_, MessageKind.OUTCOME)
        assert queue_message(session, id_, MessageKind.STAGE)
        record_decisions(session, person(id_), id_, {Purpose.MESSAGES: False}, language="fr", channel="web")
    assert (run_delivery(database, gateway), gateway.calls) == (0, 0)
    clock.shift(timedelta(days=3))
    assert (run_delivery(database, gateway), gateway.calls) == (0, 0)


def test_the_fourth_message_of_a_day_waits_for_the_morning(
    database: Database, gateway: FakeGateway, clock: time_machine.Traveller
) -> None:
    id_ = add_known(database, PHONE, "Awa", "2580", Purpose.MESSAGES)
    with database.write() as session:
        for _ in range(4):
            queue_message(session, id_, MessageKind.ALERT, count=2)
    assert run_delivery(database, gateway) == 3
    clock.shift(timedelta(hours=17, minutes=59))
    assert run_delivery(database, gateway) == 0
    clock.shift(timedelta(minutes=2))
    assert run_delivery(database, gateway) == 1


def test_the_simulated_inbox_stores_a_message_once_sealed_and_for_an_hour(
    database: Database, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("inbox")
    inbox = Inbox(folder, database.vault, "sms")
    message = OutgoingMessage(UUID(int=1), PHONE.value, "s", "votre code est 1234567")
    inbox.send(message)
    inbox.send(message)
    (file,) = folder.iterdir()
    assert b"1234567" not in file.read_bytes()
    assert [(stored.address, stored.text) for stored in inbox.list_messages()] == [
        (message.address, message.text)
    ]
    with time_machine.travel(datetime.now(UTC) + timedelta(days=400)):
        assert inbox.list_messages() == []
    assert list(folder.iterdir()) == []


def test_a_stored_message_is_sealed(database: Database) -> None:
    add_code(database, 7654321)
    with database.read() as session:
        dump = str(session.execute(text("SELECT messages::text FROM messages")).all())
    assert "7654321" not in dump
    assert "677123456" not in dump


def test_a_removed_contact_receives_no_more_messages(database: Database, gateway: FakeGateway) -> None:
    other = Contact(Channel.EMAIL, "awa@example.org")
    awa = add_known(database, PHONE, "Awa", "2580", Purpose.MESSAGES)
    with database.write() as session:
        people.add_contact(session, person(awa), awa, other)
        queue_message(session, awa, MessageKind.OUTCOME)
        [first, _] = people.get(session, person(awa), awa).contacts
        people.remove_contact(session, person(awa), awa, first)
    assert run_delivery(database, gateway) == 0
    assert gateway.received == {}
    with database.read() as session:
        row = session.scalars(select(MessageRow)).one()
        assert (row.state, row.address, row.payload) == ("given_up", None, None)


def test_a_late_message_is_not_sent_at_night(
    database: Database, gateway: FakeGateway, clock: time_machine.Traveller
) -> None:
    awa = add_known(database, PHONE, "Awa", "2580", Purpose.MESSAGES)
    with database.write() as session:
        queue_message(session, awa, MessageKind.OUTCOME)
    clock.move_to(NOON.replace(hour=22))  # 23:00 in Cameroon
    add_code(database)
    assert run_delivery(database, gateway) == 1
    clock.move_to(NOON + timedelta(days=1))
    assert run_delivery(database, gateway) == 1
