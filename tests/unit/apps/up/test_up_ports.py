"""Choosing free ports."""

import socket

import pytest

from oim.apps.up import ports
from oim.apps.up.ports import first_free_port, free_port
from oim.kit.errors import BadInputError, UnavailableError


@pytest.fixture
def taken_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_the_preferred_port_is_used_if_free():
    port = free_port()
    assert first_free_port("127.0.0.1", port) == port


def test_the_next_free_port_is_used_otherwise(taken_port):
    assert taken_port < first_free_port("127.0.0.1", taken_port) <= taken_port + 20


def test_a_preference_of_0_means_any_port():
    assert first_free_port("127.0.0.1", 0) > 0


def test_the_error_names_the_ports_when_all_are_taken(taken_port, monkeypatch):
    monkeypatch.setattr(ports, "MAX_PORTS", 1)
    with pytest.raises(
        UnavailableError, match=f"Ports {taken_port} to {taken_port} are all taken. Set OIM_PORT"
    ):
        first_free_port("127.0.0.1", taken_port)


@pytest.mark.parametrize(("host", "port"), [("192.0.2.1", 8000), ("127.0.0.1", 70000), ("127.0.0.1", -5)])
def test_an_unusable_host_or_port_is_refused(host, port):
    with pytest.raises((BadInputError, UnavailableError), match="OIM_PORT"):
        first_free_port(host, port)
