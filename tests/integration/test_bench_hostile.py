"""The drills of hostile calls and of slow clients do what they say, in miniature."""

import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

from bench.hostile import Arrival
from bench.slow_clients import SLOW, Visit, describe, slow_clients, visit_page


class Page(BaseHTTPRequestHandler):
    """It serves one page."""

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/fr/" else 404)
        self.send_header("Content-Length", "4")
        self.end_headers()
        self.wfile.write(b"here")

    def log_message(self, *_: object) -> None:
        pass


def test_slow_clients_come_hold_on_and_leave() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        with slow_clients(listening.getsockname()[1], 3):
            accepted = [listening.accept()[0] for _ in range(3)]
            assert sorted(client.recv(500) for client in accepted[1:]) == sorted(SLOW[1:])
            accepted[0].setblocking(False)
            try:
                accepted[0].recv(1)
                raise AssertionError("the first sends nothing, and stays")
            except BlockingIOError:
                pass
        for client in accepted:
            client.setblocking(True)
            assert client.recv(500) == b""
            client.close()


def test_a_page_that_does_not_come_is_counted() -> None:
    with HTTPServer(("127.0.0.1", 0), Page) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        visits = [visit_page(server.server_port)]
        thread.join()
    visits.append(visit_page(server.server_port))  # nobody serves there any more
    assert [visit.status for visit in visits] == [200, 0]
    assert describe(visits).startswith("2 pages, 1 failed: p50 ")
    assert describe([]) == "no page"


def test_visits_belong_to_their_phase_and_pages_do_not_count_as_clients() -> None:
    visits = [Visit(at, 10.0 * at, 200) for at in (1, 2, 5.95, 6, 8, 9)]
    arrival = Arrival(quiet=(1.0, 6.0), begun=6.0, ended=7.5, cpu=(0.0, 0.3, 0.8))
    quiet, coming, holding, cpu = arrival.describe(visits, 10).split("\n")
    assert "3 pages, 0 failed: p50 20" in quiet
    assert "10 come, in 1.5 s: 3 pages" in coming
    assert "1 pages, 0 failed: p50 90" in holding
    assert cpu.endswith("100.0 ms a page, 10.00 ms a slow client")
