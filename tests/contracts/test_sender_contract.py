"""Contract of `Sender`, which the simulator keeps and every gateway must."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from people_factory import new_vault

from oim.adapters.simulator import Inbox
from oim.features.messages import OutgoingMessage, RejectedError, Sender
from oim.features.people import Channel
from oim.kit.errors import UnavailableError

ADDRESSES = {
    Channel.SMS: "+237677123456",
    Channel.WHATSAPP: "+237677123456",
    Channel.EMAIL: "awa@example.org",
}


@dataclass(frozen=True)
class Gateway:
    """A sender and what a test needs of the gateway behind it."""

    sender: Sender
    address: str
    bad_address: str  # one to which this gateway will never send
    received: Callable[[], Sequence[tuple[str, str]]]  # the addresses and texts that arrived
    shut: Callable[[], None]  # makes the gateway refuse every call
    reopen: Callable[[], None]


def simulate(folder: Path, channel: Channel) -> Gateway:
    inbox = Inbox(folder / "inbox", new_vault(folder), channel.value)
    aside = folder / "aside"

    def shut() -> None:
        if (folder / "inbox").exists():
            (folder / "inbox").rename(aside)
        (folder / "inbox").write_text("a file where the folder was")

    def reopen() -> None:
        (folder / "inbox").unlink()
        if aside.exists():
            aside.rename(folder / "inbox")

    return Gateway(
        inbox,
        ADDRESSES[channel],
        ADDRESSES[Channel.SMS if channel is Channel.EMAIL else Channel.EMAIL],
        lambda: [(message.address, message.text) for message in inbox.list_messages()],
        shut,
        reopen,
    )


# A gateway of a vendor joins with its recorded server: one more line here.
GATEWAYS: dict[str, Callable[[Path], Gateway]] = {
    f"simulator {channel.value}": lambda folder, channel=channel: simulate(folder, channel)  # type: ignore[misc]
    for channel in Channel
}


@pytest.fixture(params=GATEWAYS)
def gateway(request: pytest.FixtureRequest, tmp_path: Path) -> Gateway:
    return GATEWAYS[request.param](tmp_path)


def make_message(address: str, text: str = "Votre code est 1234567.") -> OutgoingMessage:
    return OutgoingMessage(uuid4(), address, "Votre code", text)


def test_a_message_arrives_as_it_was_sent(gateway: Gateway) -> None:
    gateway.sender.send(make_message(gateway.address, "Œuvre à 5 000 FCFA – été 2026"))
    assert list(gateway.received()) == [(gateway.address, "Œuvre à 5 000 FCFA – été 2026")]


def test_the_same_id_arrives_once_if_the_gateway_says_so(gateway: Gateway) -> None:
    message = make_message(gateway.address)
    for _ in range(3):
        gateway.sender.send(message)
    assert len(gateway.received()) == 1 or not gateway.sender.is_idempotent


def test_the_same_id_from_several_processes_arrives_once_if_the_gateway_says_so(gateway: Gateway) -> None:
    message = make_message(gateway.address)
    threads = [threading.Thread(target=gateway.sender.send, args=[message]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(gateway.received()) == 1 or not gateway.sender.is_idempotent


def test_two_messages_with_the_same_text_both_arrive(gateway: Gateway) -> None:
    for _ in range(2):
        gateway.sender.send(make_message(gateway.address))
    assert len(gateway.received()) == 2


def test_a_bad_address_is_rejected(gateway: Gateway) -> None:
    with pytest.raises(RejectedError):
        gateway.sender.send(make_message(gateway.bad_address))
    assert list(gateway.received()) == []


def test_a_gateway_that_takes_nothing_is_unavailable_and_the_message_arrives_later(gateway: Gateway) -> None:
    message = make_message(gateway.address)
    gateway.shut()
    with pytest.raises(UnavailableError):
        gateway.sender.send(message)
    gateway.reopen()
    assert list(gateway.received()) == []
    gateway.sender.send(message)
    assert len(gateway.received()) == 1
