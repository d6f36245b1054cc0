"""A stack survives being killed, and leaves the servers of others alone."""

import socket
from contextlib import ExitStack

import pytest

OF_OTHERS = (5432, 6333, 6379, 8000)
SAME = 7  # of 10: those shown before the kill are a crowd now, and whose they were is forgotten
TAKEN = "· Port 8000 was taken"


@pytest.fixture(scope="module")
def restarted(one_stack):
    """A stack killed and started again among the servers of others: what it served before, and those."""
    if not one_stack.runs:
        one_stack.start()
    before = one_stack.offers(), recommended(one_stack)
    one_stack.kill()
    with ExitStack() as held:
        strangers = [held.enter_context(server) for server in map(listening, OF_OTHERS) if server]
        one_stack.start(port=8000)
        yield before, strangers


def test_the_same_offers_are_served_after_everything_was_killed(restarted, stack):
    offers, answer = restarted[0]
    assert len(offers) > 300
    # No word of loading the sample.
    assert [line for line in stack.errors.splitlines() if not line.startswith(("· Starting", TAKEN))] == []
    assert stack.offers() == offers
    again = recommended(stack)
    assert len([offer for offer in again if offer in answer]) >= SAME


def test_other_servers_on_the_usual_ports_are_not_contacted(restarted, stack):
    strangers = restarted[1]
    assert TAKEN in stack.errors
    assert not stack.address.endswith(":8000")
    assert stack.get("/healthz")["status"] == "ok"
    assert [called(server) for server in strangers] == [False] * len(strangers)


def recommended(stack):
    """Return the recommended offers for one wish."""
    items = stack.post("/v1/recommendations", {"text": "couturière à Bafoussam", "limit": 10})["items"]
    assert len(items) == 10
    return [item["opportunity"] for item in items]


def listening(port):
    """Listen on a port as another program would; None where a real server already has the port."""
    try:
        server = socket.create_server(("127.0.0.1", port))
    except OSError:
        return None
    server.setblocking(False)
    return server


def called(server):
    """Whether anybody connected to a server; fails if we cannot connect to it either."""
    try:
        server.accept()
    except BlockingIOError:
        with socket.create_connection(server.getsockname(), 5):
            return False
    return True
