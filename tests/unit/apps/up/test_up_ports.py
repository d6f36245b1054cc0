import socket

import pytest

from oim.apps.up import ports
from oim.apps.up.ports import first_free_port, free_port
from oim.kit.errors import BadInputError, UnavailableError


@pytest.fixture
def taken():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_the_port_wanted_is_taken_if_free():
    port = free_port()
    assert first_free_port("127.0.0.1", port) == port


def test_the_next_one_is_taken_if_not(taken):
    assert taken < first_free_port("127.0.0.1", taken) <= taken + 20


def test_any_port_serves_who_wants_none():
    assert first_free_port("127.0.0.1", 0) > 0


def test_when_all_are_taken_it_says_so(taken, monkeypatch):
    monkeypatch.setattr(ports, "MAX_PORTS", 1)
    with pytest.raises(UnavailableError, match=f"Ports {taken} to {taken} are all taken. Set OIM_PORT"):
        first_free_port("127.0.0.1", taken)


@pytest.mark.parametrize(("host", "port"), [("192.0.2.1", 8000), ("127.0.0.1", 70000), ("127.0.0.1", -5)])
def test_what_cannot_be_listened_on_is_refused(host, port):
    with pytest.raises((BadInputError, UnavailableError), match="OIM_PORT"):
        first_free_port(host, port)
